"""What a reader asks, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from broadsheet.model.paper import Paper

Sort = Literal["relevance", "date", "upvotes"]
SORTS: tuple[Sort, ...] = ("relevance", "date", "upvotes")
MAX_LIMIT = 100
MAX_OFFSET = 10_000
MAX_TEXT = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Words, filters and an order. ``text`` follows the search grammar; filters of one kind are alternatives.

    ``since`` and ``until`` are inclusive days; ``limit`` and ``offset`` count hits, clamped to MAX_LIMIT, MAX_OFFSET.
    """

    text: str = ""
    categories: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    since: date | None = None
    until: date | None = None
    has_code: bool | None = None
    sort: Sort = "relevance"
    limit: int = 20
    offset: int = 0
    facets: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text and whether it matched."""

    text: str
    matched: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper that answers a query: its rank from 1, its score, and the sentence that shows why."""

    rank: int
    score: float
    paper: Paper
    title: tuple[Span, ...] = ()
    snippet: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet, how many matching papers have it, and whether the query already asks for it."""

    value: str
    count: int
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A page of hits. ``total`` counts all matches (``at_least`` when counting was cut short).

    ``exact`` is set when the text was an id or address and goes straight to its paper. ``notices`` are sentences on how
    the text was understood (an unknown field, an open quote, a long text cut to its rarest words).
    """

    query: Query
    hits: tuple[Hit, ...] = ()
    total: int = 0
    at_least: bool = False
    exact: Paper | None = None
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    took_ms: float = 0.0
