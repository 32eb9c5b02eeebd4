"""Digests on their way: who holds which, what stands in it, what became of it, and which papers somebody was sent.

Whoever changes a row that is held looks first whether it still is theirs, in the same transaction: ``held``.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from broadsheet.model.digest import State
from broadsheet.model.subscription import Rhythm, Way
from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema_digests import digest_papers, digests

# The longest that anybody puts a digest off; what waits for longer was put off by a clock that went wrong.
LONGEST = timedelta(hours=24)
_ALL = select(digests)
_OF = digests.c.subscriber_id
_SENT = select(digest_papers.c.subscriber_id, digest_papers.c.paper_id)
_SETTLE = "UPDATE digests SET content = ?, papers = ? WHERE id = ?"
_NOTE = "INSERT INTO digest_papers (subscriber_id, paper_id, digest_id, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_PUT_BACK = """
UPDATE digests SET state = 'waiting', holder = '', next_at = ?, attempts = attempts + ?, why = ? WHERE id = ?
"""
# Of these nothing arrived, unless whoever ends them knows better.
_CAME_TO_NOTHING = ("bounced", "expired", "suppressed", "empty")


@dataclass(frozen=True, slots=True)
class Queued:
    """A digest on its way; ``content`` is empty until it is settled what it shows."""

    id: int
    subscriber_id: int
    kind: Rhythm
    day: str
    way: Way
    domain: str
    state: State
    due_at: datetime
    next_at: datetime
    holder: str
    attempts: int
    content: str
    why: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What a digest shows, from now on and for good: its content, and the numbers of its papers."""

    id: int
    subscriber_id: int
    content: str
    paper_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lease:
    """Who makes and sends a digest, and until when nobody else does."""

    holder: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Later:
    """When a digest is tried again; ``tries`` is how many more attempts it has had."""

    id: int
    next_at: datetime
    tries: int = 0
    why: str = ""


def by_id(connection: Connection, number: int) -> Queued | None:
    """Give one digest."""
    row = connection.execute(_ALL.where(digests.c.id == number)).first()
    return None if row is None else _queued(row)


def take(connection: Connection, lease: Lease, at: datetime, *, most: int, by_mail: bool) -> list[Queued]:
    """Take digests that are due, and those whose holder's time is over; the longest due first.

    Either those that go by mail, or all others. Of each subscriber only one is under way at a time, so that no two show
    the same paper. A lease that ends later than one that begins now was taken by a clock that went wrong: it is over.
    """
    lapsed, waiting = _due(at, lease.until, by_mail=by_mail)
    found = [row for wanted in lapsed for row in _in_order(connection, most, wanted)]
    ours = {row.id for row in found}
    found += [row for wanted in waiting for row in _in_order(connection, most, wanted)]
    under_way = _ALL.with_only_columns(digests.c.id, _OF).where(digests.c.state == "taken")
    busy = {row.subscriber_id for row in _by_subscribers(connection, under_way, found) if row.id not in ours}
    taken: list[Queued] = []
    for row in found:
        if row.subscriber_id not in busy and len(taken) < most:
            busy.add(row.subscriber_id)
            taken.append(replace(_queued(row), state="taken", holder=lease.holder, next_at=lease.until))
    _place(connection, [row.id for row in taken], state="taken", holder=lease.holder, next_at=moment(lease.until))
    return taken


def is_due(connection: Connection, at: datetime, until: datetime, *, by_mail: bool) -> bool:
    """Tell whether ``take`` would look at any; cheaper than to try in vain."""
    lapsed, waiting = _due(at, until, by_mail=by_mail)
    return any(_in_order(connection, 1, wanted) for wanted in (*lapsed, *waiting))


def held(connection: Connection, holder: str, ids: Collection[int], state: State = "taken") -> set[int]:
    """Tell which digests are in a state and still this holder's."""
    wanted = select(digests.c.id).where(digests.c.state == state, digests.c.holder == holder)
    return {row.id for row in bulk.by_keys(connection, wanted, digests.c.id, ids)}


def settle(connection: Connection, told: Sequence[Settled], at: datetime) -> None:
    """Note what digests show, and that their subscribers were sent these papers."""
    bulk.run(connection, _SETTLE, [(each.content, len(each.paper_ids), each.id) for each in told])
    rows = [
        (each.subscriber_id, paper, each.id, when)
        for each in told
        for paper, when in zip(each.paper_ids, _moments(at, len(each.paper_ids)), strict=True)
    ]
    bulk.run(connection, _NOTE, rows)


