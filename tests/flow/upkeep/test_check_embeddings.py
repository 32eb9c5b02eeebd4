"""What is embedded is what papers say, or is made so."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from tests.papers import record

from broadsheet.embed.lazy import LazyEmbedder
from broadsheet.errors import Unavailable
from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.flow.spaces import Spaces
from broadsheet.flow.upkeep.check_embeddings import Meaning, check
from broadsheet.flow.upkeep.doctor import doctor
from broadsheet.store import embeddings, papers

Harm = Callable[[House], None]


@pytest.fixture(autouse=True)
def _with_papers(house: House) -> None:
    keep(house.store, [record(number) for number in range(1, 5)], at=house.clock())
    catch_up(house)


def lose(house: House) -> None:
    with house.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM embeddings WHERE paper_id = 1")


def lose_and_read_anew(house: House) -> None:
    lose(house)
    house.spaces.rebuild()


def spoil(house: House) -> None:
    with house.store.writing() as connection:
        connection.exec_driver_sql("UPDATE embeddings SET text_hash = 7 WHERE paper_id = 2")


def leave_behind(house: House) -> None:
    with house.store.writing() as connection:
        papers.merge_away(connection, [(3, 4)])


def drift(house: House) -> None:
    index = house.spaces.answering().vectors
    index.write([], np.empty((0, index.dimension), np.float32), [1], index.seen())


HARMS = {
    lose: (1, 0, 0, 0),
    lose_and_read_anew: (1, 0, 0, 0),
    spoil: (0, 1, 0, 0),
    leave_behind: (0, 0, 1, 0),
    drift: (0, 0, 0, 1),
}


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_a_difference_is_found_and_healed(house: House, harm: Harm) -> None:
    house.spaces.answering()
    harm(house)
    found = check(house, heal=False)
    # What is lost from the store is still among the vectors that were read before.
    assert (found.missing, found.stale, found.extra) == HARMS[harm][:3]
    assert found.differences
    healed = check(house, heal=True)
    assert (healed.missing, healed.stale, healed.extra) == HARMS[harm][:3]
    after = check(house, heal=False)
    assert (after.differences, after.behind, after.trouble) == (0, 0, "")
    with house.store.reading() as connection:
        live = {paper.id for paper in papers.stream(connection, 0, 100)}
        space = house.spaces.answering().space
        assert embeddings.by_papers(connection, space, range(1, 100)).keys() == live
    assert house.spaces.answering().vectors.vectors(range(1, 100)).keys() == live


def test_vectors_of_another_moment_or_space_are_not_compared(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    answering = house.spaces.answering()
    embedded = answering.vectors.count()
    monkeypatch.setattr(house.spaces, "answering", lambda: answering)
    # As if another process embedded between the two looks.
    keep(house.store, [record(9)], at=house.clock())
    catch_up(house)
    assert answering.vectors.count() == embedded
    assert check(house, heal=False).differences == 0
    drift(house)
    elsewhere = replace(answering, space=replace(answering.space, id=answering.space.id + 1))
    monkeypatch.setattr(house.spaces, "answering", lambda: elsewhere)
    assert check(house, heal=False).differences == 0


def test_a_fresh_house_is_well(house: House) -> None:
    assert check(house, heal=False) == Meaning(embedder="broadsheet-static", embedded=4)


def test_what_is_behind_is_no_difference(house: House) -> None:
    keep(house.store, [record(2, version=2, abstract="Of quokkas."), record(9)], at=house.clock())
    found = check(house, heal=False)
    assert (found.behind, found.stale) == (2, 0)
    assert check(house, heal=True).differences == 0
    assert check(house, heal=False) == Meaning(embedder="broadsheet-static", embedded=5)


def test_an_embedder_that_fails_is_told(house: House) -> None:
    def fail() -> LazyEmbedder:
        raise Unavailable("It is down.")

    broken = Spaces(house.store, [LazyEmbedder(fail)], house.settings.vectors_folder, lambda *_: None)  # type: ignore[arg-type, return-value]
    found = doctor(replace(house, spaces=broken))
    assert found.meaning.trouble == "It is down."
    assert not found.well
