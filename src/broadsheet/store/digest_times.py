"""When each subscriber's next digest of a kind is due, and the digests that are called up then."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select

from broadsheet.model.subscription import Rhythm, Way
from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema_digests import digest_times, digests

_REPLACE = "ON CONFLICT (subscriber_id, kind) DO UPDATE SET day = excluded.day, next_at = excluded.next_at"
_KEEP = "ON CONFLICT (subscriber_id, kind, day) DO NOTHING"
_REVIVE = "UPDATE digests SET state = 'waiting', why = '', due_at = ?, next_at = ?, settled_at = '' WHERE id = ?"
_ALL = select(digest_times)
_OPEN = select(digests.c.subscriber_id).where(
    digests.c.kind == "now", digests.c.state.in_(("waiting", "taken", "staged"))
)
_OF_DAY = select(digests.c.id, digests.c.subscriber_id, digests.c.kind, digests.c.day, digests.c.state, digests.c.why)


@dataclass(frozen=True, slots=True)
class Due:
    """A digest to come: of which day, in the text that names it, and when it is due."""

    subscriber_id: int
    kind: Rhythm
    day: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Called:
    """A digest whose time has come: by which way and to whose server, and why it is not sent any more if it is not."""

    due: Due
    way: Way
    domain: str
    expired: str = ""


def of(connection: Connection, subscriber_id: int) -> dict[Rhythm, Due]:
    """Give what is to come for a subscriber, by kind."""
    found = connection.execute(_ALL.where(digest_times.c.subscriber_id == subscriber_id))
    return {due.kind: due for due in map(_due, found)}


def put(connection: Connection, dues: Iterable[Due]) -> None:
    """Keep what is to come, in place of what there was of the same subscriber and kind."""
    rows = [(due.subscriber_id, due.kind, due.day, moment(due.at)) for due in dues]
    bulk.insert(connection, digest_times, rows, conflict=_REPLACE)


def drop(connection: Connection, dues: Iterable[Due]) -> None:
    """Forget what is to come."""
    gone = [(due.subscriber_id, due.kind) for due in dues]
    bulk.run(connection, "DELETE FROM digest_times WHERE subscriber_id = ? AND kind = ?", gone)


def due_by(connection: Connection, at: datetime, most: int) -> list[Due]:
    """Give what is due by an instant, at most so many, what has waited longest first."""
    found = _ALL.where(digest_times.c.next_at <= moment(at)).order_by(digest_times.c.next_at).limit(most)
    return [_due(row) for row in connection.execute(found)]


def due_after(connection: Connection, at: datetime) -> list[int]:
    """Name the subscribers who have something to come only after an instant."""
    # In the order of the index, or an engine goes through them all.
    found = select(digest_times.c.subscriber_id).where(digest_times.c.next_at > moment(at))
    return sorted(set(connection.execute(found.order_by(digest_times.c.next_at)).scalars()))


def by_subscriber(connection: Connection, after_id: int, most: int) -> list[Due]:
    """Give what is to come for the next subscribers after a number, so many of them, in the order of their numbers."""
    some = select(digest_times.c.subscriber_id).where(digest_times.c.subscriber_id > after_id).distinct()
    some = some.order_by(digest_times.c.subscriber_id).limit(most)
    found = _ALL.where(digest_times.c.subscriber_id.in_(some))
    return [_due(row) for row in connection.execute(found.order_by(digest_times.c.subscriber_id, digest_times.c.kind))]


def last_days(connection: Connection, subscriber_id: int, at: datetime) -> dict[Rhythm, str]:
    """Give the latest day that a subscriber has a digest of, by kind; what was due only after an instant aside."""
    wanted = digests.c.subscriber_id == subscriber_id, digests.c.due_at <= moment(at)
    found = select(digests.c.kind, func.max(digests.c.day).label("day")).where(*wanted).group_by(digests.c.kind)
    return {row.kind: row.day for row in connection.execute(found)}


def with_open(connection: Connection, subscriber_ids: Collection[int]) -> set[int]:
    """Tell which subscribers have something to come at once that is still to be sent."""
    return {row.subscriber_id for row in bulk.by_keys(connection, _OPEN, digests.c.subscriber_id, subscriber_ids)}


def call_up(connection: Connection, called: Sequence[Called], at: datetime) -> int:
    """Keep digests whose time has come, each to be sent or expired, and tell how many are to be sent.

    Of one that there is already nothing is changed, and it is not counted.
    """
    number = bulk.next_number(connection, digests.c.id)
    rows = [_row(number + count, each, at) for count, each in enumerate(called)]
    bulk.insert(connection, digests, rows, conflict=_KEEP)
    # Counted here: there may be many more that wait, and an engine may go through them all.
    kept = connection.execute(select(digests.c.state).where(digests.c.id >= number)).scalars()
    return sum(state == "waiting" for state in kept)


def of_day(
    connection: Connection, day: date, subscriber_ids: Collection[int], *, why: str
) -> dict[tuple[int, Rhythm], int]:
    """Name the digests that subscribers have of a day, weekly ones of its week.

    Gives the numbers of those of this very day that expired for ``why``, and 0 for all others.
    """
    monday = day - timedelta(days=day.weekday())
    week = digests.c.day.between(monday.isoformat(), (monday + timedelta(days=6)).isoformat())
    wanted = _OF_DAY.where((digests.c.day == day.isoformat()) | ((digests.c.kind == "weekly") & week))
    found = bulk.by_keys(connection, wanted, digests.c.subscriber_id, subscriber_ids)
    again = day.isoformat(), "expired", why
    return {(r.subscriber_id, r.kind): r.id if (r.day, r.state, r.why) == again else 0 for r in found}


def reword(connection: Connection, why: str, instead: str) -> None:
    """Give another reason for what expired for ``why``."""
    told = digests.c.state == "expired", digests.c.why == why
    connection.execute(digests.update().where(*told).values(why=instead))


def revive(connection: Connection, numbers: Iterable[int], at: datetime) -> None:
    """Let digests that nobody has tried to send be sent after all, as due now."""
    bulk.run(connection, _REVIVE, [(moment(at), moment(at), number) for number in numbers])


def drop_empty(connection: Connection, subscriber_ids: Iterable[int]) -> None:
    """Forget that there was nothing to send at once."""
    gone = [(number,) for number in subscriber_ids]
    bulk.run(connection, "DELETE FROM digests WHERE subscriber_id = ? AND kind = 'now' AND state = 'empty'", gone)


def drop_from_ahead(connection: Connection, subscriber_id: int, at: datetime) -> None:
    """Forget a subscriber's digests that nobody has tried to send and that were due only after an instant."""
    wanted = digests.c.subscriber_id == subscriber_id, digests.c.due_at > moment(at), digests.c.content == ""
    states = digests.c.state.in_(("waiting", "expired", "empty"))
    connection.execute(digests.delete().where(*wanted, states, digests.c.attempts == 0))


def _row(number: int, called: Called, at: datetime) -> tuple[int | str, ...]:
    due, when = called.due, moment(called.due.at)
    state, settled_at = ("expired", moment(at)) if called.expired else ("waiting", "")
    whose = (number, due.subscriber_id, due.kind, due.day, called.way, called.domain)
    return (*whose, state, called.expired, when, when, "", 0, "", 0, settled_at)


def _due(row: Row[Any]) -> Due:
    return Due(row.subscriber_id, row.kind, row.day, datetime.fromisoformat(row.next_at))
