"""Subscribers: the mailboxes, chats and programs that digests go to."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from broadsheet.model.subscription import State, Subscriber, Times, Way
from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema_digests import subscribers

_ALL = select(subscribers)


def insert(connection: Connection, told: Subscriber, target: str = "") -> Subscriber:
    """Keep a new subscriber, whose ``id`` is not looked at, and the JSON of where a push goes; gives it with its id."""
    number, times = bulk.next_number(connection, subscribers.c.id), told.times
    row = (number, told.reader_id, told.way, told.key, told.address, target, told.state, told.why)
    when = (times.zone, times.hour, times.weekday, times.quiet_from, times.quiet_until)
    rest = (told.repeats, told.nonce, moment(told.at), moment(told.at))
    bulk.insert(connection, subscribers, [(*row, *when, *rest)])
    found = by_id(connection, number)
    assert found is not None  # noqa: S101 - it was kept just now
    return found


def by_id(connection: Connection, number: int) -> Subscriber | None:
    """Give one subscriber."""
    row = connection.execute(_ALL.where(subscribers.c.id == number)).first()
    return None if row is None else _subscriber(row)


def by_ids(connection: Connection, numbers: Collection[int]) -> dict[int, Subscriber]:
    """Give several subscribers by their numbers."""
    found: Iterator[Any] = bulk.by_keys(connection, _ALL, subscribers.c.id, numbers)
    return {row.id: _subscriber(row) for row in found}


def by_key(connection: Connection, way: Way, key: str) -> Subscriber | None:
    """Give the subscriber of an address or place, the one that has not ended before those that have."""
    wanted = _ALL.where(subscribers.c.way == way, subscribers.c.key == key)
    found = [_subscriber(row) for row in connection.execute(wanted.order_by(subscribers.c.id.desc()))]
    return min(found, key=lambda each: each.state == "ended", default=None)


def of_reader(connection: Connection, reader_id: int) -> tuple[Subscriber, ...]:
    """Give a reader's subscribers, the oldest first."""
    wanted = _ALL.where(subscribers.c.reader_id == reader_id).order_by(subscribers.c.id)
    return tuple(map(_subscriber, connection.execute(wanted)))


def target_of(connection: Connection, number: int) -> str:
    """Give the JSON of where a push goes, secrets and all."""
    return str(connection.execute(select(subscribers.c.target).where(subscribers.c.id == number)).scalar() or "")


def place(connection: Connection, number: int, state: State, *, why: str = "", at: datetime) -> None:
    """Put a subscriber into a state, and say why."""
    told = {"state": state, "why": why, "changed_at": moment(at)}
    connection.execute(subscribers.update().where(subscribers.c.id == number).values(told))


def adopt(connection: Connection, number: int, reader_id: int) -> None:
    """Let a subscriber be a reader's."""
    connection.execute(subscribers.update().where(subscribers.c.id == number).values(reader_id=reader_id))


def adopt_mailbox(connection: Connection, key: str, reader_id: int) -> None:
    """Let whoever gets digests at a mail address without an account be a reader's."""
    nobodys = subscribers.c.way == "mail", subscribers.c.key == key, subscribers.c.reader_id.is_(None)
    connection.execute(subscribers.update().where(*nobodys).values(reader_id=reader_id))


def retarget(connection: Connection, number: int, target: str) -> None:
    """Keep another JSON of where a push goes, such as with a new secret."""
    connection.execute(subscribers.update().where(subscribers.c.id == number).values(target=target))


def set_times(connection: Connection, number: int, times: Times, *, repeats: bool) -> None:
    """Change when a subscriber gets digests, and whether papers may come again."""
    when = {"zone": times.zone, "hour": times.hour, "weekday": times.weekday}
    quiet = {"quiet_from": times.quiet_from, "quiet_until": times.quiet_until}
    connection.execute(
        subscribers.update().where(subscribers.c.id == number).values({**when, **quiet, "repeats": repeats})
    )


def _subscriber(row: Row[Any]) -> Subscriber:
    return Subscriber(
        id=row.id,
        way=row.way,
        address=row.address,
        key=row.key,
        at=datetime.fromisoformat(row.at),
        state=row.state,
        why=row.why,
        reader_id=row.reader_id,
        times=Times(
            zone=row.zone,
            hour=row.hour,
            weekday=row.weekday,
            quiet_from=row.quiet_from,
            quiet_until=row.quiet_until,
        ),
        repeats=row.repeats,
        nonce=row.nonce,
    )
