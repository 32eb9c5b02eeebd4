"""An organisation: who works together, under which names their papers are printed, and who is a member here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from broadsheet.model.names import fold
from broadsheet.model.paper import Paper
from broadsheet.model.saved_search import folded, slug_of
from broadsheet.model.text import plain

MAX_NAME = 120
MAX_ABOUT = 2_000
MAX_LINK = 500
MAX_NAMES = 50
_NAMELESS = "search"

# ``asked``: wants to be a member; ``invited``: a keeper wants them to be. Neither is one yet.
Role = Literal["asked", "invited", "member", "keeper"]
INSIDE: tuple[Role, ...] = ("member", "keeper")


@dataclass(frozen=True, slots=True)
class Organisation:
    """A group of people; ``names`` gives each name that papers print by its key.

    Whoever has shown to have a mail address at ``domain`` becomes a member by asking; empty where nobody does. ``id``
    is 0 for one of which nothing is kept but what the papers say.
    """

    id: int
    slug: str
    name: str
    about: str = ""
    link: str = ""
    domain: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Member:
    """A reader and their part in an organisation."""

    reader_id: int
    handle: str
    name: str
    role: Role
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationPage:
    """An organisation with its members and its papers, newest first, of which ``papers`` are on the page.

    Counts as on an author's page.
    """

    organisation: Organisation
    members: tuple[Member, ...] = ()
    papers: tuple[Paper, ...] = ()
    all: tuple[Paper, ...] = ()
    total: int = 0
    at_least: bool = False
    page: int = 1


def organisation_key(name: str) -> str:
    """Give the form by which two names are one: letters and digits, without case, accents and punctuation."""
    return fold(plain(name))


def organisation_slug(name: str) -> str:
    """Make the slug of a name; one without letters and digits is called ``organisation``."""
    found = slug_of(plain(name))
    return "organisation" if found == _NAMELESS and folded(name) != _NAMELESS else found
