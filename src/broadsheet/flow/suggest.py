"""Suggest what a reader may be about to type."""

from broadsheet.flow.house import House
from broadsheet.index.port import NameSuggestion
from broadsheet.model.names import fold
from broadsheet.model.paper import Paper
from broadsheet.model.suggestion import SuggestedName, Suggestions
from broadsheet.store import papers

MOST_SUGGESTED = 20


def suggest(house: House, text: str, limit: int = 8) -> Suggestions:
    """Suggest at most ``limit`` titles, authors, organisations and venues that go on from any text, best first.

    ``limit`` is clamped to 1 … MOST_SUGGESTED. Text without letters or digits has no suggestions.
    """
    found = house.text_index.suggest(text, min(max(limit, 1), MOST_SUGGESTED))
    wanted = list(dict.fromkeys([*found.titles, *(author.paper_id for author in found.authors)]))
    with house.store.reading() as connection:
        known = {paper.id: paper for paper in papers.by_ids(connection, wanted)}
    return Suggestions(
        titles=tuple(known[paper_id] for paper_id in found.titles if paper_id in known),
        authors=tuple(
            SuggestedName(printed, author.papers)
            for author in found.authors
            if author.paper_id in known and (printed := _printed(known[author.paper_id], author))
        ),
        organisations=tuple(SuggestedName(each.name, each.papers) for each in found.organisations),
        venues=tuple(SuggestedName(each.name, each.papers) for each in found.venues),
    )


def _printed(paper: Paper, author: NameSuggestion) -> str:
    """Find a name as its paper prints it; the index knows it folded, and maybe with the last part first."""
    letters = sorted(fold(author.name))
    return next((each.name for each in paper.authors if sorted(fold(each.name)) == letters), "")
