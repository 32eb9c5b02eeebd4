"""What a self-test found: how often searches for papers that are known to be there find them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from broadsheet.model.query import Way

# What a query is made of: a paper's title; half of the title's words in any order; a sentence of its abstract; that
# with words dropped; its whole abstract.
Kind = Literal["title", "half title", "sentence", "fewer words", "abstract"]
KINDS: tuple[Kind, ...] = ("title", "half title", "sentence", "fewer words", "abstract")
# Ranks below this count as not found.
DEPTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How queries of one kind fared one way.

    ``first`` and ``tenth`` are the shares, 0 to 1, whose paper came first, or among the first DEPTH; ``mrr`` is the
    mean of one over the rank, 0 beyond DEPTH; ``ms`` is the median time of a search.
    """

    kind: Kind
    way: Way
    queries: int
    first: float
    tenth: float
    mrr: float
    ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A share of meaning that was tried, and the mean over all kinds of their MRR.

    ``fit`` tells whether look-ups by title find as much as by words alone.
    """

    weight: float
    mrr: float
    fit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTest:
    """One self-test: of which embedder, on how many ``papers``, with which ``seed``, when, and what was seen.

    ``default`` is the embedder's own share of meaning; ``weight`` the one that was found better for this shelf, None
    where none was. ``trials`` is empty where none was looked for.
    """

    at: datetime
    embedder: str
    version: str
    papers: int
    seed: int
    default: float
    weight: float | None
    measured: tuple[Measured, ...]
    trials: tuple[Trial, ...] = ()
