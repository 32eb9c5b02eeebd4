"""How lists are asked for: filters and an order by the names of the library, in the words of the house's addresses."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypedDict
from urllib.parse import quote, urlencode

from broadsheet.model.query import Sort, Way

Several = str | Sequence[str]


class Filters(TypedDict, total=False):
    """What narrows any list and orders it; several of one name are alternatives, and one may stand by itself.

    ``since`` and ``until`` are days of publication, both within; ``sort`` relevance is the list's own order.
    """

    categories: Several
    sources: Several
    venues: Several
    organisations: Several
    authors: Several
    years: int | Sequence[int]
    since: date | str | None
    until: date | str | None
    has_code: bool | None
    sort: Sort


class Words(Filters, total=False):
    """What narrows a search, and asks for more than its text: papers to be like or away from, by any id.

    ``passage`` tells that the text is one whose signs mean nothing, ``way`` whether words or meaning alone count.
    """

    passage: bool
    like: Several
    unlike: Several
    way: Way


class Asked(Filters, total=False):
    """How any list is asked for: ``limit`` papers at most, these ``fields`` of each, why it is there as ``evidence``.

    Without a ``limit`` it goes on to the end; without ``fields`` papers are whole.
    """

    limit: int | None
    fields: Several
    evidence: bool


class AskedInWords(Words, Asked, total=False):
    """How a search is asked for."""


_WORDS = {
    "text": "q",
    "passage": "passage",
    "like": "like",
    "unlike": "unlike",
    "way": "way",
    "categories": "cat",
    "sources": "source",
    "venues": "venue",
    "organisations": "org",
    "authors": "author",
    "years": "year",
    "since": "since",
    "until": "until",
    "has_code": "code",
    "sort": "sort",
}
_FLAGS = frozenset({"passage", "has_code"})
# Of these there is one, of all others several.
_ONE = frozenset({"text", "way", "since", "until", "sort"})


def in_words(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Say filters in the words of addresses, without those that ask for nothing; TypeError for one there is not."""
    unknown = next((name for name in asked if name not in _WORDS), None)
    if unknown is not None:
        raise TypeError(f"A list cannot be asked for by {unknown!r}, only by {', '.join(_WORDS)}.")
    said = {_WORDS[name]: _written(name, value) for name, value in asked.items() if value is not None}
    return {word: value for word, value in said.items() if value not in ("", [])}


def in_address(path: str, words: Mapping[str, Any]) -> str:
    """Put words into an address."""
    return f"{path}?{urlencode(words, doseq=True, errors='replace')}" if words else path


def name(text: str) -> str:
    """Write a name of one part of an address, whatever it holds."""
    return quote(text, safe="", errors="replace")


def names(text: str) -> str:
    """Write a name of several parts, such as a paper's id or ``handle/slug``."""
    return quote(text, safe="/:@,;", errors="replace")


def several(value: Any) -> list[Any]:  # noqa: ANN401 - what a filter may be
    """Make a list of one value or of several."""
    return [value] if isinstance(value, str | int) else [*value]


def _written(field: str, value: Any) -> Any:  # noqa: ANN401 - what a filter may be
    if field in _FLAGS:
        return str(int(value))
    if field in _ONE:
        return value.isoformat() if isinstance(value, date) else value
    return several(value)
