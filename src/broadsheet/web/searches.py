"""Saved searches: the list, a search made again, and the forms that save, rename and delete one."""

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.entrance.address import read_query
from broadsheet.entrance.asked import house_of
from broadsheet.entrance.visitor import is_public, visitor_of
from broadsheet.flow.reading import saved_searches as flow
from broadsheet.model.places import search_url
from broadsheet.model.query import Query
from broadsheet.model.reader import Reader
from broadsheet.model.saved_search import SavedSearch
from broadsheet.web.choices import MAX_LINKED
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.followed import followed_targets
from broadsheet.web.search import LONG_LIMIT, answer, told

# Below what our server, and proxies before it, take as the first line of a request.
_MAX_URL = 8_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list: the name, where it leads, what is asked, since when."""

    slug: str
    name: str
    url: str
    asks: list[str]
    day: date


def page(request: Request) -> Response:
    """List the saved searches by name."""
    return render_with_forms(
        request,
        "searches.html",
        entries=list(map(_entry, flow.list_saved(house_of(request), _whose(request)))),
        followed=followed_targets(request, "search"),
    )


def open_(request: Request) -> Response:
    """Make a saved search again: lead to its results, or show them here when it does not fit an address."""
    query = flow.show(house_of(request), request.path_params["slug"], _whose(request)).query
    if _fits_an_address(query):
        return RedirectResponse(search_url(query), status_code=303)
    return answer(request, replace(query, limit=LONG_LIMIT))


def save(request: Request, form: QueryParams) -> Response:
    """Save a search under a name; the form carries it as its address would."""
    query = read_query(form)
    replacing, reader = bool(form.get("replace")), _whose(request)
    kept = flow.save(house_of(request), form.get("name", ""), query, replace=replacing, reader=reader)
    return RedirectResponse(f"/searches#saved-{quote(kept.slug)}", status_code=303)


def rename(request: Request, form: QueryParams) -> Response:
    """Give a saved search another name; its address stays."""
    kept = flow.rename(house_of(request), request.path_params["slug"], form.get("name", ""), _whose(request))
    return RedirectResponse(f"/searches#saved-{quote(kept.slug)}", status_code=303)


def delete(request: Request, _: QueryParams) -> Response:
    """Delete a saved search."""
    flow.remove(house_of(request), request.path_params["slug"], _whose(request))
    return RedirectResponse("/searches", status_code=303)


def _whose(request: Request) -> Reader | None:
    """Tell whose searches are meant: where readers sign in each has their own, else they are the house's."""
    return visitor_of(request).reader if is_public(request) else None


def _entry(saved: SavedSearch) -> Entry:
    return Entry(saved.slug, saved.name, f"/searches/{quote(saved.slug)}", list(told(saved.query)), saved.at.date())


def _fits_an_address(query: Query) -> bool:
    url = search_url(query)
    if len(query.text) > MAX_LINKED or len(url) > _MAX_URL:
        return False
    read = read_query(QueryParams(url.partition("?")[2]))
    return replace(read, limit=query.limit, offset=query.offset, facets=query.facets) == query
