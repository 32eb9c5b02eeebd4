"""The daily page of one day, and the best of a week or month: the one place that decides their order.

Papers stand by their upvotes, those given here and those that sources tell of added up, ties by paper id.
"""

from datetime import date

from broadsheet.flow.house import House
from broadsheet.model.daily import DailyPage, SpanPage, Turn
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.model.weeks import Month, Week, month_of, week_of
from broadsheet.store import daily, source_days, upvotes

# Of a week or month so many papers are shown.
MOST = 100


def today(house: House) -> date:
    """Give the day whose page is written now; raises Invalid for settings that name no zone or hour."""
    return Turn.read(house.settings.day_zone, house.settings.day_hour).day_at(house.clock())


def page(house: House, day: date | None = None, *, reader: Reader | None = None) -> DailyPage:
    """Lay out the papers of ``day``, most upvotes first; None means the latest day that has papers.

    A day without papers is an empty page with its neighbours; an empty house gives today, without neighbours.
    """
    with house.store.reading() as connection:
        chosen = day or daily.latest(connection) or today(house)
        previous, following = daily.neighbours(connection, chosen)
        papers = daily.papers_of(connection, chosen)
        final = bool(papers) and source_days.is_final(connection, chosen)
        mine = upvotes.of_reader(connection, reader.id, [paper.id for paper in papers]) if reader else {}
    return DailyPage(chosen, papers, previous, following, final, mine)


def newest(house: House, limit: int, offset: int = 0) -> tuple[tuple[date, Paper], ...]:
    """Give papers of all daily pages with their days, page after page from the latest back; one statement."""
    with house.store.reading() as connection:
        return daily.newest(connection, limit, offset)


def span_page(house: House, span: Week | Month, *, reader: Reader | None = None) -> SpanPage:
    """Lay out the MOST most upvoted papers of a week or month; neighbours are the nearest that have papers."""
    of = week_of if isinstance(span, Week) else month_of
    first, last = span.days[0], span.days[-1]
    with house.store.reading() as connection:
        previous, following = daily.neighbours(connection, first, last)
        papers, total = daily.best_of(connection, first, last, MOST)
        mine = upvotes.of_reader(connection, reader.id, [paper.id for paper in papers]) if reader else {}
    before, after = (None if day is None else of(day) for day in (previous, following))
    return SpanPage(span, papers, total, before, after, mine)
