"""Suggest what a reader may be about to type."""

from difflib import get_close_matches

from broadsheet.flow.house import House
from broadsheet.index.port import NameSuggestion
from broadsheet.model.names import fold
from broadsheet.model.paper import Paper
from broadsheet.model.suggestion import SuggestedName, Suggestions
from broadsheet.store import papers

MOST_SUGGESTED = 20
# The share of letters that two spellings of one name have in common.
_ALIKE = 0.6


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
            SuggestedName(_printed(known[author.paper_id], author), author.papers)
            for author in found.authors
            if author.paper_id in known
        ),
        organisations=tuple(SuggestedName(each.name, each.papers) for each in found.organisations),
        venues=tuple(SuggestedName(each.name, each.papers) for each in found.venues),
    )


def _printed(paper: Paper, author: NameSuggestion) -> str:
    """Find a name as its paper prints it; the index knows it folded, and maybe with the last part first."""
    printed = {_letters(each.name): each.name for each in reversed(paper.authors)}
    wanted = _letters(author.name)
    # The index folds a few letters otherwise, and cuts the longest names.
    near = [wanted] if wanted in printed else get_close_matches(wanted, printed, 1, _ALIKE)
    return printed[near[0]] if near else author.name


def _letters(name: str) -> str:
    return "".join(sorted(fold(name)))
