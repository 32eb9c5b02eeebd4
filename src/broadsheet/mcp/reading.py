"""Tools that read: what the pages of the same name show, in their order."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from broadsheet.flow import daily
from broadsheet.flow.lists import keeping
from broadsheet.flow.paper import show
from broadsheet.flow.reading.search import search
from broadsheet.flow.selecting.select import select
from broadsheet.mcp.desk import Desk
from broadsheet.mcp.shown import Answer, Entry, Page, listed, whole
from broadsheet.model.paper import Paper
from broadsheet.model.query import MAX_OFFSET, Hit, Query
from broadsheet.model.selection import MOST, Selection, Stretch
from broadsheet.model.text import sentences

Told = Mapping[str, Any]
_GIST = 2


def search_papers(desk: Desk, told: Told) -> Answer:
    """Answer a search."""
    query = Query(
        text=told["query"].strip(),
        categories=(told["category"],) if told["category"] else (),
        since=told["since"],
        until=told["until"],
        has_code=told["has_code"],
        sort=told["sort"],
    )
    return _found(desk, "Papers that answer the search", query, told)


def search_by_abstract(desk: Desk, told: Told) -> Answer:
    """Find the papers nearest to a passage."""
    query = Query(text=told["abstract"].strip(), passage=True)
    return _found(desk, "Papers nearest to the abstract", query, told)


def similar_papers(desk: Desk, told: Told) -> Answer:
    """Find the papers nearest to one."""
    query = Query(like=(show(desk.house, told["paper"]).slug,))
    return _found(desk, "Papers like the one that was named", query, told)


def daily_papers(desk: Desk, told: Told) -> Answer:
    """List a daily page."""
    day: date | None = told["date"]
    page = daily.page(desk.house, day)
    papers, following = _selected(desk, Selection("day", page.day.isoformat()), told)
    near = [
        f"The nearest day {word} with papers is {at}."
        for word, at in (("before", page.previous), ("after", page.next))
        if at
    ]
    return listed(desk, Page(f"Papers of {page.day.isoformat()}", papers, following, sentences=near))


def trending_papers(desk: Desk, told: Told) -> Answer:
    """List what trends."""
    papers, following = _selected(desk, Selection("trending", told["span"]), told)
    of = {"all": "of all time", "week": "of the last seven days", "day": "of today's page"}[told["span"]]
    return listed(desk, Page(f"Trending papers {of}", papers, following))


def get_paper(desk: Desk, told: Told) -> Answer:
    """Give one paper."""
    return whole(desk, show(desk.house, told["paper"]))


def _found(desk: Desk, name: str, query: Query, told: Told) -> Answer:
    offset, limit = told["offset"], told["limit"]
    # One more tells whether any follow.
    results = search(desk.house, replace(query, offset=offset, limit=limit + 1))
    if results.exact is not None:
        entries = [Entry(0, results.exact, "its id or address was named", _gist(results.exact))]
        return listed(desk, Page("The paper of that id or address", entries if offset == 0 else [], total=1))
    hidden = keeping.hidden(desk.house, desk.reader)
    entries = [
        Entry(place, hit.paper, hit.evidence or "", _said(hit))
        for place, hit in enumerate(results.hits[:limit], offset)
        if hit.paper.id not in hidden
    ]
    more = len(results.hits) > limit and offset + limit <= MAX_OFFSET
    total = None if results.at_least else results.total + results.related
    return listed(desk, Page(name, entries, offset + limit if more else None, total, results.notices))


def _selected(desk: Desk, selection: Selection, told: Told) -> tuple[list[Entry], int | None]:
    offset, limit = told["offset"], told["limit"]
    papers = select(desk.house, selection, Stretch(offset, limit + 1), desk.reader).papers
    entries = [Entry(place, paper, sentence=_gist(paper)) for place, paper in enumerate(papers[:limit], offset)]
    return entries, offset + limit if len(papers) > limit and offset + limit <= MOST else None


def _said(hit: Hit) -> str:
    return "".join(span.text for span in hit.snippet) or _gist(hit.paper)


def _gist(paper: Paper) -> str:
    return " ".join(sentences(paper.summary or paper.abstract)[:_GIST])
