"""Narrow a list that is no search by the filters of one, and put it in another order."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from broadsheet.model.author import name_key
from broadsheet.model.paper import Paper
from broadsheet.model.query import MAX_AUTHORS, Query, Sort
from broadsheet.model.selection import moment_of
from broadsheet.model.text import clean

# The filters of a query whose values are alternatives, and what a paper has of each.
_ALTERNATIVES: dict[str, Callable[[Paper], Iterable[object]]] = {
    "categories": lambda paper: map(_folded, (*paper.categories, *_archives(paper))),
    "sources": lambda paper: map(_folded, paper.sources),
    "venues": lambda paper: (_folded(paper.venue),),
    "organisations": lambda paper: map(_folded, paper.organisations),
    "authors": lambda paper: (name_key(author.name) for author in paper.authors[:MAX_AUTHORS]),
    "years": lambda paper: (paper.year,),
}
# Of these a paper has one.
_OF_ONE = ("venues", "years")
_BEFORE_ALL = datetime(1, 1, 1, tzinfo=UTC)


def narrows(query: Query) -> bool:
    """Tell whether a query has filters."""
    return (
        any(getattr(query, field) for field in _ALTERNATIVES)
        or query.since is not None
        or query.until is not None
        or query.has_code is not None
    )


def fits(paper: Paper, query: Query) -> bool:
    """Tell whether a paper meets the filters of a query, as a search takes them; letter case does not matter.

    A category's archive stands for all of it: ``cs`` for ``cs.CL``. A paper without a date is of no time.
    """
    alike = all(_has_one(paper, field, query) for field in _ALTERNATIVES)
    return alike and _is_of_time(paper, query) and query.has_code in {None, paper.has_code}


def in_order(papers: Iterable[Paper], sort: Sort) -> list[Paper]:
    """Put papers in an order, ties as they stood; by relevance a list stays in its own."""
    found = list(papers)
    if sort == "date":
        found.sort(key=_moment, reverse=True)
    elif sort == "upvotes":
        found.sort(key=lambda paper: paper.upvotes, reverse=True)
    return found


def both(base: Query, more: Query) -> tuple[Query | None, Query]:
    """Give the query that asks for what two of them ask for together, and by what its papers must be sifted still.

    None where no paper can meet the filters of both. The words are those of ``base``, the order that of ``more`` where
    it names one. Of what a paper may have several of, such as authors, one query cannot ask for two at once: those of
    ``base`` stay in the query, those of ``more`` are in the sieve.
    """
    told: dict[str, Any] = {}
    sieve: dict[str, Any] = {}
    for field in _ALTERNATIVES:
        ours, theirs = getattr(base, field), getattr(more, field)
        told[field] = ours or theirs
        if ours and theirs and field in _OF_ONE:
            known = _forms(field, ours)
            told[field] = tuple(each for each in theirs if _forms(field, (each,)) <= known)
        elif ours and theirs:
            sieve[field] = theirs
    told["since"] = max(filter(None, (base.since, more.since)), default=None)
    told["until"] = min(filter(None, (base.until, more.until)), default=None)
    told["has_code"] = base.has_code if more.has_code is None else more.has_code
    told["sort"] = base.sort if more.sort == "relevance" else more.sort
    lost = any(not told[field] and getattr(base, field) for field in _OF_ONE)
    impossible = lost or base.has_code not in {None, told["has_code"]}
    return None if impossible else replace(base, **told), Query(**sieve)


def _has_one(paper: Paper, field: str, query: Query) -> bool:
    wanted = getattr(query, field)
    return not wanted or not _forms(field, wanted).isdisjoint(_ALTERNATIVES[field](paper))


def _is_of_time(paper: Paper, query: Query) -> bool:
    if query.since is None and query.until is None:
        return True
    at = moment_of(paper.published)
    if at is None:
        return False
    return (query.since is None or query.since <= at.date()) and (query.until is None or at.date() <= query.until)


def _forms(field: str, values: Iterable[Any]) -> set[object]:
    if field == "years":
        return set(values)
    told: set[object] = {name_key(value) if field == "authors" else _folded(clean(value)) for value in values}
    # A name without a letter is nobody's.
    return told - {""}


def _folded(value: str) -> str:
    return value.casefold()


def _archives(paper: Paper) -> Iterable[str]:
    return (value.partition(".")[0] for value in paper.categories)


def _moment(paper: Paper) -> datetime:
    return moment_of(paper.published) or _BEFORE_ALL
