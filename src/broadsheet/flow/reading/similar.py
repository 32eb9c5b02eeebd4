"""Papers similar to one, each with what sets it apart."""

from dataclasses import dataclass

from broadsheet.flow.house import House
from broadsheet.flow.reading.search import search
from broadsheet.model.paper import Paper
from broadsheet.model.query import MAX_LIMIT, Query
from broadsheet.model.text import plain
from broadsheet.rank.contrast import Term, contrast

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Similar:
    """A paper near another one, and the words that it has and the other has not, the most telling first."""

    paper: Paper
    score: float
    apart: tuple[str, ...]


def similar(house: House, paper: Paper, limit: int = SHOWN) -> tuple[Similar, ...]:
    """Find the papers nearest to one by words and meaning, at most MAX_LIMIT, nearest first.

    Raises Unavailable while no embedder answers.
    """
    found = search(house, Query(like=(paper.slug,), limit=min(limit, MAX_LIMIT))).hits
    shelf = house.text_index.count()
    ours = _terms(house, paper)
    return tuple(Similar(hit.paper, hit.score, contrast(_terms(house, hit.paper), ours, shelf)) for hit in found)


def _terms(house: House, paper: Paper) -> list[Term]:
    return [
        Term(word.stem, word.surface, word.papers, in_title=in_title)
        for in_title, text in ((True, paper.title), (False, paper.abstract))
        for word in house.text_index.words(plain(text))
    ]
