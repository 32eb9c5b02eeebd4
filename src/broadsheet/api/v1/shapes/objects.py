"""Papers and lists of them, as they are told."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from broadsheet.model.query import Evidence as Matched
from broadsheet.model.selection import Kind


class Author(TypedDict):
    """A name on a paper, as printed."""

    name: str
    organisation: str | None
    orcid: str | None


class Id(TypedDict):
    """A name for a paper in somebody's scheme, and the address outside that it leads to."""

    scheme: str
    value: str
    url: str | None


class Link(TypedDict):
    """An address that belongs to a paper: ``code``, ``project``, ``data``, ``pdf``, ``page``, ``video``, ``other``."""

    kind: str
    url: str


class Version(TypedDict):
    """One version of a paper, numbered from 1."""

    number: int
    at: str | None
    comment: str | None


class Span(TypedDict):
    """A piece of a text, and whether it is what was asked for."""

    text: str
    matched: bool


class Part(TypedDict):
    """One part of what a paper's place among those that trend is made of: points are amount times weight, or less."""

    name: str
    amount: float
    weight: float
    points: float


class Evidence(TypedDict):
    """Why a paper is in a list.

    Of a search: its rank from 1, its score, what matched, whether it is only a guess, and title and sentence with
    marks. Of what trends: the parts of its place.
    """

    rank: int | None
    score: float | None
    matched: Matched | None
    guess: bool
    title: list[Span]
    sentence: list[Span]
    parts: list[Part]


class Mine(TypedDict):
    """How a paper stands with the reader whose token it is; an upvote that ``waits`` counts later."""

    upvoted: bool
    waits: bool


class Paper(TypedDict):
    """A paper, all of its records together; ``mine`` is null for anybody.

    ``id`` names it in addresses, ``url`` is its page here. ``upvotes`` and ``comments`` add up those given here and
    those that sources tell of. ``note`` is what the owner of a label says of it; ``evidence`` is there when asked for.
    """

    id: str
    url: str
    title: str
    abstract: str
    authors: list[Author]
    author_count: int
    ids: list[Id]
    published: str | None
    updated: str | None
    year: int | None
    categories: list[str]
    keywords: list[str]
    venue: str | None
    organisations: list[str]
    links: list[Link]
    pdf: str | None
    media: list[str]
    summary: str | None
    comment: str | None
    licence: str | None
    versions: list[Version]
    sources: list[str]
    days: list[str]
    upvotes: int
    comments: int
    stars: int
    citations: int
    has_code: bool
    withdrawn: bool
    note: str | None
    mine: Mine | None
    evidence: NotRequired[Evidence]


class Presented(TypedDict):
    """How a paper came to a daily page: when, and by whom; ``reader`` is the handle of a reader here."""

    day: str
    at: str | None
    by: str | None
    reader: str | None
    note: str | None


class Standing(TypedDict):
    """What a paper's place among those that trend is made of: when it appeared, the parts, and upvotes that wait."""

    born: str
    waiting: int
    parts: list[Part]


class Kept(TypedDict):
    """The slugs of the reader's labels that a paper is on, and how they marked it."""

    labels: list[str]
    mark: Literal["later", "read", "hidden"] | None


class Whole(Paper):
    """A paper alone: also how it came to its days, what its place is made of, and how the reader keeps it."""

    presented: list[Presented]
    standing: Standing | None
    kept: Kept | None


class About(TypedDict):
    """What is said of a list: ``total`` is null where nobody counted, ``updated`` where no paper has a date.

    ``name`` is the one to ask for it again, ``notices`` are sentences on how the words of a search were understood.
    """

    kind: Kind
    name: str
    title: str
    about: str | None
    total: int | None
    updated: str | None
    url: str
    notices: list[str]


class List(TypedDict):
    """A piece of a list; ``next`` is the address of what follows."""

    papers: list[Paper]
    list: About
    next: str | None


class LookedUp(TypedDict):
    """What was asked for, and the paper of that name."""

    asked: str
    paper: Paper | None


class Looked(TypedDict):
    """Papers by their names, in the order they were asked for."""

    papers: list[LookedUp]