def seen(connection: Connection, subscriber_ids: Collection[int]) -> dict[int, set[int]]:
    """Give the numbers of the papers that each subscriber was sent."""
    told: dict[int, set[int]] = {number: set() for number in subscriber_ids}
    for row in bulk.by_keys(connection, _SENT, digest_papers.c.subscriber_id, subscriber_ids):
        told[row.subscriber_id].add(row.paper_id)
    return told


def stage(connection: Connection, ids: Collection[int], until: datetime) -> None:
    """Note that digests stand whole beside the spool, in their holder's name; who is alive moves them soon."""
    _place(connection, ids, state="staged", next_at=moment(until))


def doubt(connection: Connection, number: int, at: datetime, until: datetime, *, why: str = "") -> None:
    """Note that the last of a digest goes out now, whose sender waits for the answer until an instant.

    From here on nobody can say that it did not arrive, unless the answer says so.
    """
    told = {"settled_at": moment(at), "next_at": moment(until), "why": why or "Nobody said whether it was taken."}
    _place(connection, [number], state="doubt", **told)


def end(  # noqa: PLR0913 - which, where to and why
    connection: Connection, ids: Collection[int], state: State, at: datetime, *, why: str = "", free: bool = True
) -> None:
    """Put digests where they stay.

    Papers of those that came to nothing may be sent in another one, unless ``free`` says that they may have arrived.
    """
    if free and state in _CAME_TO_NOTHING:
        for some in bulk.chunks(list(ids)):
            connection.execute(digest_papers.delete().where(digest_papers.c.digest_id.in_(some)))
    _place(connection, ids, state=state, holder="", settled_at=moment(at), why=why)


def put_back(connection: Connection, told: Iterable[Later]) -> None:
    """Let digests wait again, with the content that they may have."""
    bulk.run(connection, _PUT_BACK, [(moment(each.next_at), each.tries, each.why, each.id) for each in told])


def suppress(connection: Connection, subscriber_id: int, at: datetime, *, why: str) -> int:
    """End what waits for a subscriber or is being made, unless it is on its way out already; gives how many."""
    ids = _ids(connection, _OF.in_([subscriber_id]), digests.c.state.in_(("waiting", "taken")))
    end(connection, ids, "suppressed", at, why=why)
    return len(ids)


def is_overdue(connection: Connection, due_before: datetime) -> bool:
    """Tell whether there is anything to expire."""
    overdue = digests.c.due_at < moment(due_before)
    return bool(_in_order(connection, 1, (digests.c.state == "waiting") & overdue))


def expire(connection: Connection, due_before: datetime, at: datetime, *, why: str, once: Collection[Way]) -> int:
    """End all that still waits and was due before an instant; gives how many.

    What was tried at a place that takes in ``once`` whatever comes again may have arrived.
    """
    overdue = digests.c.state == "waiting", digests.c.due_at < moment(due_before)
    tried = (digests.c.attempts > 0) & digests.c.way.in_(once)
    perhaps, never = _ids(connection, *overdue, tried), _ids(connection, *overdue, ~tried)
    end(connection, perhaps, "expired", at, why=why, free=False)
    end(connection, never, "expired", at, why=why)
    return len(perhaps) + len(never)


def give_up(connection: Connection, at: datetime, *, why: str) -> int:
    """End all that waits or is under way, and doubt all that is staged; gives how many that were.

    All of it may have arrived, so none of its papers comes again.
    """
    waits = _ids(connection, digests.c.state.in_(("waiting", "taken")))
    end(connection, waits, "expired", at, why=why, free=False)
    beside = _ids(connection, digests.c.state == "staged")
    _place(connection, beside, state="doubt", settled_at=moment(at), next_at=moment(at), why=why)
    return len(waits) + len(beside)


def soonest(connection: Connection) -> datetime | None:
    """Tell when the next digest that waits is to be tried."""
    found = connection.execute(select(func.min(digests.c.next_at)).where(digests.c.state == "waiting")).scalar()
    return datetime.fromisoformat(found) if found else None


def staged(connection: Connection, spool: str, most: int) -> list[Queued]:
    """Give digests that stand beside a spool, whoever put them there; their holders begin with its name."""
    wanted = _ALL.where(digests.c.state == "staged", digests.c.holder.startswith(f"{spool}:", autoescape=True))
    return _read(connection, wanted.order_by(digests.c.next_at, digests.c.id).limit(most))


