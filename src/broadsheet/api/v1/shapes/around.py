"""What stands around papers: suggestions, counts, the house, whose token it is."""

from typing import Literal

from typing_extensions import TypedDict


class Title(TypedDict):
    """A paper by its title."""

    id: str
    title: str
    url: str


class Name(TypedDict):
    """A name as printed, how many papers bear it, and the page that tells of it."""

    name: str
    papers: int
    url: str


class Suggestions(TypedDict):
    """What goes on from what is being typed, best first."""

    titles: list[Title]
    authors: list[Name]
    organisations: list[Name]
    venues: list[Name]


class Counted(TypedDict):
    """One value of a filter, how many papers of the search have it, and whether it was asked for."""

    value: str
    count: int
    chosen: bool


class Facets(TypedDict):
    """What a search could be narrowed by; of more papers than ``total`` where counting was cut short (``at_least``)."""

    total: int
    at_least: bool
    facets: dict[str, list[Counted]]
    notices: list[str]


class Me(TypedDict):
    """Whose token it is, and what it was made for; nothing is told by which mail or other site they sign in."""

    handle: str
    name: str
    about: str
    role: Literal["reader", "moderator", "admin"]
    suspended: bool
    joined_at: str
    token: str
    scopes: list[str]
    organisations: list[str]


class Source(TypedDict):
    """A source, and how many records it has told."""

    name: str
    records: int


class Status(TypedDict):
    """How the house stands: ``behind`` counts changes that search by words has not taken in yet.

    ``embedded`` is how many papers are found by meaning, null while search goes by words alone.
    """

    site: str
    version: str
    papers: int
    records: int
    sources: list[Source]
    indexed: int
    behind: int
    embedded: int | None
