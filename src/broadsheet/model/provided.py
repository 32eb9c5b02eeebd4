"""Papers as they are given away to who keeps copies: when each changed last, and that it is gone."""

from dataclasses import dataclass, replace
from datetime import datetime

from broadsheet.model.paper import Paper


def is_arxivs(paper: Paper) -> bool:
    """Tell whether a paper bears an id of arXiv's."""
    return any(i.scheme == "arxiv" for i in paper.ids)


@dataclass(frozen=True, slots=True)
class Among:
    """Which papers: changed last ``since`` and ``before`` a moment, of a source, of a category or one below it.

    ``categorised`` are those of any category, ``arxiv_only`` those that bear an id of arXiv's, and, as gone, those that
    bore one before they were parted from another paper.
    """

    since: datetime | None = None
    before: datetime | None = None
    source: str = ""
    category: str = ""
    categorised: bool = False
    arxiv_only: bool = False

    @property
    def is_told(self) -> bool:
        """Whether it takes the paper itself to tell that it fits."""
        return bool(self.source or self.category or self.categorised or self.arxiv_only)

    def holds(self, paper: Paper) -> bool:
        """Tell whether a paper is of the source and category; whether it is arXiv's takes more than itself to tell."""
        return (
            (not self.source or self.source in paper.sources)
            and (not self.category or any(f"{one}.".startswith(f"{self.category}.") for one in paper.categories))
            and (not self.categorised or bool(paper.categories))
        )


@dataclass(frozen=True, slots=True)
class Provided:
    """A paper at its latest change, which has the number ``seq``; no paper where readers do not see it any more."""

    number: int
    seq: int
    at: datetime
    paper: Paper | None

    def gone(self) -> "Provided":
        """Give it as a paper of which nothing is told any more."""
        return replace(self, paper=None)
