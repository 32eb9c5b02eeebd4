"""Which papers a list shows, with what is told beside them; order and ids are those of the pages."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from broadsheet.api.hf.shapes.papers import Card, submitter
from broadsheet.errors import Invalid
from broadsheet.flow import daily
from broadsheet.flow.house import House
from broadsheet.flow.lists import keeping
from broadsheet.flow.selecting.select import select
from broadsheet.flow.submitting.presented import Presented, presented
from broadsheet.flow.talking import thread
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.model.selection import MOST, Selection, Stretch
from broadsheet.model.weeks import read_month, read_week

# A paper, and the day it is shown on where that is certain.
Entry = tuple[date | None, Paper]


@dataclass(frozen=True, slots=True)
class Asked:
    """A list as an address asks for it; empty texts ask for nothing. ``number`` counts pages from 0."""

    number: int
    limit: int
    day: str = ""
    week: str = ""
    month: str = ""
    submitter: str = ""
    sort: str = ""


def listed(house: House, asked: Asked, reader: Reader | None) -> tuple[list[Card], bool]:
    """Give a page of a list, and whether there is another; raises Invalid for a day, week or month that is none.

    Of a day, a week, a month – the narrowest that is named – or of all days; ``trending`` orders all papers, and
    changes nothing about a list that is of some days.
    """
    read = _read(house, asked, reader)
    start = asked.number * asked.limit
    if not asked.submitter:
        entries = read(Stretch(start, asked.limit + 1)) if start < MOST else []
        return cards(house, entries[: asked.limit]), len(entries) > asked.limit
    by = asked.submitter.strip().lower().removeprefix("@")
    own = [card for card in cards(house, read(Stretch(0, MOST))) if submitter(card).lower() == by]
    return own[start : start + asked.limit], len(own) > start + asked.limit


def cards(house: House, entries: Sequence[Entry]) -> list[Card]:
    """Add to papers how they came to their pages, and how much is said of them: five statements for any number."""
    papers = [paper for _, paper in entries]
    shown, said = presented(house, papers), thread.counts(house, papers)
    return [Card(paper, _on(day, shown[paper.id]), said.get(paper.id, 0)) for day, paper in entries]


def _read(house: House, asked: Asked, reader: Reader | None) -> Callable[[Stretch], list[Entry]]:
    if asked.day:
        day = _day(asked.day)
        return lambda stretch: _selected(house, Selection("day", day.isoformat()), stretch, reader, {day})
    if asked.week:
        week = read_week(asked.week)
        return lambda stretch: _selected(house, Selection("week", asked.week), stretch, reader, week.days)
    if asked.month:
        month = read_month(asked.month)
        return lambda stretch: _selected(house, Selection("month", asked.month), stretch, reader, month.days)
    if asked.sort == "trending":
        return lambda stretch: _selected(house, Selection("trending"), stretch, reader, ())
    return lambda stretch: _newest(house, stretch, reader)


def _selected(
    house: House, selection: Selection, stretch: Stretch, reader: Reader | None, days: Collection[date]
) -> list[Entry]:
    found = select(house, selection, stretch, reader)
    return [(min(set(paper.days) & set(days), default=None), paper) for paper in found.papers]


def _newest(house: House, stretch: Stretch, reader: Reader | None) -> list[Entry]:
    hidden = keeping.hidden(house, reader)
    found = daily.newest(house, stretch.limit, stretch.offset)
    return [(day, paper) for day, paper in found if paper.id not in hidden]


def _on(day: date | None, shown: Sequence[Presented]) -> Presented | None:
    """Choose the day that is meant; the first one where none is."""
    meant = (each for each in shown if each.day == day)
    return next(meant, shown[0] if shown else None)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{text[:40]!r} is not a day. A day is written 2026-03-06.", field="date") from None
