"""Queries whose answer is known: made of the shelf's own papers, the same ones for the same seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from random import Random

from broadsheet.errors import Invalid
from broadsheet.flow.house import House
from broadsheet.model.query import MAX_TEXT, Query
from broadsheet.model.selftest import Kind
from broadsheet.model.text import plain, sentences
from broadsheet.store import papers

FEWEST_PAPERS = 20
# Of one paper in twenty, or more, an abstract is known; on a shelf with less, fewer papers are asked for.
_DRAWN_AT_MOST = 20
_ALL = 1 << 62
# What is shorter is a heading or a number, and says nothing of its paper alone.
_TELLING_WORDS = 6
_SHORTEST_ABSTRACT = 40
_KEPT_WORDS = 0.6
_KEPT_TITLE = 0.5


@dataclass(frozen=True, slots=True)
class KnownItem:
    """A query and the paper that it was made of."""

    kind: Kind
    query: Query
    paper_id: int


def draw(house: House, count: int, seed: int) -> dict[int, list[KnownItem]]:
    """Draw at most ``count`` papers that have abstracts, and give each one's queries by its number.

    Raises Invalid when fewer than FEWEST_PAPERS have one.
    """
    chance = Random(seed)  # noqa: S311 - a draw that can be repeated, no secret
    with house.store.reading() as connection:
        ids = papers.numbers(connection, 0, _ALL)
        drawn = chance.sample(ids, min(len(ids), _DRAWN_AT_MOST * max(count, FEWEST_PAPERS)))
        told = {paper_id: (plain(title), plain(text)) for paper_id, title, text in papers.texts(connection, drawn)}
    fit = [paper_id for paper_id in drawn if paper_id in told and len(told[paper_id][1]) >= _SHORTEST_ABSTRACT]
    if len(fit) < FEWEST_PAPERS:
        raise Invalid(
            f"There are too few papers to test with: a self-test takes at least {FEWEST_PAPERS} with abstracts, "
            f"not {len(fit)}.",
            field="papers",
        )
    return {paper_id: list(_items(paper_id, *told[paper_id], seed)) for paper_id in fit[:count]}


def _items(paper_id: int, title: str, abstract: str, seed: int) -> Iterator[KnownItem]:
    chance = Random(f"{seed}:{paper_id}")  # noqa: S311 - as above
    words = title.split()
    if words:
        yield KnownItem("title", Query(text=title[:MAX_TEXT]), paper_id)
    if len(words) > 1:
        half = chance.sample(words, ceil(len(words) * _KEPT_TITLE))
        yield KnownItem("half title", Query(text=" ".join(half)[:MAX_TEXT]), paper_id)
    told = sentences(abstract)
    sentence = chance.choice([each for each in told if len(each.split()) >= _TELLING_WORDS] or told)
    yield KnownItem("sentence", Query(text=sentence[:MAX_TEXT]), paper_id)
    words = chance.choice([each for each in told if len(each.split()) >= _TELLING_WORDS] or told).split()
    kept = sorted(chance.sample(range(len(words)), ceil(len(words) * _KEPT_WORDS)))
    yield KnownItem("fewer words", Query(text=" ".join(words[at] for at in kept)[:MAX_TEXT]), paper_id)
    yield KnownItem("abstract", Query(text=abstract[:MAX_TEXT], passage=True), paper_id)
