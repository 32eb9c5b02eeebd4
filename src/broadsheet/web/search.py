"""The search page: words, filters with counts, hits that show why; and the same for a pasted abstract."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.entrance.address import PER_PAGE, read_query
from broadsheet.entrance.asked import house_of
from broadsheet.flow.reading import search as flow
from broadsheet.model.places import paper_url, search_url
from broadsheet.model.query import EVIDENCE, MAX_OFFSET, Query, Results
from broadsheet.model.text import clean, plain
from broadsheet.web import choices
from broadsheet.web.choices import MAX_LINKED
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.followed import followed_targets
from broadsheet.web.readings import without_hidden_hits
from broadsheet.web.typeset import plural, shortened
from broadsheet.web.upvotes import of_papers

LONG_LIMIT = 50
_NAME_LENGTH = 60
_TOLD_LENGTH = 200


def by_link(request: Request) -> Response:
    """Search by what the URL says; an id or address that was pasted leads straight to its paper."""
    return answer(request, read_query(request.query_params))


def by_text(request: Request, form: QueryParams) -> Response:
    """Find papers close to a text such as an abstract, up to 20,000 characters; a short one gets an address."""
    text = form.get("q", "").strip()
    query = Query(text=text, passage=bool(text))
    if len(text) <= MAX_LINKED:
        return RedirectResponse(search_url(query), status_code=303)
    return answer(request, replace(query, limit=LONG_LIMIT))


def answer(request: Request, query: Query) -> Response:
    """Show what answers a query, or lead to the one paper it names."""
    results = flow.search(house_of(request), query)
    if results.exact is not None:
        return RedirectResponse(paper_url(results.exact), status_code=303)
    results = without_hidden_hits(request, results)
    own = of_papers(request, [hit.paper for hit in results.hits])
    facts = _facts(query, results, filtered=_is_filtered(query))
    category = query.categories[0] if len(query.categories) == 1 and not (query.text or query.like) else ""
    followed = followed_targets(request, "category") if category else frozenset()
    return render_with_forms(request, "search.html", ballots=own, category=category, followed=followed, **facts)


def told(query: Query) -> Iterator[str]:
    """Tell in words what a query asks: its text, its filters, its order."""
    if query.text:
        yield shortened(plain(clean(query.text[: 3 * _TOLD_LENGTH])), _TOLD_LENGTH)
    yield from (f"like {paper}" for paper in query.like)
    yield from (f"unlike {paper}" for paper in query.unlike)
    if query.way != "both":
        yield f"by {query.way} only"
    yield from (choice.words for choice in choices.filters(query))
    if query.sort != "relevance":
        yield choices.SORT_WORDS[query.sort].lower() + " first"


def _facts(query: Query, results: Results, *, filtered: bool) -> dict[str, Any]:
    linked = len(query.text) <= MAX_LINKED
    page = query.offset // query.limit + 1
    next_url = search_url(query, page + 1) if linked and _has_more(query, results) else ""
    matches, guesses = results.parted()
    return {
        "query": query,
        "results": results,
        "heading": _heading(query),
        "tally": _tally(query, results, linked=linked),
        "matches": matches,
        "guesses": guesses,
        "labels": [EVIDENCE[one] for one in EVIDENCE if any(hit.evidence == one for hit in results.hits)],
        "parted": results.is_parted,
        "filtered": filtered,
        "linked": linked,
        "page_number": page,
        "hidden": _carried(query),
        "save_name": shortened(", ".join(told(replace(query, sort="relevance"))), _NAME_LENGTH),
        "save_fields": _parameters(search_url(query)),
        "facets": list(choices.facets(query, results)) if linked else [],
        "sorts": list(choices.sorts(query)) if linked else [],
        "ways": list(choices.ways(query)) if linked else [],
        "chosen": [*choices.likenesses(query, results), *choices.filters(query)],
        "previous_url": search_url(query, page - 1) if linked and page > 1 else "",
        "next_url": next_url,
        "first_url": search_url(query),
        "clear_url": search_url(Query(text=query.text, passage=query.passage, way=query.way, sort=query.sort)),
    }


def _heading(query: Query) -> str:
    if query.like:
        return "Papers like this one" if len(query.like) == 1 and not query.text else "Papers like these"
    return "Papers close to this text" if query.passage else "Search the papers"


def _tally(query: Query, results: Results, *, linked: bool) -> str:
    """Count what is there: what matches, and beside it what is on the same topic only."""
    if not linked:
        return f"The {plural(len(results.hits), 'closest paper')}"
    if query.like or query.passage:
        return "The closest papers"
    if not results.total:
        return f"{plural(results.related, 'paper')} {'near in meaning' if query.way == 'meaning' else 'on this topic'}"
    more = "More than " if results.at_least else ""
    matching = more + (
        plural(results.total, "paper matches", "papers match") if query.text else plural(results.total, "paper")
    )
    return f"{matching} · {results.related:,} more on the same topic" if results.related else matching


def _has_more(query: Query, results: Results) -> bool:
    reached = query.offset + PER_PAGE
    found = results.total + results.related
    return bool(results.hits) and reached <= MAX_OFFSET and (reached < found or results.at_least)


def _is_filtered(query: Query) -> bool:
    plainest = Query(limit=query.limit, offset=query.offset, facets=query.facets, sort=query.sort, way=query.way)
    return replace(query, text="", passage=False) != plainest


def _carried(query: Query) -> list[tuple[str, str]]:
    """List what the search form carries along when the reader only changes the words or the days."""
    return [pair for pair in _parameters(search_url(query)) if pair[0] not in {"q", "since", "until"}]


def _parameters(url: str) -> list[tuple[str, str]]:
    return QueryParams(url.partition("?")[2]).multi_items()
