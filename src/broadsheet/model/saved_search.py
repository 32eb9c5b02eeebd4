"""A search that is kept under a name, and the short form of the name that stands in its address."""

from dataclasses import dataclass
from datetime import datetime
from unicodedata import category, normalize

from broadsheet.model.query import Query
from broadsheet.model.unicode import nfc

MAX_NAME = 100
# Without the number that tells two alike apart.
MAX_SLUG = 60
_NUMBERED_SLUG = MAX_SLUG + len("-9999")


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """What is asked under which name; ``slug`` names it in addresses and stays when ``name`` changes.

    ``query`` keeps its default ``limit``, ``offset`` and ``facets``: they belong to a page of hits. Both instants are
    aware and in UTC.
    """

    id: int
    slug: str
    name: str
    query: Query
    at: datetime
    changed_at: datetime


def folded(name: str) -> str:
    """Give the form by which two names are the same: without case, and compatibility forms set as usual (NFKC)."""
    return nfc(normalize("NFKC", name).casefold())


def slug_of(name: str) -> str:
    """Make a slug of at most MAX_SLUG characters: letters, marks and digits of any script, words joined by hyphens.

    A name without any of them gives ``search``.
    """
    words = "".join(c if _stays(c) else " " for c in folded(name)).split()
    return "-".join(words)[:MAX_SLUG].strip("-") or "search"


def is_slug(text: str) -> bool:
    """Tell whether a text can be a slug at all."""
    return 0 < len(text) <= _NUMBERED_SLUG and all(c == "-" or _stays(c) for c in text)


def _stays(character: str) -> bool:
    return category(character)[0] in "LMN"