def stranded(connection: Connection, before: datetime, most: int) -> list[Queued]:
    """Give digests beside any spool whose holder's time was over before an instant."""
    wanted = _ALL.where(digests.c.state == "staged", digests.c.next_at < moment(before))
    return _read(connection, wanted.order_by(digests.c.next_at, digests.c.id).limit(most))


def states_of(connection: Connection, ids: Collection[int]) -> dict[int, tuple[State, str]]:
    """Give the state and the holder of digests that there are."""
    wanted = select(digests.c.id, digests.c.state, digests.c.holder)
    return {row.id: (row.state, row.holder) for row in bulk.by_keys(connection, wanted, digests.c.id, ids)}


def counts(connection: Connection) -> dict[State, int]:
    """Count digests by state."""
    asked = select(digests.c.state, func.count().label("number")).group_by(digests.c.state)
    return {row.state: row.number for row in connection.execute(asked)}


def doubts(connection: Connection, at: datetime, most: int) -> list[Queued]:
    """Give digests in doubt whose sender waits for no answer any more, the latest first."""
    wanted = _ALL.where(*_left_in_doubt(at)).order_by(digests.c.id.desc())
    return _read(connection, wanted.limit(most))


def rule(connection: Connection, number: int, at: datetime, *, arrived: bool) -> bool:
    """End a doubt as the operator says: it arrived, or shall be sent again; tells whether there was that doubt."""
    wanted = select(digests.c.id).where(digests.c.id == number, *_left_in_doubt(at))
    if connection.execute(wanted).first() is None:
        return False
    if arrived:
        end(connection, [number], "sent", at, why="Somebody who knows said that it arrived.")
    else:
        again = {"state": "waiting", "holder": "", "due_at": moment(at), "next_at": moment(at), "why": ""}
        connection.execute(digests.update().where(digests.c.id == number).values(again))
    return True


@lru_cache(maxsize=64)
def _moments(at: datetime, number: int) -> tuple[str, ...]:
    """Give so many instants one after the other.

    Papers that were merged and are parted again tell by them which row is a copy (store.following): no two may be one.
    """
    return tuple(moment(at + place * timedelta.resolution) for place in range(number))


def _left_in_doubt(at: datetime) -> tuple[ColumnElement[bool], ...]:
    waits = (digests.c.next_at > moment(at)) & (digests.c.next_at <= moment(at + LONGEST))
    return digests.c.state == "doubt", ~waits


def _due(
    at: datetime, until: datetime, *, by_mail: bool
) -> tuple[list[ColumnElement[bool]], list[ColumnElement[bool]]]:
    """Give what tells those whose holder's time is over, and those that wait and are due."""
    way = digests.c.way == "mail" if by_mail else digests.c.way != "mail"
    taken, waiting = way & (digests.c.state == "taken"), way & (digests.c.state == "waiting")
    over, at_next = digests.c.next_at <= moment(at), digests.c.next_at
    return [taken & over, taken & (at_next > moment(until))], [
        waiting & over,
        waiting & (at_next > moment(at + LONGEST)),
    ]


def _in_order(connection: Connection, most: int, wanted: ColumnElement[bool]) -> list[Any]:
    return list(connection.execute(_ALL.where(wanted).order_by(digests.c.next_at, digests.c.id).limit(most)))


def _by_subscribers(connection: Connection, wanted: Select[Any], rows: Iterable[Row[Any]]) -> Iterator[Any]:
    return bulk.by_keys(connection, wanted, _OF, {row.subscriber_id for row in rows})


def _ids(connection: Connection, *wanted: ColumnElement[bool]) -> list[int]:
    return list(connection.execute(select(digests.c.id).where(*wanted)).scalars())


def _place(connection: Connection, ids: Collection[int], **values: str) -> None:
    for some in bulk.chunks(list(ids)):
        connection.execute(digests.update().where(digests.c.id.in_(some)).values(values))


def _read(connection: Connection, wanted: Select[Any]) -> list[Queued]:
    return list(map(_queued, connection.execute(wanted)))


def _queued(row: Row[Any]) -> Queued:
    return Queued(
        id=row.id,
        subscriber_id=row.subscriber_id,
        kind=row.kind,
        day=row.day,
        way=row.way,
        domain=row.domain,
        state=row.state,
        due_at=datetime.fromisoformat(row.due_at),
        next_at=datetime.fromisoformat(row.next_at),
        holder=row.holder,
        attempts=row.attempts,
        content=row.content,
        why=row.why,
    )
