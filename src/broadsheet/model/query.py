"""What a reader asks, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from broadsheet.model.paper import Paper

Sort = Literal["relevance", "date", "upvotes"]
SORTS: tuple[Sort, ...] = ("relevance", "date", "upvotes")
# What a search goes by: the words of papers, their meaning, or both.
Way = Literal["both", "words", "meaning"]
WAYS: tuple[Way, ...] = ("both", "words", "meaning")
# Why a paper is there, the strongest reason that holds: the words stand in it together and in order; all of them do;
# some of them do; none needs to, it is near in meaning.
Evidence = Literal["phrase", "all words", "some words", "same topic"]
# What a reader is told of it: a label, and what that promises.
EVIDENCE: Mapping[Evidence, tuple[str, str]] = {
    "phrase": ("phrase", "The words stand together here, in their order"),
    "all words": ("all words", "All the words stand here"),
    "some words": ("some words", "Some of the words stand here"),
    "same topic": ("same topic, other words", "None of the words stands here; it is near in meaning"),
}
MAX_LIKE = 20
MAX_LIMIT = 100
MAX_OFFSET = 10_000
MAX_TEXT = 20_000
# By so many of its authors a paper is found, the first.
MAX_AUTHORS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Words, filters and an order.

    ``text`` follows the search grammar, or is a ``passage`` such as an abstract, whose signs mean nothing; filters of
    one kind are alternatives. ``since`` and ``until`` are inclusive days; ``limit`` and ``offset`` count hits, clamped
    to MAX_LIMIT, MAX_OFFSET.
    ``authors`` are whole names, in any case and with or without accents; the first MAX_AUTHORS of a paper count.
    ``like`` and ``unlike`` name papers, at most MAX_LIKE each, by any id or address: found are papers near the former
    and away from the latter, themselves left out.
    """

    text: str = ""
    passage: bool = False
    like: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    way: Way = "both"
    categories: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
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
    """A paper that answers a query: its rank from 1, its score, why it is there, and the sentence that shows it.

    ``evidence`` is None where no words were asked for. ``guess`` is set when it is no match by words but only near in
    meaning; some of the words may stand in it all the same. ``snippet`` is a literal sentence of the paper: the one
    that matched, or the one nearest in meaning.
    """

    rank: int
    score: float
    paper: Paper
    title: tuple[Span, ...] = ()
    snippet: tuple[Span, ...] = ()
    evidence: Evidence | None = None
    guess: bool = False


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet, how many matching papers have it, and whether the query already asks for it."""

    value: str
    count: int
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A page of hits. ``total`` counts all papers that match by words (``at_least`` when counting was cut short).

    ``related`` counts those beside them that only share the topic; pages go on to them.

    ``exact`` is set when the text was an id or address and goes straight to its paper. ``like`` and ``unlike`` are the
    papers that the query names so, in its order. ``notices`` are sentences on how
    the text was understood (an unknown field, an open quote, a long text cut to its rarest words).
    """

    query: Query
    hits: tuple[Hit, ...] = ()
    total: int = 0
    at_least: bool = False
    related: int = 0
    exact: Paper | None = None
    like: tuple[Paper, ...] = ()
    unlike: tuple[Paper, ...] = ()
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    took_ms: float = 0.0

    @property
    def is_parted(self) -> bool:
        """Tell whether matches are told from guesses: not where nothing matches or nearness is all that is asked."""
        return bool(self.total) and not (self.query.like or self.query.passage)

    def parted(self) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
        """Part the page where matches end and nothing but guesses follows.

        One guess at its end does not part it while another page follows, which may begin with matches.
        """
        end = len(self.hits)
        while self.is_parted and end and self.hits[end - 1].guess:
            end -= 1
        is_last = not self.at_least and self.query.offset + len(self.hits) >= self.total + self.related
        if end == len(self.hits) - 1 and not is_last:
            end += 1
        return self.hits[:end], self.hits[end:]
