"""A list of papers by its name, so that every door means the same one: a day, what trends, a search, a label."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal, get_args

from broadsheet.model.paper import Paper
from broadsheet.model.query import Hit, Query

Kind = Literal[
    "day",
    "week",
    "month",
    "trending",
    "search",
    "similar",
    "author",
    "organisation",
    "category",
    "label",
    "saved",
    "following",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
# So many papers are given of a list at once, at most.
MOST = 5_000
# What a list without a single date was last changed at.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Selection:
    """One list.

    ``name`` is a day (empty for the latest), a week or month as ISO 8601 writes them, the span that papers trend of, a
    paper, the slug of an author, organisation or saved search, a category, or ``handle/slug`` of a label. ``query`` is
    what is searched for where ``kind`` is ``search``; any other list its filters narrow, and its order, where it is not
    that of relevance, takes the place of the list's own.
    """

    kind: Kind
    name: str = ""
    query: Query | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a list: how many papers are left out before it, and how many it takes, MOST at most."""

    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Selected:
    """A piece of a list in its order, when it last changed, and how many papers there are in all where that is known.

    ``about`` is what its owner says of it. ``shared`` tells whether everybody may see it, and sees the same. ``more``
    tells that papers follow, ``name`` how the list is called that was asked for as the latest. Of a search, ``hits``
    tell by the number of a paper why it is there, and ``notices`` how the words were understood; ``notes`` are what the
    owner of a label says of papers.
    """

    title: str
    papers: tuple[Paper, ...]
    updated: datetime
    total: int | None = None
    about: str = ""
    shared: bool = True
    more: bool = False
    name: str = ""
    hits: Mapping[int, Hit] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    notes: Mapping[int, str] = field(default_factory=dict)


def moment_of(text: str) -> datetime | None:
    """Read a date or time of ISO 8601 of any precision, its first moment, in UTC; None for anything else."""
    if not text[:4].isdigit():
        return None
    padded = text + "-01-01"[len(text) - len("2026") :] if len(text) < len("2026-01-01") else text
    try:
        found = datetime.fromisoformat(padded)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):  # an offset can lead past the first year
        return None


def published_at(paper: Paper) -> datetime | None:
    """Tell when a paper was published; where no source does, the first day it was on a daily page."""
    return moment_of(paper.published) or min(map(_midnight, paper.days), default=None)


def updated_at(paper: Paper) -> datetime:
    """Tell when something of a paper last changed, as sources and daily pages say; NEVER where nobody says."""
    told = (paper.published, paper.updated, *(version.at for version in paper.versions))
    moments = [moment for text in told if (moment := moment_of(text))]
    return max([*moments, *map(_midnight, paper.days)], default=NEVER)


def newest(papers: Sequence[Paper]) -> datetime:
    """Tell when any of the papers last changed; NEVER where there are none."""
    return max(map(updated_at, papers), default=NEVER)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
