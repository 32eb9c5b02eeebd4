"""A label: papers that a reader keeps under a name; and what a reader means to do with a paper."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from broadsheet.model.paper import Paper
from broadsheet.model.saved_search import folded, slug_of

# ``group``: the members of one organisation.
SeenBy = Literal["me", "group", "all"]
SEEN_BY: tuple[SeenBy, ...] = ("me", "group", "all")
# ``hidden`` papers are shown neither on a reader's daily page nor among what they search for.
State = Literal["later", "read", "hidden"]
STATES: tuple[State, ...] = ("later", "read", "hidden")

MAX_NAME = 80
MAX_ABOUT = 2_000
MAX_NOTE = 2_000
MAX_LABELS = 200
MAX_PAPERS = 5_000
# Where the slug of a saved search that has no word in it comes from.
_NAMELESS = "search"


@dataclass(frozen=True, slots=True)
class Label:
    """A named set of a reader's papers; ``slug`` is unique among the reader's own and stays when ``name`` changes.

    ``organisation_id`` is the group that may see it, where ``seen_by`` is ``group``. ``papers`` counts them.
    """

    id: int
    reader_id: int
    slug: str
    name: str
    at: datetime
    changed_at: datetime
    about: str = ""
    seen_by: SeenBy = "me"
    organisation_id: int | None = None
    papers: int = 0


@dataclass(frozen=True, slots=True)
class KeptPaper:
    """A paper that is kept, since when, and the reader's note to it."""

    paper: Paper
    at: datetime
    note: str = ""


def label_slug(name: str) -> str:
    """Make the slug of a label; one without letters and digits is called ``label``."""
    found = slug_of(name)
    return "label" if found == _NAMELESS and folded(name) != _NAMELESS else found
