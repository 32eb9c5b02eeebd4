"""What sources told for each of their days, how often they were looked at, and which of them are final."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import Connection, func, select

from broadsheet.store import bulk
from broadsheet.store.payload import bounded, moment
from broadsheet.store.schema import source_days

_ALL = select(source_days).order_by(source_days.c.day)
_TOLD = (
    "ON CONFLICT (source_id, day) DO UPDATE SET looks = source_days.looks + 1, "
    "papers = CASE WHEN excluded.papers > source_days.papers THEN excluded.papers ELSE source_days.papers END, "
    "looked_at = CASE WHEN excluded.looked_at > source_days.looked_at THEN excluded.looked_at "
    "ELSE source_days.looked_at END, final = (source_days.final OR excluded.final)"
)
_CLOSE = "UPDATE source_days SET final = TRUE WHERE source_id = ? AND day = ?"


class Told(Protocol):
    """A day as a source told it."""

    @property
    def day(self) -> date:
        """Which day."""

    @property
    def papers(self) -> int:
        """How many papers the source has told for it by now, in all."""

    @property
    def final(self) -> bool:
        """Whether it will tell no others."""


@dataclass(frozen=True, slots=True)
class SourceDay:
    """A day of a source: the most papers it told at any look, and when it was looked at last."""

    day: date
    papers: int
    looks: int
    looked_at: datetime
    final: bool


def told(connection: Connection, source_id: int, days: Iterable[Told], at: datetime) -> None:
    """Note a look at days. The most papers of all looks stand, as an answer may be short; a final day stays final."""
    when = moment(at)
    rows = [(source_id, each.day.isoformat(), bounded(each.papers), 1, when, each.final) for each in days]
    bulk.insert(connection, source_days, rows, conflict=_TOLD)


def history(connection: Connection, source_id: int, since: date | None = None) -> tuple[SourceDay, ...]:
    """Give the days of a source that were ever looked at, in order, from ``since`` on."""
    asked = _ALL.where(source_days.c.source_id == source_id)
    if since is not None:
        asked = asked.where(source_days.c.day >= since.isoformat())
    return tuple(
        SourceDay(date.fromisoformat(row.day), row.papers, row.looks, datetime.fromisoformat(row.looked_at), row.final)
        for row in connection.execute(asked)
    )


def open_days(connection: Connection, source_id: int, limit: int) -> tuple[date, ...]:
    """Give at most ``limit`` days that are not final, the one looked at longest ago first."""
    asked = (
        select(source_days.c.day)
        .where(source_days.c.source_id == source_id, ~source_days.c.final)
        .order_by(source_days.c.looked_at, source_days.c.day)
        .limit(limit)
    )
    return tuple(map(date.fromisoformat, connection.execute(asked).scalars()))


def close(connection: Connection, source_id: int, days: Collection[date]) -> None:
    """Make days final."""
    bulk.run(connection, _CLOSE, [(source_id, day.isoformat()) for day in days])


def is_final(connection: Connection, day: date) -> bool:
    """Tell whether a day was looked at and no source that tells of it has more to tell."""
    asked = select(func.count(), func.count().filter(~source_days.c.final)).where(source_days.c.day == day.isoformat())
    looked_at, still_open = connection.execute(asked).one()
    return looked_at > 0 and still_open == 0
