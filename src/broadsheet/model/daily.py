"""The daily page: the papers of one day in order."""

from dataclasses import dataclass
from datetime import date

from broadsheet.model.paper import Paper


@dataclass(frozen=True, slots=True)
class DailyPage:
    """The papers of ``day``, most upvotes first, ties by paper id; neighbours are the nearest days that have papers."""

    day: date
    papers: tuple[Paper, ...] = ()
    previous: date | None = None
    next: date | None = None
