"""Find papers by words; a pasted id or address goes straight to its paper."""

from dataclasses import replace
from time import perf_counter

from broadsheet.errors import Invalid
from broadsheet.flow.house import House
from broadsheet.index.port import TextResult
from broadsheet.model.ids import parse_id
from broadsheet.model.paper import Paper
from broadsheet.model.query import MAX_LIMIT, MAX_OFFSET, MAX_TEXT, Hit, Query, Results
from broadsheet.model.text import clean
from broadsheet.store import papers


def search(house: House, query: Query) -> Results:
    """Answer a query with a page of hits, best first; ``limit`` and ``offset`` are clamped to what the model allows.

    Raises Invalid (field ``q``) for a text longer than MAX_TEXT characters; any other text gets an answer or a notice.
    """
    start = perf_counter()
    if len(query.text) > MAX_TEXT:
        raise Invalid(f"A search takes at most {MAX_TEXT:,} characters, not {len(query.text):,}.", field="q")
    asked = replace(query, limit=_within(query.limit, 1, MAX_LIMIT), offset=_within(query.offset, 0, MAX_OFFSET))
    if (exact := _named(house, asked.text)) is not None:
        return Results(query=asked, exact=exact, total=1, took_ms=_since(start))
    found = house.text_index.search(asked, deadline_ms=house.settings.search_deadline_ms)
    return Results(
        query=asked,
        hits=_hits(house, asked, found),
        total=found.total,
        at_least=found.at_least,
        facets=found.facets,
        notices=found.notices,
        took_ms=_since(start),
    )


def _named(house: House, text: str) -> Paper | None:
    # What is pasted may bring characters that nobody sees.
    external_id = parse_id(clean(text))
    if external_id is None:
        return None
    with house.store.reading() as connection:
        return papers.find(connection, external_id)


def _hits(house: House, query: Query, found: TextResult) -> tuple[Hit, ...]:
    highlighter = found.highlighter
    with house.store.reading() as connection:
        known = {paper.id: paper for paper in papers.by_ids(connection, [paper_id for paper_id, _ in found.hits])}
    # A paper merged away since the index last looked has no page any more, and so no hit.
    shown = [(known[paper_id], score) for paper_id, score in found.hits if paper_id in known]
    return tuple(
        Hit(rank, score, paper, highlighter.marked(paper.title), highlighter.snippet(paper.abstract))
        for rank, (paper, score) in enumerate(shown, query.offset + 1)
    )


def _within(value: int, least: int, most: int) -> int:
    return min(max(value, least), most)


def _since(start: float) -> float:
    return (perf_counter() - start) * 1000
