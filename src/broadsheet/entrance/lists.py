"""Lists of papers at their addresses: in other formats, such as ``/trending.rss``, with a key, and read back."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import unquote, urlsplit

from starlette.datastructures import QueryParams

from broadsheet.entrance.address import read_day, read_query
from broadsheet.errors import Invalid
from broadsheet.flow.voting.trending import span_of
from broadsheet.model.query import Query
from broadsheet.model.selection import Kind, Selection
from broadsheet.model.weeks import read_month, read_week

_LONGEST: Final = 8_000


def with_key(url: str, secret: str) -> str:
    """Put the key of private feeds into the address of a feed."""
    return f"{url}{'&' if '?' in url else '?'}token={secret}"


def suffixed(url: str, suffix: str) -> str:
    """Point to a list, given by its page, in another format; the latest page of all is ``/latest``."""
    path, mark, query = url.partition("?")
    return f"{'/latest' if path == '/' else path}.{suffix}{mark}{query}"


def read_list(address: str) -> Selection:
    """Tell which list the page at an address of ours shows: what ``model.places.list_url`` wrote, read back.

    Another site's name before the path is not looked at. Raises Invalid for what is no list's address.
    """
    try:
        parts = urlsplit(address.strip()[:_LONGEST])
    except ValueError:
        raise _no_list(address) from None
    path = unquote(parts.path).rstrip("/") or "/"
    for pattern, read in _PAGES:
        found = re.fullmatch(pattern, path) if address.strip() else None
        if found:
            return read(found[1] if found.groups() else "", QueryParams(parts.query))
    raise _no_list(address)


def _no_list(address: str) -> Invalid:
    told = f"{address.strip()[:60]!r} is no list here" if address.strip() else "No list was named"
    return Invalid(f"{told}. Write the address of its page, such as /trending or /authors/ada-lovelace.", field="list")


def _search(_: str, params: QueryParams) -> Selection:
    query = replace(read_query(params), offset=0, limit=Query().limit, facets=False)
    if query == Query(like=query.like[:1]) and query.like:
        return Selection("similar", query.like[0])
    if query == Query(categories=query.categories[:1], sort="date") and query.categories:
        return Selection("category", query.categories[0])
    return Selection("search", query=query)


def _named(kind: Kind) -> Callable[[str, QueryParams], Selection]:
    return lambda name, _: Selection(kind, name)


def _trending(_: str, params: QueryParams) -> Selection:
    span = span_of(params.get("of", "all"))
    return Selection("trending", "" if span == "all" else span)


# What the path of a list's page looks like, percent signs undone, and what list that is.
_PAGES: Final[tuple[tuple[str, Callable[[str, QueryParams], Selection]], ...]] = (
    ("/|/latest", _named("day")),
    ("/papers/date/([^/]+)", lambda day, _: Selection("day", read_day(day, "list").isoformat())),
    ("/papers/week/([^/]+)", lambda week, _: Selection("week", str(read_week(week)))),
    ("/papers/month/([^/]+)", lambda month, _: Selection("month", str(read_month(month)))),
    ("/trending", _trending),
    ("/search", _search),
    ("/searches/([^/]+)", _named("saved")),
    ("/authors/([^/]+)", _named("author")),
    ("/organisations/([^/]+)", _named("organisation")),
    ("/readers/([^/]+/labels/[^/]+)", lambda name, _: Selection("label", name.replace("/labels/", "/", 1))),
    ("/following", _named("following")),
    ("/papers/(.+)/similar", _named("similar")),
)
