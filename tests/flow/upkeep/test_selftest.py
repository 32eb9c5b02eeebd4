"""A shelf is tested on itself: known papers are found, the same way each time, and the weight follows what is found."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.papers import AT

from broadsheet.clock import Clock
from broadsheet.embed.port import Vectors
from broadsheet.embed.static import StaticEmbedder
from broadsheet.errors import Invalid
from broadsheet.flow.house import House
from broadsheet.flow.shelf import reindex
from broadsheet.flow.shelf.import_files import import_files
from broadsheet.flow.shelf.starter import fill
from broadsheet.flow.spaces import Spaces
from broadsheet.flow.upkeep.known_items import draw
from broadsheet.flow.upkeep.selftest import latest, selftest
from broadsheet.index.vectors import open_vector_index
from broadsheet.model.identity import number
from broadsheet.model.selftest import KINDS, SelfTest
from broadsheet.model.text import plain
from broadsheet.settings import Settings
from broadsheet.store import papers
from broadsheet.wiring import open_house


class Headstrong(StaticEmbedder):
    """An embedder that understands nothing and believes that words count for nothing."""

    @property
    def weight(self) -> float:
        return 1.0

    def embed(self, texts: Sequence[str]) -> Vectors:
        chance = [np.random.default_rng(number(text.encode())).standard_normal(self.dimension) for text in texts]
        return np.array([each / np.linalg.norm(each) for each in chance], np.float32).reshape(-1, self.dimension)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The starter shelf: some two hundred papers with abstracts of one sentence."""
    with open_house(Settings(home=tmp_path_factory.mktemp("shelf"))) as house:
        fill(house)
        yield house


def untimed(found: SelfTest) -> SelfTest:
    return replace(found, measured=tuple(replace(each, ms=0) for each in found.measured), at=AT)


def test_papers_are_found_by_what_they_say(shelf: House) -> None:
    heard: list[tuple[int, int]] = []
    found = selftest(shelf, papers=30, progress=lambda done, total: heard.append((done, total)))
    assert {(each.kind, each.way) for each in found.measured} == {
        (kind, way) for kind in KINDS for way in ("both", "words", "meaning")
    }
    by_name = {(each.kind, each.way): each for each in found.measured}
    assert by_name["title", "words"].first > 0.9
    assert by_name["title", "both"].mrr >= by_name["title", "words"].mrr - 0.005
    assert by_name["abstract", "both"].first > 0.9
    assert all(0 <= each.first <= each.mrr <= each.tenth <= 1 and each.ms > 0 for each in found.measured)
    assert heard[-1][0] == heard[-1][1] == len(heard)
    assert latest(shelf) == found


def test_one_seed_gives_one_answer_and_another_draws_others(shelf: House) -> None:
    first, again = (selftest(shelf, papers=20, seed=3) for _ in range(2))
    assert untimed(first) == untimed(again)
    assert draw(shelf, 20, 3) == draw(shelf, 20, 3)
    assert draw(shelf, 20, 3).keys() != draw(shelf, 20, 4).keys()


def test_queries_are_made_of_their_paper(shelf: House) -> None:
    for paper_id, items in draw(shelf, 30, 1).items():
        said = {item.kind: item.query.text for item in items}
        with shelf.store.reading() as connection:
            (paper,) = papers.by_ids(connection, [paper_id])
        assert (said["title"], said["abstract"]) == (plain(paper.title), plain(paper.abstract))
        assert said["sentence"] in said["abstract"]
        assert set(said.get("half title", "").split()) <= set(said["title"].split())
        left = iter(said["abstract"].split())
        assert all(word in left for word in said["fewer words"].split())


def test_only_measuring_leaves_the_weight_alone(shelf: House) -> None:
    found = selftest(shelf, papers=20, tune=False)
    assert (found.trials, found.weight) == ((), shelf.spaces.answering().space.weight)


def test_a_weight_that_finds_more_is_used_from_then_on(house: House, tmp_path: Path) -> None:
    spaces = Spaces(house.store, [Headstrong()], tmp_path / "vectors", open_vector_index)
    headstrong = replace(house, spaces=spaces)
    fill(headstrong)
    assert spaces.answering().weight == 1.0
    found = selftest(headstrong, papers=30)
    assert found.weight is not None
    assert found.weight < 1.0
    assert spaces.answering().weight == found.weight
    best = max(each.mrr for each in found.trials if each.fit)
    assert next(each.mrr for each in found.trials if each.weight == found.weight) == pytest.approx(best)
    spaces.close()


def test_too_few_papers_say_so(house: House, write_papers: Callable[..., Path], clock: Clock) -> None:
    for count in (0, 3):
        if count:
            import_files(house, [write_papers()])
        with pytest.raises(Invalid, match=f"too few papers .* at least 20 with abstracts, not {count}"):
            selftest(house)
    assert latest(house) is None


def test_papers_without_abstracts_are_not_asked_for(house: House, write_papers: Callable[..., Path]) -> None:
    rows = [{"id": f"2401.{n:05d}", "title": f"Napkin {n}"} for n in range(1, 60)]
    told = [
        {"id": f"2402.{n:05d}", "title": f"Kettle {n}", "abstract": f"Kettle {n} boils water. It whistles in key {n}."}
        for n in range(1, 21)
    ]
    import_files(house, [write_papers(*rows, *told)])
    reindex.catch_up(house)
    assert selftest(house, papers=20).papers == 20
