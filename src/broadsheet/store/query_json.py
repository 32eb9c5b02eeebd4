"""A query as JSON, in a stated shape: an object with only those fields that say something.

==============  ==================================================================
``text``        the words, as typed
``passage``     ``true`` when the words are a text such as an abstract
``like``        ids or addresses of papers, as a list of texts
``unlike``      the same
``way``         ``words`` or ``meaning``
``categories``  a list of texts, as are ``sources``, ``venues``, ``organisations``, ``authors``
``years``       a list of whole numbers
``since``       a day, ``2026-03-06``
``until``       a day
``has_code``    ``true`` or ``false``
``sort``        ``date`` or ``upvotes``
==============  ==================================================================

``limit``, ``offset`` and ``facets`` belong to a page of hits and are not written.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from broadsheet.errors import Conflict
from broadsheet.model.query import SORTS, WAYS, Query

_BLANK = Query()


def as_document(query: Query) -> dict[str, Any]:
    """Write a query as an object for JSON."""
    told = {name: getattr(query, name) for name in _READERS}
    return {name: _written(value) for name, value in told.items() if value != getattr(_BLANK, name)}


def encode_query(query: Query) -> str:
    """Write a query as JSON in ASCII, which any database takes whatever the words are."""
    return json.dumps(as_document(query), separators=(",", ":"))


def decode_query(text: str) -> Query:
    """Read what ``encode_query`` wrote.

    Raises Conflict for a field that is not known here, as a newer Broadsheet would write, and for what is damaged.
    """
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Conflict("it is damaged")
    if unknown := sorted(told.keys() - _READERS.keys()):
        raise Conflict(f"a newer Broadsheet wrote it (unknown here: {', '.join(unknown)[:200]})")
    try:
        fields: dict[str, Any] = {name: _READERS[name](value) for name, value in told.items()}
    except ValueError as error:
        raise Conflict(f"it is damaged or of a newer Broadsheet ({str(error)[:200]})") from None
    return Query(**fields)


def _written(value: Any) -> Any:  # noqa: ANN401 - the fields of Query, each with its own type
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _of(kind: type) -> Callable[[object], object]:
    def read(value: object) -> object:
        if type(value) is not kind:
            raise ValueError(f"{value!r} is no {kind.__name__}")
        return value

    return read


def _several(kind: type) -> Callable[[object], object]:
    one = _of(kind)

    def read(value: object) -> object:
        if not isinstance(value, list):
            raise ValueError(f"{value!r} is no list")  # noqa: TRY004 - one kind of error for all that is misread
        return tuple(one(part) for part in value)

    return read


def _among(known: tuple[str, ...]) -> Callable[[object], object]:
    def read(value: object) -> object:
        if value not in known:
            raise ValueError(f"{value!r} is none of {', '.join(known)}")
        return value

    return read


def _day(value: object) -> date:
    return date.fromisoformat(str(value))


_READERS: Mapping[str, Callable[[object], object]] = {
    "text": _of(str),
    "passage": _of(bool),
    "like": _several(str),
    "unlike": _several(str),
    "way": _among(WAYS),
    "categories": _several(str),
    "sources": _several(str),
    "venues": _several(str),
    "organisations": _several(str),
    "authors": _several(str),
    "years": _several(int),
    "since": _day,
    "until": _day,
    "has_code": _of(bool),
    "sort": _among(SORTS),
}
