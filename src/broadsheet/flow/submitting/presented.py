"""How papers came to be on their daily pages: on which day, when, and who put them there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from broadsheet.flow.house import House
from broadsheet.flow.submitting.brought import Bringer, who_brought
from broadsheet.model.paper import Paper
from broadsheet.model.record import Daily
from broadsheet.store import records


@dataclass(frozen=True, slots=True)
class Presented:
    """A day's page, when the paper was put on it (ISO 8601, or empty) and by whom.

    ``by`` is the name that a source gives, ``bringer`` the reader who brought the paper in; empty and None for nobody.
    """

    day: date
    at: str = ""
    by: str = ""
    bringer: Bringer | None = None


def presented(house: House, shown: Collection[Paper]) -> dict[int, tuple[Presented, ...]]:
    """Give for each paper how it came to each of its days, the first day first; three statements for any number."""
    bringers = who_brought(house, shown)
    with house.store.reading() as connection:
        told = records.days_of(connection, [paper.id for paper in shown])
    return {paper.id: tuple(_days(paper, told.get(paper.id, ()), bringers.get(paper.id))) for paper in shown}


def _days(paper: Paper, told: Sequence[Daily], bringer: Bringer | None) -> list[Presented]:
    by_day: dict[date, Daily] = {}
    for each in told:
        known = by_day.get(each.day)
        # Of several tellings the one that says who and when stands, whichever came first.
        if known is None or (each.submitted_by, each.submitted_at) > (known.submitted_by, known.submitted_at):
            by_day[each.day] = each
    days = sorted({*paper.days, *by_day})
    found = [by_day.get(day, Daily(day)) for day in days]
    return [
        Presented(each.day, each.submitted_at, each.submitted_by, bringer if not each.submitted_by else None)
        for each in found
    ]
