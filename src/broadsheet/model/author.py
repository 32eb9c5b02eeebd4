"""An author as a person: under which names, which papers, and how what is known of them came to be so."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Literal
from unicodedata import category, normalize

from broadsheet.model.names import fold
from broadsheet.model.paper import Paper
from broadsheet.model.text import plain
from broadsheet.model.unicode import nfc

MAX_NAME = 200
# A longer name is no person's, but a list of several; it has no page.
MAX_SLUG = 120
MAX_WHY = 500
_NUMBERED = MAX_SLUG + len("-9999")
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)

# How a claim can be shown to be right, and how one stands.
Method = Literal["mail", "orcid", "listed", "moderator"]
ClaimState = Literal["open", "granted", "refused", "appealed", "withdrawn"]
# What of an author an act can change: into whom they were merged, how they are called, whose a name is, whether a
# paper is theirs whatever its names say, and whose page a claim is for.
Row = Literal["into", "called", "name", "paper", "claim"]
Value = str | int | tuple[int, str] | tuple[bool, str] | None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes papers; ``names`` gives each name as printed by its key.

    ``id`` is 0 for one of whom nothing is kept but what the papers say.
    """

    id: int
    slug: str
    name: str
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def spellings(self) -> tuple[str, ...]:
        """The names to search by."""
        return tuple(dict.fromkeys((self.name, *self.names.values())))


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorPage:
    """A person with one page of their papers, and what all of them say together.

    ``total`` counts the papers, and ``at_least`` says that there are more than were read. ``spellings`` are the names
    as printed, ``coauthors`` and ``organisations`` names with the number of papers, each the most frequent first.
    """

    person: Person
    papers: tuple[Paper, ...] = ()
    all: tuple[Paper, ...] = ()
    total: int = 0
    at_least: bool = False
    page: int = 1
    upvotes: int = 0
    spellings: tuple[str, ...] = ()
    coauthors: tuple[tuple[str, int], ...] = ()
    organisations: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One value that an act changed, or only looked at when both are the same; ``key`` says which of its kind."""

    row: Row
    key: str
    before: Value
    after: Value

    @property
    def is_new(self) -> bool:
        """Whether anything is other than before."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did to an author, and all that it changed; ``by`` is their handle, empty for the house."""

    id: int
    author_id: int
    reader_id: int | None
    act: str
    changes: tuple[Change, ...]
    why: str
    at: datetime | None = None
    undone_at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """That a reader says to be an author; ``evidence`` is what we found for it, ``why`` is of the decision."""

    id: int
    reader_id: int
    author_id: int
    method: Method
    state: ClaimState
    words: str
    at: datetime
    paper_id: int | None = None
    evidence: str = ""
    why: str = ""
    settled_at: datetime | None = None
    appealed_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether a moderator must decide."""
        return self.state in {"open", "appealed"}

    @property
    def may_appeal(self) -> bool:
        """Whether the reader may ask others to look again: once."""
        return self.state == "refused" and self.appealed_at is None


def spoken(name: str) -> str:
    """Give a name as it is spoken: without TeX, and *Last, First* turned round."""
    words = " ".join(plain(name).split())
    last, comma, first = (part.strip() for part in words.partition(","))
    if not comma or not last or not first or "," in first or _SUFFIX.fullmatch(first):
        return words
    return f"{first} {last}"


@lru_cache(maxsize=1 << 15)
def name_key(name: str) -> str:
    """Give the form by which two names are one: letters and digits, without case, accents and punctuation.

    Empty for what names nobody.
    """
    return fold(spoken(name)) if len(name) <= MAX_NAME else ""


def author_slug(name: str) -> str:
    """Make the slug of a name: its letters, marks and digits in lower case, words joined by hyphens.

    The key of a slug is that of the name. Empty for a name that has no key, or is longer than MAX_SLUG.
    """
    if not name_key(name):
        return ""
    lower = nfc(normalize("NFKC", spoken(name)).lower())
    slug = "-".join("".join(c if _stays(c) else " " for c in lower).split())
    return slug if len(slug) <= MAX_SLUG and name_key(slug) == name_key(name) else ""


def is_author_slug(text: str) -> bool:
    """Tell whether a text can be an author's slug at all."""
    return 0 < len(text) <= _NUMBERED and all(c == "-" or _stays(c) for c in text) and name_key(text) != ""


def unslugged(slug: str) -> str:
    """Give the words of a slug, which find the papers of a name of which nothing else is known."""
    return " ".join(slug.replace("-", " ").split())


def author_keys(paper: Paper) -> frozenset[str]:
    """Give the keys of the names printed on a paper, to be compared with many."""
    return frozenset(name_key(author.name) for author in paper.authors) - {""}


def is_by(paper: Paper, keys: Mapping[str, object]) -> bool:
    """Tell whether an author of a paper has one of these keys."""
    return not author_keys(paper).isdisjoint(keys)


def depends(later: Act, earlier: Act) -> bool:
    """Tell whether an act looked at or changed what an earlier one had changed, so that it must be undone first."""
    changed = {(change.row, change.key) for change in earlier.changes if change.is_new}
    return any((change.row, change.key) in changed for change in later.changes)


def _stays(character: str) -> bool:
    return category(character)[0] in "LMN"
