"""What a reader may be about to type."""

from dataclasses import dataclass

from broadsheet.model.paper import Paper


@dataclass(frozen=True, slots=True)
class SuggestedName:
    """A name as printed and how many papers bear it."""

    name: str
    papers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """Papers by their titles, and names, each kind best first."""

    titles: tuple[Paper, ...] = ()
    authors: tuple[SuggestedName, ...] = ()
    organisations: tuple[SuggestedName, ...] = ()
    venues: tuple[SuggestedName, ...] = ()
