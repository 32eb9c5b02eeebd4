"""What a house tells of papers; fields are named as in its document, and what is not known is None or empty."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Author:
    """A name on a paper, as printed."""

    name: str
    organisation: str | None
    orcid: str | None


@dataclass(frozen=True, slots=True)
class Id:
    """A name for a paper in somebody's scheme, and the address outside that it leads to."""

    scheme: str
    value: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """An address that belongs to a paper: ``code``, ``project``, ``data``, ``pdf``, ``page``, ``video``, ``other``."""

    kind: str
    url: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a paper, numbered from 1."""

    number: int
    at: datetime | None
    comment: str | None


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text, and whether it is what was asked for."""

    text: str
    matched: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One part of what a paper's place among those that trend is made of: points are amount times weight, or less."""

    name: str
    amount: float
    weight: float
    points: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a paper is in a list.

    Of a search: its rank from 1, its score, what matched, whether it is only a guess, and title and sentence with
    marks. Of what trends: the parts of its place.
    """

    rank: int | None
    score: float | None
    matched: str | None
    guess: bool
    title: tuple[Span, ...]
    sentence: tuple[Span, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Mine:
    """How a paper stands with the reader whose token it is; an upvote that ``waits`` counts later."""

    upvoted: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper, all of its records together; ``mine`` is None without a token.

    ``id`` names it in all that is asked, ``url`` is its page in the house. ``evidence`` is there when asked for,
    ``note`` in the lists of labels. Where only some fields were asked for, the others are as if nothing were known.
    """

    id: str
    url: str = ""
    title: str = ""
    abstract: str = ""
    authors: tuple[Author, ...] = ()
    author_count: int = 0
    ids: tuple[Id, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    year: int | None = None
    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    venue: str | None = None
    organisations: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    pdf: str | None = None
    media: tuple[str, ...] = ()
    summary: str | None = None
    comment: str | None = None
    licence: str | None = None
    versions: tuple[Version, ...] = ()
    sources: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    upvotes: int = 0
    comments: int = 0
    stars: int = 0
    citations: int = 0
    has_code: bool = False
    withdrawn: bool = False
    note: str | None = None
    mine: Mine | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Presented:
    """How a paper came to a daily page: when, and by whom; ``reader`` is the handle of a reader of the house."""

    day: date
    at: datetime | None
    by: str | None
    reader: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a paper's place among those that trend is made of: when it appeared, the parts, and upvotes that wait."""

    born: datetime
    waiting: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """The slugs of the reader's labels that a paper is on, and how they marked it: later, read, hidden or not."""

    labels: tuple[str, ...]
    mark: str | None


@dataclass(frozen=True, slots=True)
class WholePaper(Paper):
    """A paper alone: also how it came to its days, what its place is made of, and how the reader keeps it."""

    presented: tuple[Presented, ...] = ()
    standing: Standing | None = None
    kept: Kept | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a list: ``total`` is None where nobody counted, ``updated`` where no paper has a date.

    ``name`` is the one to ask for it again, ``notices`` are sentences on how the words of a search were understood.
    """

    kind: str
    name: str
    title: str
    about: str | None
    total: int | None
    updated: datetime | None
    url: str
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """A paper by its title."""

    id: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name as printed, how many papers bear it, and the page that tells of it."""

    name: str
    papers: int
    url: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What goes on from what is being typed, best first."""

    titles: tuple[Title, ...]
    authors: tuple[Name, ...]
    organisations: tuple[Name, ...]
    venues: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """One value of a filter, how many papers of the search have it, and whether it was asked for."""

    value: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facets:
    """What a search could be narrowed by; of more papers than ``total`` where counting was cut short (``at_least``)."""

    total: int
    at_least: bool
    facets: Mapping[str, tuple[Counted, ...]]
    notices: tuple[str, ...]
