"""Where each thing stands: the addresses of our pages, and of what we link to outside."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from broadsheet.model.author import author_slug
from broadsheet.model.ids import ExternalId
from broadsheet.model.organisation import organisation_slug
from broadsheet.model.paper import Paper
from broadsheet.model.query import Query
from broadsheet.model.selection import Kind, Selection
from broadsheet.model.text import plain
from broadsheet.model.weeks import Month, Week

_MAX_URL = 2_000

# Facet, the word in our URLs, and the field of Query it fills; all of these may be given several times.
FILTERS = (
    ("year", "year", "years"),
    ("category", "cat", "categories"),
    ("source", "source", "sources"),
    ("venue", "venue", "venues"),
    ("organisation", "org", "organisations"),
)
_OUTSIDE: Mapping[str, str] = {
    "arxiv": "https://arxiv.org/abs/",
    "doi": "https://doi.org/",
    "acl": "https://aclanthology.org/",
    "openreview": "https://openreview.net/forum?id=",
}


def paper_url(paper: Paper) -> str:
    """Point to a paper's page."""
    return slug_url(paper.slug)


def slug_url(slug: str) -> str:
    """Point to the page of the paper with a slug."""
    return f"/papers/{quote(slug, safe='/:@,;')}"


def reader_url(handle: str) -> str:
    """Point to a reader's page."""
    return f"/readers/{handle}"


def day_url(day: date) -> str:
    """Point to a daily page."""
    return f"/papers/date/{day.isoformat()}"


def span_url(span: Week | Month) -> str:
    """Point to the page of a week or month."""
    return f"/papers/{'week' if isinstance(span, Week) else 'month'}/{span}"


def outside(url: str) -> str:
    """Return an address we may link to, or an empty text when it is not plain http or https."""
    if len(url) > _MAX_URL or not url.isprintable() or any(mark in url for mark in ' "<>\\`'):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.hostname else ""


def first_link(paper: Paper, kind: str) -> str:
    """Return the first address of one kind that we may link to, or an empty text."""
    return next(filter(None, (outside(link.url) for link in paper.links if link.kind == kind)), "")


def pdf_url(paper: Paper) -> str:
    """Point to the paper's PDF: as a source gave it, else where arXiv or the ACL Anthology keep theirs."""
    kept = {"arxiv": "https://arxiv.org/pdf/{}", "acl": "https://aclanthology.org/{}.pdf"}
    implied = (kept[i.scheme].format(quote(i.value, safe="/:;().")) for i in paper.ids if i.scheme in kept)
    return first_link(paper, "pdf") or next(implied, "")


def id_url(external_id: ExternalId) -> str:
    """Point to the place outside that an id names, or an empty text when there is none."""
    if external_id.scheme == "url":
        return outside(external_id.value)
    base = _OUTSIDE.get(external_id.scheme)
    return f"{base}{quote(external_id.value, safe='/:;().')}" if base else ""


def search_url(query: Query, page: int = 1) -> str:
    """Point to a search: the inverse of ``read_query``, leaving out all that stands at its default."""
    pairs: list[tuple[str, object]] = [("q", query.text)] if query.text else []
    if query.text and query.passage:
        pairs.append(("passage", 1))
    pairs += [(word, name) for word, names in (("like", query.like), ("unlike", query.unlike)) for name in names]
    if query.way != "both":
        pairs.append(("way", query.way))
    pairs += [(word, value) for _, word, field in FILTERS for value in getattr(query, field)]
    pairs += [(word, day.isoformat()) for word, day in (("since", query.since), ("until", query.until)) if day]
    if query.has_code is not None:
        pairs.append(("code", int(query.has_code)))
    if query.sort != "relevance":
        pairs.append(("sort", query.sort))
    if page > 1:
        pairs.append(("page", page))
    return "/search?" + urlencode(pairs) if pairs else "/search"


def search_for(**fields: Any) -> str:  # noqa: ANN401 - the fields of Query, each with its own type
    """Point to a search for the given fields of Query."""
    return search_url(Query(**fields))


def author_url(name: str) -> str:
    """Point to the page of an author, by the name as printed; to a search where a name can have none."""
    slug = author_slug(name)
    return f"/authors/{quote(slug)}" if slug else author_search(name)


def author_search(name: str) -> str:
    """Point to a search for the papers of an author, by the name as printed."""
    printed = plain(name).replace('"', " ")
    return search_for(text=f'author:"{printed}"')


def organisation_url(name: str) -> str:
    """Point to the page of an organisation, by the name as printed."""
    return f"/organisations/{quote(organisation_slug(name))}"


def list_url(selection: Selection) -> str:
    """Point to the page of a list."""
    if selection.kind == "search":
        return search_url(selection.query or Query())
    place = _PLACES[selection.kind]
    return place(selection.name) if selection.kind in {"similar", "category"} else place(quote(selection.name))


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
