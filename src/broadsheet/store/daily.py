"""Daily pages: which papers a day shows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from broadsheet.model.paper import Paper
from broadsheet.store import bulk
from broadsheet.store.papers import LIVE, UPVOTES, WHOLE
from broadsheet.store.payload import read_paper
from broadsheet.store.schema import daily_entries, papers

Entry = tuple[str, int]
_SHOWN = (
    WHOLE.join(daily_entries, daily_entries.c.paper_id == papers.c.id).where(LIVE).order_by(UPVOTES.desc(), papers.c.id)
)
_RANKED = (
    select(papers.c.id, func.row_number().over(order_by=(UPVOTES.desc(), papers.c.id)).label("place"))
    .join(daily_entries, daily_entries.c.paper_id == papers.c.id)
    .where(LIVE)
)
_NEWEST = (
    WHOLE.add_columns(daily_entries.c.day)
    .join(daily_entries, daily_entries.c.paper_id == papers.c.id)
    .where(LIVE)
    .order_by(daily_entries.c.day.desc(), UPVOTES.desc(), papers.c.id)
)
_NUMBER = (
    select(func.count()).select_from(daily_entries).join(papers, papers.c.id == daily_entries.c.paper_id).where(LIVE)
)
_COUNTED = (
    select(daily_entries.c.day, func.count().label("papers"))
    .join(papers, papers.c.id == daily_entries.c.paper_id)
    .where(LIVE)
    .group_by(daily_entries.c.day)
    .order_by(daily_entries.c.day.desc())
)
_PLACES = (
    select(
        daily_entries.c.day,
        papers.c.title,
        func.row_number().over(partition_by=daily_entries.c.day, order_by=(UPVOTES.desc(), papers.c.id)).label("place"),
    )
    .join(papers, papers.c.id == daily_entries.c.paper_id)
    .where(LIVE)
)
_ENTRIES = select(daily_entries.c.day, daily_entries.c.paper_id)
# The first in an order, rather than the least or the greatest: no more entries are looked at than it takes.
_DAYS = select(daily_entries.c.day).join(papers, papers.c.id == daily_entries.c.paper_id).where(LIVE).limit(1)
_NEWEST_FIRST, _OLDEST_FIRST = daily_entries.c.day.desc(), daily_entries.c.day
_DROP = "DELETE FROM daily_entries WHERE day = ? AND paper_id = ?"


def papers_of(connection: Connection, day: date) -> tuple[Paper, ...]:
    """Give the papers of a day, most upvotes first, ties by paper id; one statement."""
    found = connection.execute(_SHOWN.where(daily_entries.c.day == day.isoformat())).all()
    return tuple(read_paper(row) for row in found)


def place_of(connection: Connection, day: date, paper_id: int) -> int | None:
    """Tell the place of a paper among those of a day, from 1 in their order; one statement."""
    ranked = _RANKED.where(daily_entries.c.day == day.isoformat()).subquery()
    return connection.execute(select(ranked.c.place).where(ranked.c.id == paper_id)).scalar()


def best_of(connection: Connection, first: date, last: date, limit: int) -> tuple[tuple[Paper, ...], int]:
    """Give the first papers of all days between two, both included, and how many there are in all; two statements."""
    between = daily_entries.c.day.between(first.isoformat(), last.isoformat())
    found = connection.execute(_SHOWN.where(between).limit(limit)).all()
    total = connection.execute(_NUMBER.where(between)).scalar_one()
    return tuple(read_paper(row) for row in found), int(total)


def newest(connection: Connection, limit: int, offset: int) -> tuple[tuple[date, Paper], ...]:
    """Give the papers of all days, the latest day first and each day's as ``papers_of`` does; one statement."""
    found = connection.execute(_NEWEST.limit(limit).offset(offset)).all()
    return tuple((date.fromisoformat(row.day), read_paper(row)) for row in found)


def neighbours(connection: Connection, day: date, last: date | None = None) -> tuple[date | None, date | None]:
    """Give the nearest days before ``day``, and after it or ``last``, that have papers; one statement."""
    before = _DAYS.where(daily_entries.c.day < day.isoformat()).order_by(_NEWEST_FIRST)
    following = _DAYS.where(daily_entries.c.day > (last or day).isoformat()).order_by(_OLDEST_FIRST)
    row = connection.execute(select(before.scalar_subquery(), following.scalar_subquery())).one()
    return _day(row[0]), _day(row[1])


def latest(connection: Connection) -> date | None:
    """Give the latest day that has papers, hidden ones left out."""
    return _day(connection.execute(_DAYS.order_by(_NEWEST_FIRST)).scalar())


@dataclass(frozen=True, slots=True)
class DayLed:
    """A day, how many papers it shows, and the title of the first."""

    day: date
    papers: int
    title: str


def led(connection: Connection, limit: int, before: date | None = None) -> tuple[DayLed, ...]:
    """Give days that have papers, the latest first, those before a day if one is given; two statements."""
    asked = _COUNTED if before is None else _COUNTED.where(daily_entries.c.day < before.isoformat())
    counted = {row.day: row.papers for row in connection.execute(asked.limit(limit))}
    ranked = _PLACES.where(daily_entries.c.day.in_(counted)).subquery()
    first = connection.execute(select(ranked.c.day, ranked.c.title).where(ranked.c.place == 1)).all()
    titles = {row.day: row.title for row in first}
    return tuple(DayLed(date.fromisoformat(day), number, titles[day]) for day, number in counted.items())


def entries(connection: Connection, paper_ids: Collection[int]) -> set[Entry]:
    """Give the entries of papers as ``(day, paper id)``."""
    return {(row[0], row[1]) for row in bulk.by_keys(connection, _ENTRIES, daily_entries.c.paper_id, paper_ids)}


def add(connection: Connection, new: Iterable[Entry]) -> None:
    """Show papers on days."""
    bulk.insert(connection, daily_entries, list(new))


def drop(connection: Connection, old: Iterable[Entry]) -> None:
    """Take papers off days."""
    bulk.run(connection, _DROP, list(old))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
