"""The ports for indexes: papers or their vectors go in, ids and scores come out. Texts stay in the store."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from broadsheet.model.paper import Paper
from broadsheet.model.query import Evidence, FacetValue, Query, Span

FACETS = ("year", "category", "source", "venue", "organisation", "code")


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper as a hit: why it is there, its title, and the sentence that shows it, with what matched marked.

    The sentence is of the abstract or, where only these matched, the line of authors, organisations, venue and
    keywords; the abstract's beginning where nothing but the title did, or nothing at all.
    """

    evidence: Evidence | None
    title: tuple[Span, ...]
    sentence: tuple[Span, ...]


class Highlighter(Protocol):
    """Finds in any paper the words that answer a query."""

    def shown(self, paper: Paper) -> Shown:
        """Judge by the paper's text why it is among the hits, and mark what matched; evidence None if nothing asked."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its stem, how it is written there, and how many papers have it."""

    stem: str
    surface: str
    papers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TextResult:
    """One page of an answer: ``(paper id, score)`` in rank order, and what is known of all that match.

    Scores are comparable within one answer only; an order by date or upvotes has scores of 0. ``total`` counts every
    match, or as many as are certain where ``at_least`` is set. ``said`` counts the bare words of
    the text, small ones too. Where few papers have all that tell something these are the first ``whole``, papers with
    some follow; else ``whole`` is 0. ``notices`` are sentences for the reader.
    """

    hits: tuple[tuple[int, float], ...] = ()
    total: int = 0
    at_least: bool = False
    said: int = 0
    whole: int = 0
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    highlighter: Highlighter


@dataclass(frozen=True, slots=True)
class NameSuggestion:
    """A name and how many papers bear it.

    An author's is folded, and ``paper_id`` is of a paper that prints it as it should be shown.
    """

    name: str
    papers: int
    paper_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSuggestions:
    """What a reader may be about to type, best first: ids of papers by their titles, and names."""

    titles: tuple[int, ...] = ()
    authors: tuple[NameSuggestion, ...] = ()
    organisations: tuple[NameSuggestion, ...] = ()
    venues: tuple[NameSuggestion, ...] = ()


class TextIndex(Protocol):
    """A searchable memory of the store; whatever it loses is written again from there.

    All methods may be called from several threads, and several processes may have one index open. They raise
    Unavailable when the index is damaged or another process holds the writer's lock for too long.
    """

    def write(self, papers: Iterable[Paper], removed: Iterable[int], upto: int) -> None:
        """Take the ``removed`` ids out, then put ``papers`` in, each in place of what has its id.

        ``papers`` may be a generator: it is read while the engine indexes. After the return all is durable and
        searchable and ``seen() == upto``. Doing it again changes nothing; after a crash in between, ``seen`` is the
        old number and the same write must be repeated.
        """

    def seen(self) -> int:
        """Tell the last ``changes.seq`` this index holds; 0 for a new one."""

    def search(self, query: Query, *, deadline_ms: int) -> TextResult:
        """Answer any query whatsoever; what cannot be understood becomes a notice.

        ``limit`` is taken up to MAX_OFFSET + MAX_LIMIT: a ranker needs more hits than a page shows.
        """

    def suggest(self, beginning: str, limit: int) -> TextSuggestions:
        """Suggest at most ``limit`` titles, authors, organisations and venues for any text being typed.

        Every word must be there, as the beginning of a part of a name; of a title only the last may be unfinished.
        """

    def about(self, text: str) -> str:
        """Give what a search text is about: its words and phrases without signs, fields and what is excluded."""

    def words(self, text: str) -> list[Word]:
        """Give the words of a readable text in order, with how many papers have each."""

    def narrowed(self, query: Query, most: int) -> tuple[int, Sequence[int] | None]:
        """Count the papers that meet all but the bare words of a query: filters, fields, phrases, exclusions.

        Also gives their ids, ascending, unless they are more than ``most`` or nothing narrows the query.
        """

    def fitting(self, query: Query, ids: Sequence[int], *, words: bool = False) -> set[int]:
        """Give those of the papers that meet all but the bare words of a query, or with ``words`` these too."""

    def stamps(self) -> Iterator[tuple[int, int]]:
        """Yield ``(paper id, stamp)`` of everything held, by ascending id."""

    def warm(self) -> None:
        """Read ahead what corrects misspelt words, so that no reader waits for it; costs nothing when it is read."""

    def count(self) -> int:
        """Count the papers held."""

    def beside(self) -> "TextIndex":
        """Start an empty index of the same kind beside this one, for building it anew; close or ``become`` it."""

    def become(self, other: "TextIndex") -> None:
        """Answer from ``other``, made by ``beside``, from now on, in every process; the old content is dropped."""

    def damage(self) -> tuple[str, ...]:
        """Read every byte and name what is broken, a sentence each; nothing when all is well."""

    def close(self) -> None:
        """Let go of files and locks; safe to call twice."""


Vectors = NDArray[np.float32]

# Up to so many papers a search ``among`` them is exact, at five times the cost of one in a million (bench/vectors.py).
MOST_AMONG = 20_000


class VectorIndex(Protocol):
    """Vectors of one embedding space, searchable by cosine; a memory of the store's log of embeddings.

    It lives in this process and is snapshot on disk, so ``open`` needs to read on only from the snapshot's ``seen()``.
    All vectors are float32 of unit length and of one dimension. All methods may be called from several threads;
    several processes may each have one open on the same folder.
    """

    @property
    def dimension(self) -> int:
        """Count the numbers in a vector."""

    def seen(self) -> int:
        """Tell the last number of the log that is in here; 0 for a new index."""

    def count(self) -> int:
        """Count the papers held."""

    def write(self, ids: Sequence[int], vectors: Vectors, removed: Collection[int], upto: int) -> None:
        """Take the ``removed`` ids out, then put ``vectors`` in, each in place of what has its id.

        ``vectors`` is ``(len(ids), dimension)``; ids are distinct. On return all of it is found by searches of this
        process and ``seen() == upto``. Doing it again changes nothing. A paper whose vector points nowhere (zero, or
        not finite) is not held. Raises Invalid for another shape, or an id that is there twice.
        """

    def nearest(self, vector: Vectors, limit: int, *, among: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """Give at most ``limit`` papers as ``(id, cosine)``, nearest first, equal ones by id.

        With ``among`` only these papers are compared, and up to MOST_AMONG of them all are, as precisely as they are
        stored; ids that are not held are passed over. A search among more, or among all, may miss some of the nearest
        where the index is large, but never gives fewer than there are. Cosines have six decimals. Raises Invalid for a
        vector of another shape.
        """

    def spread(self, vector: Vectors) -> tuple[float, float]:
        """Give mean and standard deviation of the cosines to all papers, estimated from a sample; 0, 0 when empty."""

    def vectors(self, ids: Sequence[int]) -> dict[int, Vectors]:
        """Give the vectors held of these papers, as precise as they are kept here and of unit length."""

    def save(self) -> None:
        """Write a snapshot, durably and so that a crash leaves the old one or the new; a newer one is left alone.

        Searches and writes go on meanwhile. Raises Unavailable when the folder cannot be written.
        """

    def close(self) -> None:
        """Let go of memory and files; safe to call twice."""
