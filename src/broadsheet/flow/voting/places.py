"""Which place a paper has: on its daily page, or among those that trend."""

from dataclasses import dataclass
from datetime import date

from broadsheet.flow.house import House
from broadsheet.flow.voting import trending
from broadsheet.model.paper import Paper
from broadsheet.store import daily


@dataclass(frozen=True, slots=True)
class Place:
    """A place from 1 on the page of a day; without a day, among the papers that trend."""

    number: int
    day: date | None = None


def on_its_day(house: House, paper: Paper) -> Place | None:
    """Give a paper's place on the first daily page that it was on, None when it was on none; one statement."""
    if not paper.days:
        return None
    with house.store.reading() as connection:
        number = daily.place_of(connection, paper.days[0], paper.id)
    return None if number is None else Place(number, paper.days[0])


def that_trends(house: House, paper: Paper) -> Place | None:
    """Give a paper's place on the first page of what trends, None when it is not there; as many statements as that."""
    order = [each.id for each in trending.page(house, "all").papers]
    return Place(order.index(paper.id) + 1) if paper.id in order else None
