"""Find what should be on the shelf and is not, give it out to be asked for again, and close what came or never will."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from broadsheet.errors import NotFound
from broadsheet.flow import events
from broadsheet.flow.house import House
from broadsheet.model.announcements import may_be_quiet
from broadsheet.model.completeness import FEWEST, days_never_looked_at, is_absent, low_days, skipped
from broadsheet.model.harvest import Source
from broadsheet.store import gaps, source_days, sources
from broadsheet.store.connect import Connection
from broadsheet.store.gaps import Gap, Kind, Outcome
from broadsheet.store.source_days import SourceDay

# A source may still tell of a day for so long, and has told all of one that was looked at again after so long.
LATE = timedelta(days=2)
AFTER_ALL = timedelta(days=7)
_LOOKS = 2
# More new ids than two of arXiv's busiest days are noted in turns, so that a wrong look costs little.
MOST_NEW = 2_000
_ARXIV = "arxiv"


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of open gaps, in counts; ``open`` are left."""

    filled: int = 0
    absent: int = 0
    open: int = 0


def find(house: House) -> int:
    """Look over ids and days: note new gaps, close those that are filled or given up; gives how many are new.

    Ids are looked at month by month in arXiv's own sequence, days source by source. Days that have told all become
    final. Doing it twice changes nothing.
    """
    with house.store.reading() as connection:
        missing_ids = _missing_ids(connection)
        kept_up = [source for source in sources.everything(connection) if is_looked_after(source)]
        looked = [(source, source_days.history(connection, source.id)) for source in kept_up]
    at = house.clock()
    until = (at - LATE).date()
    with house.store.writing() as connection:
        new = _note_ids(connection, missing_ids, at)
        known = {source.name for source, _ in looked}
        for source, days in looked:
            missed = _missed_days(source, days, until)
            new += gaps.found(connection, "day", source.name, (day.isoformat() for day in missed), at)
            _close_days(connection, source, days, missed)
        for gone in gaps.schemes(connection, "day") - known:
            gaps.close(connection, gaps.open_gaps(connection, "day", gone), "ignored", at)
    settle(house)
    return new


def is_looked_after(source: Source) -> bool:
    """Tell whether a source shall be complete: one that runs only when asked has the days that somebody asked for."""
    return source.every_s > 0


def due(house: House, kind: Kind, scheme: str = _ARXIV, *, limit: int = 100) -> tuple[Gap, ...]:
    """Give out at most ``limit`` open gaps to be asked for now; tell ``settle`` about those that got an answer.

    ``scheme`` is ``arxiv`` for ids and the source's name for days. One given out is not given out again before its
    pause is over: an hour, and after each try in vain twice as long, from six hours on.
    """
    with house.store.writing() as connection:
        return gaps.due(connection, kind, scheme, limit, house.clock())


def settle(house: House, asked: Collection[Gap] = ()) -> Settled:
    """Count a try for gaps that were ``asked`` for, close what is there now, and give up on what is not for too long.

    A gap is given up after seven answered tries in at least fourteen days: some ids were never used.
    """
    at = house.clock()
    with house.store.writing() as connection:
        gaps.tried(connection, asked, at)
        open_ = [*gaps.open_gaps(connection, "id", _ARXIV)]
        here = gaps.arxiv_here(connection, [gap.name for gap in open_])
        filled = [gap for gap in open_ if gap.name in here]
        for source in sources.everything(connection):
            in_days = gaps.open_gaps(connection, "day", source.name)
            open_ += in_days
            filled += _filled_days(connection, source, in_days, (at - LATE).date())
        there = {gap.id for gap in filled}
        absent = [gap for gap in open_ if gap.id not in there and is_absent(gap.tries, at - gap.found_at)]
        gaps.close(connection, filled, "filled", at)
        gaps.close(connection, absent, "absent", at)
    return Settled(len(filled), len(absent), len(open_) - len(filled) - len(absent))


def decide(house: House, gap_id: int, outcome: Outcome) -> None:
    """Let an operator close a gap as ``ignored``, or open it again with ``""``; raises NotFound for an unknown one."""
    with house.store.writing() as connection:
        gap = gaps.by_id(connection, gap_id)
        if gap is None:
            raise NotFound(f"There is no gap {gap_id}.")
        gaps.close(connection, [gap], outcome, house.clock())


def _missing_ids(connection: Connection) -> list[str]:
    found: list[str] = []
    for month in gaps.arxiv_months(connection, FEWEST):
        numbers = skipped(gaps.arxiv_numbers(connection, month))
        found += [_arxiv_id(month, number) for number in numbers]
    return found


def _note_ids(connection: Connection, missing: Sequence[str], at: datetime) -> int:
    """Note the ids that are new, as many as may be; the others in later looks."""
    known = gaps.names(connection, "id", _ARXIV)
    fresh = [name for name in missing if name not in known]
    if len(fresh) > MOST_NEW:
        events.tell(logging.WARNING, "many gaps", scheme=_ARXIV, missing=len(fresh), noted=MOST_NEW)
    return gaps.found(connection, "id", _ARXIV, fresh[:MOST_NEW], at)


def _arxiv_id(month: str, number: int) -> str:
    """Write an id: four digits until 2014, five since (https://info.arxiv.org/help/arxiv_identifier.html)."""
    return f"{month}.{number:04}" if month < "1501" else f"{month}.{number:05}"


def _missed_days(source: Source, days: Collection[SourceDay], until: date) -> list[date]:
    papers = {each.day: each.papers for each in days}
    final = {each.day for each in days if each.final and each.papers}
    missed = {*low_days(papers, until), *days_never_looked_at(papers, until)} - final
    return sorted(day for day in missed if not _is_no_wonder(source, day))


def _is_no_wonder(source: Source, day: date) -> bool:
    return source.kind.partition("-")[0] == _ARXIV and may_be_quiet(day)


def _close_days(connection: Connection, source: Source, days: Collection[SourceDay], missed: Collection[date]) -> None:
    """Make days final that were looked at again long after, unless they are missed and not yet given up."""
    given_up = gaps.closed_names(connection, "day", source.name)
    doubtful = {day for day in missed if day.isoformat() not in given_up}
    ready = [
        each.day
        for each in days
        if not each.final
        and each.looks >= _LOOKS
        and each.looked_at.date() >= each.day + AFTER_ALL
        and each.day not in doubtful
    ]
    source_days.close(connection, source.id, ready)


def _filled_days(connection: Connection, source: Source, open_: Collection[Gap], until: date) -> list[Gap]:
    if not open_:
        return []
    days: Mapping[date, SourceDay] = {each.day: each for each in source_days.history(connection, source.id)}
    missed = {day.isoformat() for day in _missed_days(source, tuple(days.values()), until)}
    return [gap for gap in open_ if gap.name not in missed]
