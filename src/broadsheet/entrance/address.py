"""The URL grammar: where each of our pages stands, and which addresses outside we link to."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from starlette.datastructures import QueryParams

from broadsheet.errors import Invalid
from broadsheet.model.author import author_slug
from broadsheet.model.ids import ExternalId
from broadsheet.model.organisation import organisation_slug
from broadsheet.model.paper import Paper
from broadsheet.model.query import MAX_LIKE, MAX_OFFSET, SORTS, WAYS, Query
from broadsheet.model.text import plain
from broadsheet.model.weeks import Month, Week

T = TypeVar("T", bound=str)
PER_PAGE = 20
MAX_PAGE = MAX_OFFSET // PER_PAGE + 1
MAX_FILTERS = 20
_MAX_URL = 2_000
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")

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


def read_day(text: str, field: str = "day") -> date:
    """Read ``YYYY-MM-DD``; raises Invalid, naming ``field``, for anything else, other ISO spellings included."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Invalid(f"{text[:40]!r} is not a day. A day is written 2026-03-06.", field=field)


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


def read_query(params: QueryParams) -> Query:
    """Read a search from the URL; raises Invalid, naming the parameter, for a value that cannot be meant."""
    text = params.get("q", "").strip()
    page = _number(params.get("page") or "1", "page")
    return Query(
        text=text,
        passage=bool(text) and params.get("passage") == "1",
        like=_several(params, "like", MAX_LIKE),
        unlike=_several(params, "unlike", MAX_LIKE),
        way=_one_of(params, "way", WAYS, "A search goes by"),
        years=tuple(_number(year, "year") for year in _several(params, "year")),
        categories=_several(params, "cat"),
        sources=_several(params, "source"),
        venues=_several(params, "venue"),
        organisations=_several(params, "org"),
        since=read_day(params["since"], "since") if params.get("since") else None,
        until=read_day(params["until"], "until") if params.get("until") else None,
        has_code={"1": True, "0": False}.get(params.get("code", "")),
        sort=_one_of(params, "sort", SORTS, "Results can be sorted by"),
        limit=PER_PAGE,
        offset=(min(max(page, 1), MAX_PAGE) - 1) * PER_PAGE,
        facets=True,
    )


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


def toggled(query: Query, facet: str, value: str) -> Query:
    """Add a facet's value to the query's filters, or take it away when it is there."""
    if facet == "code":
        return replace(query, has_code=None if query.has_code else True)
    field = next(field for name, _, field in FILTERS if name == facet)
    known: object = int(value) if facet == "year" else value
    now: tuple[object, ...] = getattr(query, field)
    then = tuple(item for item in now if item != known) if known in now else (*now, known)
    return replace(query, **{field: then})  # type: ignore[arg-type]


def _several(params: QueryParams, word: str, most: int = MAX_FILTERS) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(value.strip() for value in params.getlist(word) if value.strip()))
    if len(values) > most:
        raise Invalid(f"At most {most} values can be chosen at once.", field=word)
    return values


def _one_of(params: QueryParams, word: str, known: tuple[T, ...], sentence: str) -> T:
    """Read one of a few words, the first of them when nothing is said."""
    said = params.get(word) or known[0]
    chosen = next((one for one in known if one == said), None)
    if chosen is None:
        raise Invalid(f"{sentence} {', '.join(known)}.", field=word)
    return chosen


def _number(text: str, word: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):  # noqa: PLR2004 - more digits mean nothing here
        raise Invalid(f"{text[:40]!r} is not a whole number.", field=word)
    return int(text)
