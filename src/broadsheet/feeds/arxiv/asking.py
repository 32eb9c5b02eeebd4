"""The parameters of arXiv's query API, told in its own words when they cannot be read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from broadsheet.feeds.arxiv import grammar
from broadsheet.feeds.arxiv.translate import translate
from broadsheet.feeds.arxiv.tree import Unanswerable
from broadsheet.flow.reading.exactly import MOST, Line, Order
from broadsheet.model.ids import arxiv_id
from broadsheet.model.query import Query

T = TypeVar("T")
_ORDERS: Final[Mapping[str, Order]] = {
    "relevance": "relevance",
    "lastUpdatedDate": "updated",
    "submittedDate": "submitted",
}
_WAYS: Final = {"ascending": True, "descending": False}
_USUAL: Final = 10
_NUMBER: Final = re.compile("[0-9]{1,9}")
_LONGEST: Final = 100_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted and in which order: all that meets ``query``, or of these ``ids`` of arXiv's what does."""

    query: Query | None
    ids: tuple[str, ...] | None
    line: Line


def read(params: Mapping[str, str]) -> Asked:
    """Read a request; raises Unanswerable."""
    start, limit = _number(params, "start", 0), _number(params, "max_results", _USUAL)
    order = _one_of(params, "sortBy", _ORDERS, "relevance")
    ascending = _one_of(params, "sortOrder", _WAYS, "descending")
    wanted = translate(grammar.parse(params.get("search_query", "")))
    listed = _ids(params.get("id_list", ""))
    if listed is not None and wanted.ids is not None:
        listed = tuple(i for i in listed if i in wanted.ids)
    return Asked(
        wanted.query, wanted.ids if listed is None else listed, Line(order, ascending, start, min(limit, MOST))
    )


def _ids(text: str) -> tuple[str, ...] | None:
    """Read ids, with or without a version: what is here is the latest one."""
    told = [one.strip() for one in text[:_LONGEST].split(",") if one.strip()]
    if len(told) > MOST or len(text) > _LONGEST:
        raise Unanswerable(f"id_list takes at most {MOST:,} ids")
    found = []
    for one in told:
        known = arxiv_id(one)
        if known is None:
            raise Unanswerable(f"incorrect id format for {one[:80]}")
        found.append(known[0].value)
    return tuple(dict.fromkeys(found)) if found else None


def _number(params: Mapping[str, str], name: str, usual: int) -> int:
    text = params.get(name, "").strip()
    if not text:
        return usual
    if _NUMBER.fullmatch(text):
        return int(text)
    is_negative = _NUMBER.fullmatch(text.removeprefix("-")) is not None
    raise Unanswerable(f"{name} must be {'non-negative' if is_negative else 'an integer'}")


def _one_of(params: Mapping[str, str], name: str, known: Mapping[str, T], usual: str) -> T:
    said = params.get(name, "").strip() or usual
    if said not in known:
        raise Unanswerable(f"{name} must be in: {', '.join(known)}")
    return known[said]
