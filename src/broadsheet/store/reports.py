"""What readers report to moderators."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import Connection, select

from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema_moderating import reports

Kind = Literal["comment", "paper", "submission", "reader"]
KINDS: tuple[Kind, ...] = ("comment", "paper", "submission", "reader")
_OPEN = select(reports).where(reports.c.settled_at == "").order_by(reports.c.id)


class Report(NamedTuple):
    """That a reader (None once gone) reported the ``target`` of a kind, by its number, and why."""

    kind: Kind
    target: int
    reader_id: int | None
    why: str
    at: datetime
    id: int = 0


def insert(connection: Connection, report: Report) -> None:
    """Keep a report."""
    number = bulk.next_number(connection, reports.c.id)
    row = (number, report.kind, report.target, report.reader_id, report.why, moment(report.at), "", "")
    bulk.insert(connection, reports, [row])


def waiting(connection: Connection, limit: int) -> tuple[Report, ...]:
    """Give the reports nobody has looked at, oldest first."""
    return tuple(
        Report(row.kind, row.target, row.reader_id, row.why, datetime.fromisoformat(row.at), row.id)
        for row in connection.execute(_OPEN.limit(limit))
    )


def is_reported(connection: Connection, kind: Kind, target: int, reader_id: int) -> bool:
    """Tell whether a reader's report of this waits."""
    asked = _OPEN.where(reports.c.kind == kind, reports.c.target == target, reports.c.reader_id == reader_id)
    return connection.execute(asked).first() is not None


def any_waits(connection: Connection, kind: Kind, target: int) -> bool:
    """Tell whether any report of this waits."""
    return connection.execute(_OPEN.where(reports.c.kind == kind, reports.c.target == target)).first() is not None


def settle(connection: Connection, kind: Kind, target: int, outcome: str, at: datetime) -> Sequence[int]:
    """Settle all that wait about one thing; gives who reported it."""
    about = (reports.c.kind == kind, reports.c.target == target, reports.c.settled_at == "")
    who = connection.execute(select(reports.c.reader_id).where(*about).order_by(reports.c.id)).scalars().all()
    connection.execute(reports.update().where(*about).values(outcome=outcome, settled_at=moment(at)))
    return [reader_id for reader_id in who if reader_id is not None]


def move(connection: Connection, winner: int, loser: int) -> None:
    """Let what is reported of a merged paper, and waits, be about the one it is part of now."""
    waits = reports.c.kind == "paper", reports.c.target == loser, reports.c.settled_at == ""
    connection.execute(reports.update().where(*waits).values(target=winner))


def back(_connection: Connection, _winner: int, _loser: int) -> None:
    """Leave reports where moderators see them: which paper was meant is not known any more."""
