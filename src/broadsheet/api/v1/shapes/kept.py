"""What readers keep and do: votes, labels, marks, saved searches, follows, submissions."""

from typing import Literal, cast

from typing_extensions import TypedDict

from broadsheet.api.v1.grammar import Filters
from broadsheet.api.v1.shapes.objects import Paper
from broadsheet.api.v1.shapes.values import stamp
from broadsheet.model import label as model
from broadsheet.model.paper import Paper as Whole
from broadsheet.model.places import FILTERS, list_url, search_url
from broadsheet.model.query import Query
from broadsheet.model.reader import Reader
from broadsheet.model.saved_search import SavedSearch
from broadsheet.model.selection import Selection
from broadsheet.model.submission import Submission as Brought

Mark = Literal["later", "read", "hidden"]
Followable = Literal["author", "organisation", "category", "label", "search"]


class Voted(TypedDict):
    """How many upvotes a paper has, and whether the reader's own is one of them; one that ``waits`` counts later."""

    paper: str
    upvotes: int
    upvoted: bool
    waits: bool


class Label(TypedDict):
    """Papers under a name; ``list`` names them, as `/lists/{list}`."""

    slug: str
    name: str
    about: str
    seen_by: model.SeenBy
    organisation: str | None
    papers: int
    at: str
    changed_at: str
    url: str
    list: str


class Labels(TypedDict):
    """The reader's labels by name."""

    labels: list[Label]


class Marked(TypedDict):
    """Papers that the reader marked, the latest first."""

    mark: Mark
    total: int
    papers: list[Paper]
    next: str | None


class Saved(TypedDict):
    """A search under a name; ``query`` has the words of the parameters, ``list`` names what answers it now."""

    slug: str
    name: str
    query: Filters
    at: str
    changed_at: str
    search: str
    url: str
    list: str


class SavedSearches(TypedDict):
    """Saved searches by name."""

    searches: list[Saved]


class Followed(TypedDict):
    """One thing that is followed; ``list`` names its papers, as `/lists/{list}`."""

    kind: Followable
    target: str
    name: str
    url: str
    list: str


class Follows(TypedDict):
    """All that the reader follows, first come first."""

    following: list[Followed]


class Submission(TypedDict):
    """What became of what was brought in; ``known`` is a paper that is here already, which has no number of its own."""

    number: int | None
    asked: str
    state: Literal["known", "fetching", "held", "shown", "refused", "withdrawn"]
    why: str | None
    note: str | None
    day: str | None
    at: str | None
    paper: str | None


class Submissions(TypedDict):
    """What the reader brought in, the newest first."""

    submissions: list[Submission]


def label(told: model.Label, owner: Reader, groups: dict[int, str]) -> Label:
    """Make a label."""
    selection = Selection("label", f"{owner.handle}/{told.slug}")
    return {
        "slug": told.slug,
        "name": told.name,
        "about": told.about,
        "seen_by": told.seen_by,
        "organisation": groups.get(told.organisation_id or 0),
        "papers": told.papers,
        "at": stamp(told.at),
        "changed_at": stamp(told.changed_at),
        "url": list_url(selection),
        "list": f"label/{selection.name}",
    }


def saved(told: SavedSearch) -> Saved:
    """Make a saved search."""
    return {
        "slug": told.slug,
        "name": told.name,
        "query": cast("Filters", words_of(told.query)),
        "at": stamp(told.at),
        "changed_at": stamp(told.changed_at),
        "search": search_url(told.query),
        "url": list_url(Selection("saved", told.slug)),
        "list": f"saved/{told.slug}",
    }


def words_of(query: Query) -> dict[str, object]:
    """Say a search in the words of the parameters."""
    return {
        "q": query.text,
        "passage": "1" if query.passage else "",
        "like": list(query.like),
        "unlike": list(query.unlike),
        "way": query.way,
        **{word: list(getattr(query, field)) for _, word, field in FILTERS},
        "author": list(query.authors),
        "since": query.since.isoformat() if query.since else "",
        "until": query.until.isoformat() if query.until else "",
        "code": "" if query.has_code is None else str(int(query.has_code)),
        "sort": query.sort,
    }


def followed(name: str, selection: Selection) -> Followed:
    """Make one thing that is followed."""
    kinds: dict[str, Followable] = {
        "author": "author",
        "organisation": "organisation",
        "category": "category",
        "label": "label",
        "saved": "search",
    }
    return {
        "kind": kinds[selection.kind],
        "target": selection.name,
        "name": name,
        "url": list_url(selection),
        "list": f"{selection.kind}/{selection.name}",
    }


def submission(told: Brought | None, paper: Whole | None) -> Submission:
    """Make a submission, or tell that its paper is here already."""
    slug = paper.slug if paper else None
    if told is None:
        known: Submission = {
            "number": None,
            "asked": slug or "",
            "state": "known",
            "why": None,
            "note": None,
            "day": None,
            "at": None,
            "paper": slug,
        }
        return known
    return {
        "number": told.id,
        "asked": told.asked,
        "state": told.state,
        "why": told.why or None,
        "note": told.note or None,
        "day": told.day.isoformat(),
        "at": stamp(told.at),
        "paper": slug,
    }
