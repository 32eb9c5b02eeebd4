"""Papers as they are given away to who keeps copies: when each changed last, and that it is gone."""

from dataclasses import dataclass
from datetime import datetime

from broadsheet.model.paper import Paper


@dataclass(frozen=True, slots=True)
class Among:
    """Which papers: changed last ``since`` and ``before`` a moment, of a source, of a category or one below it.

    ``arxiv_only`` are those that bear an id of arXiv.
    """

    since: datetime | None = None
    before: datetime | None = None
    source: str = ""
    category: str = ""
    arxiv_only: bool = False

    @property
    def is_told(self) -> bool:
        """Whether it takes the paper itself to tell that it fits."""
        return bool(self.source or self.category or self.arxiv_only)

    def holds(self, paper: Paper) -> bool:
        """Tell whether a paper is of the source and category, and arXiv's where that is asked."""
        return (
            (not self.source or self.source in paper.sources)
            and (not self.category or any(f"{one}.".startswith(f"{self.category}.") for one in paper.categories))
            and (not self.arxiv_only or any(i.scheme == "arxiv" for i in paper.ids))
        )


@dataclass(frozen=True, slots=True)
class Provided:
    """A paper at its latest change, which has the number ``seq``; no paper where readers do not see it any more."""

    number: int
    seq: int
    at: datetime
    paper: Paper | None
