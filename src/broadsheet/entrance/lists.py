"""Where lists of papers stand, and the same lists in other formats: ``/trending``, ``/trending.rss``."""

from collections.abc import Callable, Mapping
from urllib.parse import quote

from broadsheet.entrance.address import search_url
from broadsheet.model.query import Query
from broadsheet.model.selection import Kind, Selection

_PLACES: Mapping[Kind, Callable[[str], str]] = {
    "day": lambda name: f"/papers/date/{name}" if name else "/",
    "week": lambda name: f"/papers/week/{name}",
    "month": lambda name: f"/papers/month/{name}",
    "trending": lambda name: f"/trending?of={name}" if name not in {"", "all"} else "/trending",
    "similar": lambda name: search_url(Query(like=(name,))),
    "author": lambda name: f"/authors/{name}",
    "organisation": lambda name: f"/organisations/{name}",
    "category": lambda name: search_url(Query(categories=(name,), sort="date")),
    "label": lambda name: f"/readers/{name.replace('/', '/labels/', 1)}",
    "saved": lambda name: f"/searches/{name}",
    "following": lambda _: "/following",
}


def list_url(selection: Selection) -> str:
    """Point to the page of a list."""
    if selection.kind == "search":
        return search_url(selection.query or Query())
    place = _PLACES[selection.kind]
    return place(selection.name) if selection.kind in {"similar", "category"} else place(quote(selection.name))


def with_key(url: str, secret: str) -> str:
    """Put the key of private feeds into the address of a feed."""
    return f"{url}{'&' if '?' in url else '?'}token={secret}"


def suffixed(url: str, suffix: str) -> str:
    """Point to a list, given by its page, in another format; the latest page of all is ``/latest``."""
    path, mark, query = url.partition("?")
    return f"{'/latest' if path == '/' else path}.{suffix}{mark}{query}"
