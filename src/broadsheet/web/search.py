"""The search page: words, filters with counts, hits that show why; and the same for a pasted abstract."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.flow import search as flow
from broadsheet.model.query import MAX_OFFSET, MAX_TEXT, SORTS, Query, Results
from broadsheet.model.text import clean, plain
from broadsheet.web.address import FILTERS, PER_PAGE, paper_url, read_query, search_url, toggled
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.press import house_of
from broadsheet.web.typeset import shortened, source_name

# What fits in a URL that every browser and proxy passes on; a longer text stays in the body of its request.
MAX_LINKED = 1_500
LONG_LIMIT = 50
_NAME_LENGTH = 60
_TOLD_LENGTH = 200
_SHOWN = 8

_FACET_TITLES = {
    "year": "Year",
    "category": "Category",
    "source": "Source",
    "venue": "Venue",
    "organisation": "Organisation",
    "code": "Code",
}
_SORT_WORDS = {"relevance": "Best match", "date": "Newest", "upvotes": "Most upvoted"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that changes the search: its words, count, whether it is in force, and where it leads."""

    words: str
    url: str
    count: int = 0
    chosen: bool = False


def by_link(request: Request) -> Response:
    """Search by what the URL says; an id or address that was pasted leads straight to its paper."""
    return answer(request, read_query(request.query_params))


def by_text(request: Request, form: QueryParams) -> Response:
    """Search by a text too long for a URL, such as a whole abstract; nothing is changed by asking this way."""
    text = form.get("q", "").strip()
    if len(text) <= MAX_LINKED:
        return RedirectResponse(search_url(Query(text=text)), status_code=303)
    return answer(request, Query(text=text[:MAX_TEXT], limit=LONG_LIMIT))


def answer(request: Request, query: Query) -> Response:
    """Show what answers a query, or lead to the one paper it names."""
    results = flow.search(house_of(request), query)
    if results.exact is not None:
        return RedirectResponse(paper_url(results.exact), status_code=303)
    return render_with_forms(request, "search.html", **_facts(query, results, filtered=_is_filtered(query)))


def told(query: Query) -> Iterator[str]:
    """Tell in words what a query asks: its text, its filters, its order."""
    if query.text:
        yield shortened(plain(clean(query.text[: 3 * _TOLD_LENGTH])), _TOLD_LENGTH)
    yield from (f"like {paper}" for paper in query.like)
    yield from (f"unlike {paper}" for paper in query.unlike)
    if query.way != "both":
        yield f"by {query.way} only"
    yield from (choice.words for choice in _chosen(query))
    if query.sort != "relevance":
        yield _SORT_WORDS[query.sort].lower() + " first"


def _facts(query: Query, results: Results, *, filtered: bool) -> dict[str, Any]:
    linked = len(query.text) <= MAX_LINKED
    page = query.offset // query.limit + 1
    return {
        "query": query,
        "results": results,
        "filtered": filtered,
        "linked": linked,
        "page_number": page,
        "hidden": _hidden(query),
        "save_name": shortened(", ".join(told(replace(query, sort="relevance"))), _NAME_LENGTH),
        "save_fields": _parameters(search_url(query)),
        "facets": list(_facets(query, results)) if linked else [],
        "sorts": list(_sorts(query)) if linked else [],
        "chosen": list(_chosen(query)),
        "previous_url": search_url(query, page - 1) if linked and page > 1 else "",
        "next_url": search_url(query, page + 1) if linked and _has_more(query, results) else "",
        "first_url": search_url(query),
        "clear_url": search_url(Query(text=query.text, sort=query.sort)),
    }


def _has_more(query: Query, results: Results) -> bool:
    reached = query.offset + PER_PAGE
    return bool(results.hits) and reached <= MAX_OFFSET and (reached < results.total or results.at_least)


def _is_filtered(query: Query) -> bool:
    return replace(query, text="", sort="relevance", limit=20, offset=0, facets=False) != Query()


def _facets(query: Query, results: Results) -> Iterator[tuple[str, list[Choice], list[Choice]]]:
    """Give each facet that has values as ``(title, shown, folded away)``."""
    for facet, values in results.facets.items():
        choices = [
            Choice(
                _words(facet, value.value), search_url(toggled(query, facet, value.value)), value.count, value.chosen
            )
            for value in values
            if value.value
        ]
        if choices and facet in _FACET_TITLES:
            yield _FACET_TITLES[facet], choices[:_SHOWN], choices[_SHOWN:]


def _chosen(query: Query) -> Iterator[Choice]:
    """Give every filter in force with the link that takes it away."""
    for facet, _, field in FILTERS:
        for value in getattr(query, field):
            yield Choice(_words(facet, str(value)), search_url(toggled(query, facet, str(value))))
    if query.has_code is not None:
        yield Choice("with code" if query.has_code else "without code", search_url(replace(query, has_code=None)))
    if query.since:
        yield Choice(f"since {query.since.isoformat()}", search_url(replace(query, since=None)))
    if query.until:
        yield Choice(f"until {query.until.isoformat()}", search_url(replace(query, until=None)))


def _words(facet: str, value: str) -> str:
    if facet == "code":
        return "With code"
    return source_name(value) if facet == "source" else value


def _sorts(query: Query) -> Iterator[Choice]:
    for sort in SORTS:
        yield Choice(_SORT_WORDS[sort], search_url(replace(query, sort=sort)), chosen=sort == query.sort)


def _hidden(query: Query) -> list[tuple[str, str]]:
    """List the filters the search form carries along when the reader only changes the words."""
    return _parameters(search_url(replace(query, text="", since=None, until=None)))


def _parameters(url: str) -> list[tuple[str, str]]:
    return QueryParams(url.partition("?")[2]).multi_items()
