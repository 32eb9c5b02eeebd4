"""The URL grammar, read: a search, a day, and searches made wider or narrower by a click."""

import re
from dataclasses import replace
from datetime import date
from typing import TypeVar

from starlette.datastructures import QueryParams

from broadsheet.errors import Invalid
from broadsheet.model.places import FILTERS
from broadsheet.model.query import MAX_LIKE, MAX_OFFSET, SORTS, WAYS, Query

T = TypeVar("T", bound=str)
PER_PAGE = 20
MAX_PAGE = MAX_OFFSET // PER_PAGE + 1
MAX_FILTERS = 20
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_day(text: str, field: str = "day") -> date:
    """Read ``YYYY-MM-DD``; raises Invalid, naming ``field``, for anything else, other ISO spellings included."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Invalid(f"{text[:40]!r} is not a day. A day is written 2026-03-06.", field=field)


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
