"""Every act of a moderator, for all to read."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema_accounts import readers
from broadsheet.store.schema_moderating import moderation_log as log

_NEWEST_FIRST = (
    select(log, readers.c.handle).outerjoin(readers, readers.c.id == log.c.reader_id).order_by(log.c.id.desc())
)


class Act(NamedTuple):
    """What was done to what, and why; ``by_id`` is the moderator, None for the house or one who has left.

    ``words`` is what the ``target`` of a ``kind`` was called then.
    """

    by_id: int | None
    act: str
    kind: str
    target: int
    words: str
    why: str
    at: datetime
    id: int = 0
    by: str = ""  # the moderator's handle


def note(connection: Connection, act: Act) -> None:
    """Note an act."""
    number = bulk.next_number(connection, log.c.id)
    row = (number, act.by_id, act.act, act.kind, act.target, act.words, act.why, moment(act.at))
    bulk.insert(connection, log, [row])


def last_by(connection: Connection, kind: str, target: int) -> int | None:
    """Give the number of who last did something to a thing; None for nobody, or one who has left."""
    asked = select(log.c.reader_id).where(log.c.kind == kind, log.c.target == target).order_by(log.c.id.desc())
    number: int | None = connection.execute(asked.limit(1)).scalar()
    return number


def page(connection: Connection, limit: int, *, before: int | None = None) -> tuple[Act, ...]:
    """Give at most ``limit`` acts, newest first, those before a number where one is given."""
    asked = _NEWEST_FIRST if before is None else _NEWEST_FIRST.where(log.c.id < before)
    return tuple(
        Act(
            by_id=row.reader_id,
            act=row.act,
            kind=row.kind,
            target=row.target,
            words=row.words,
            why=row.why,
            at=datetime.fromisoformat(row.at),
            id=row.id,
            by=row.handle or "",
        )
        for row in connection.execute(asked.limit(limit))
    )
