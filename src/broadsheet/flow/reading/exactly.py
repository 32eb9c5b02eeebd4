"""Find the papers that meet a query to the letter, counted, in any of three orders and either way round.

What a reader searches is answered with guesses too (``flow.reading.search``); a program that asks for all of a category
or all of an author wants those and no others.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from broadsheet.errors import Invalid
from broadsheet.flow.house import House
from broadsheet.model.paper import Paper
from broadsheet.model.query import MAX_LIMIT, MAX_OFFSET, Query, Sort
from broadsheet.store import papers, provided

Order = Literal["relevance", "submitted", "updated"]
MOST = 2_000
_DEEPEST = MAX_OFFSET + MAX_LIMIT
_SORTS: Mapping[Order, Sort] = {"relevance": "relevance", "submitted": "date", "updated": "date"}


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the papers that meet a query, and how many do."""

    papers: tuple[Paper, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Line:
    """How papers stand in line, and which of them are wanted: ``limit`` of them, MOST at most, after ``offset``."""

    order: Order = "relevance"
    ascending: bool = False
    offset: int = 0
    limit: int = 10


def exactly(house: House, query: Query, line: Line) -> Page:
    """Find what meets all of a query.

    By when they were changed last only the newest 10,100 are put in order. Raises Invalid (field ``start``) for papers
    so far down that they cannot be reached.
    """
    total = _search(house, replace(query, sort="date", limit=1, offset=0))[1]
    limit = min(line.limit, MOST, max(total - line.offset, 0))
    if not limit:
        return Page((), total)
    from_end = line.ascending and line.order != "updated"
    offset = total - line.offset - limit if from_end else line.offset
    if offset > MAX_OFFSET:
        raise Invalid(f"Only {MAX_OFFSET:,} papers can be passed over; narrow the search by date.", field="start")
    if line.order == "updated":
        ids, _ = _search(house, replace(query, sort="date", limit=_DEEPEST, offset=0))
        return _page(house, _by_change(house, ids, line)[offset : offset + limit], total)
    ids, _ = _search(house, replace(query, sort=_SORTS[line.order], limit=limit, offset=offset))
    # Papers with only some of the words follow where few have all.
    ids = ids[: total - offset]
    return _page(house, ids[::-1] if line.ascending else ids, total)


def named(house: House, values: Sequence[str], line: Line, query: Query | None = None) -> Page:
    """Give the papers that bear arXiv ids and meet ``query``, in the order of the ids unless another is asked for."""
    with house.store.reading() as connection:
        borne = provided.borne(connection, set(values))
        numbers = list(dict.fromkeys(borne[value] for value in values if value in borne))
        shown = papers.shown(connection, numbers)
    found = [number for number in numbers if number in shown]
    if query is not None:
        meeting = house.text_index.fitting(query, found, words=True)
        found = [number for number in found if number in meeting]
    if line.order == "updated":
        found = _by_change(house, found, line)
    elif line.order == "submitted":
        found = _in_line(house, found, line, lambda paper: paper.published)
    return _page(house, found[line.offset : line.offset + min(line.limit, MOST)], len(found))


def _search(house: House, query: Query) -> tuple[list[int], int]:
    found = house.text_index.search(query, deadline_ms=house.settings.search_deadline_ms)
    return [paper_id for paper_id, _ in found.hits], found.total


def _by_change(house: House, ids: Sequence[int], line: Line) -> list[int]:
    with house.store.reading() as connection:
        told = provided.last_told(connection, ids)
    return sorted(told, key=lambda number: (told[number], number), reverse=not line.ascending)


def _in_line(house: House, ids: Sequence[int], line: Line, key: Callable[[Paper], str]) -> list[int]:
    with house.store.reading() as connection:
        known = papers.by_ids(connection, ids)
    return [p.id for p in sorted(known, key=lambda paper: (key(paper), paper.id), reverse=not line.ascending)]


def _page(house: House, ids: Sequence[int], total: int) -> Page:
    with house.store.reading() as connection:
        return Page(papers.by_ids(connection, ids), total)
