"""What a house tells of its readers: what they say, keep, follow and bring in; and of itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class By:
    """A reader."""

    handle: str
    name: str


@dataclass(frozen=True, slots=True)
class Reaction:
    """An emoji, how many readers said it, and whether the reader whose token it is did."""

    emoji: str
    count: int
    mine: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody said in Markdown; of what was taken back or down only the place is left.

    ``by`` is None for who has left, ``badge`` says whether they are ``author`` or ``submitter`` of the paper, ``state``
    is shown, held, hidden or withdrawn, ``answers_to`` the number of the comment it answers.
    """

    number: int
    by: By | None
    badge: str | None
    body: str
    state: str
    at: datetime
    edited_at: datetime | None
    answers_to: int | None
    reactions: tuple[Reaction, ...]
    url: str


@dataclass(frozen=True, slots=True)
class Comment(Answer):
    """A comment with the answers to it."""

    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Voted:
    """How many upvotes a paper has, and whether the reader's own is one of them; one that ``waits`` counts later."""

    paper: str
    upvotes: int
    upvoted: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class Label:
    """Papers under a name, ``seen_by`` me, group (the members of ``organisation``) or all.

    ``list`` is its list as the house names it: ``label/ada/good``.
    """

    slug: str
    name: str
    about: str
    seen_by: str
    organisation: str | None
    papers: int
    at: datetime
    changed_at: datetime
    url: str
    list: str


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search under a name; ``query`` has the words of the house's addresses, ``search`` is the page it stands for."""

    slug: str
    name: str
    query: Mapping[str, object]
    at: datetime
    changed_at: datetime
    search: str
    url: str
    list: str


@dataclass(frozen=True, slots=True)
class Followed:
    """One thing that is followed; ``list`` is its list as the house names it."""

    kind: str
    target: str
    name: str
    url: str
    list: str


@dataclass(frozen=True, slots=True)
class Submission:
    """What became of what was brought in: known, fetching, held, shown, refused or withdrawn.

    ``known`` is a paper that was there already, which has no number.
    """

    number: int | None
    asked: str
    state: str
    why: str | None
    note: str | None
    day: date | None
    at: datetime | None
    paper: str | None


@dataclass(frozen=True, slots=True)
class Me:
    """Whose token it is, and what it was made for."""

    handle: str
    name: str
    about: str
    role: str
    suspended: bool
    joined_at: datetime
    token: str
    scopes: tuple[str, ...]
    organisations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A source, and how many records it has told."""

    name: str
    records: int


@dataclass(frozen=True, slots=True)
class Status:
    """How the house stands: ``behind`` counts changes that search by words has not taken in yet.

    ``embedded`` is how many papers are found by meaning, None while search goes by words alone.
    """

    site: str
    version: str
    papers: int
    records: int
    sources: tuple[Source, ...]
    indexed: int
    behind: int
    embedded: int | None
