"""The daily page of one day."""

from datetime import date

from broadsheet.flow.house import House
from broadsheet.model.daily import DailyPage
from broadsheet.store import daily


def page(house: House, day: date | None = None) -> DailyPage:
    """Lay out the papers of ``day``, most upvotes first; None means the latest day that has papers.

    A day without papers is an empty page with its neighbours; an empty house gives today, without neighbours.
    """
    with house.store.reading() as connection:
        chosen = day or daily.latest(connection) or house.clock().date()
        previous, following = daily.neighbours(connection, chosen)
        return DailyPage(chosen, daily.papers_of(connection, chosen), previous, following)
