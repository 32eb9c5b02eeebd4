"""Find papers by words."""

from broadsheet.errors import Invalid
from broadsheet.flow.house import House
from broadsheet.model.ids import parse_id
from broadsheet.model.query import MAX_TEXT, Hit, Query, Results, Span
from broadsheet.store import papers


def search(house: House, query: Query) -> Results:
    """Answer a query."""
    if len(query.text) > MAX_TEXT:
        raise Invalid("The text is too long.", field="q")
    external_id = parse_id(query.text)
    if external_id:
        with house.store.reading() as connection:
            exact = papers.find(connection, external_id)
        if exact:
            return Results(query=query, exact=exact, total=1)
    found = house.text_index.search(query, deadline_ms=house.settings.search_deadline_ms)
    with house.store.reading() as connection:
        by_id = {p.id: p for p in papers.by_ids(connection, [i for i, _ in found.hits])}
    hits = tuple(
        Hit(rank, score, by_id[i], (Span(by_id[i].title),), (Span(by_id[i].abstract[:300]),))
        for rank, (i, score) in enumerate(found.hits, 1)
        if i in by_id
    )
    return Results(
        query=query,
        hits=hits,
        total=found.total,
        at_least=found.at_least,
        facets=found.facets,
        notices=found.notices,
    )
