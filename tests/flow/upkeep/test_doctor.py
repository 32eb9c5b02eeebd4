"""Store and index agree, or are made to."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.papers import record

from broadsheet.flow.house import House
from broadsheet.flow.reading.search import search
from broadsheet.flow.shelf.import_files import import_files
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.upkeep.doctor import doctor
from broadsheet.model.paper import Paper
from broadsheet.model.query import Query
from broadsheet.wiring import open_house

Write = Callable[..., Path]


@pytest.fixture
def papers(house: House, write_papers: Write) -> list[Paper]:
    """The three papers of the house, which its index knows."""
    import_files(house, [write_papers()])
    return sorted((hit.paper for hit in search(house, Query()).hits), key=lambda paper: paper.id)


def lose(house: House, papers: list[Paper]) -> None:
    house.text_index.write((), [papers[0].id], house.text_index.seen())


def spoil(house: House, papers: list[Paper]) -> None:
    stale = replace(papers[1], title="Something Else", stamp=papers[1].stamp ^ 1)
    house.text_index.write([stale], (), house.text_index.seen())


def invent(house: House, papers: list[Paper]) -> None:
    house.text_index.write([replace(papers[2], id=999, slug="2401.99999")], (), house.text_index.seen())


def all_three(house: House, papers: list[Paper]) -> None:
    for harm in (lose, spoil, invent):
        harm(house, papers)


def nothing(house: House, papers: list[Paper]) -> None:
    """Leave all as it is."""


HARMS = {lose: (1, 0, 0), spoil: (0, 1, 0), invent: (0, 0, 1), all_three: (1, 1, 1)}


def flip_a_byte(house: House) -> None:
    largest = max(house.settings.index_folder.glob("gen-*/*.idx"), key=lambda path: path.stat().st_size)
    content = bytearray(largest.read_bytes())
    content[0] ^= 1
    largest.write_bytes(content)


def content(house: House) -> dict[str, bytes]:
    """Give every byte in the home folder, empty files and what SQLite keeps for its readers aside."""
    files = (path for path in house.settings.home.rglob("*") if path.is_file() and not path.name.endswith("-shm"))
    return {str(path): content for path in files if (content := path.read_bytes())}


def test_a_fresh_import_is_well(house: House, papers: list[Paper]) -> None:
    found = doctor(house, heal=False)
    assert (found.papers, found.indexed, found.differences, found.behind) == (3, 3, 0, 0)
    assert (found.well, found.healed, found.damage, found.faults) == (True, False, (), ())
    assert {"sqlite", "tantivy", "broadsheet"} <= {name.lower() for name in found.versions}


def test_an_empty_house_is_well(house: House) -> None:
    found = doctor(house)
    assert (found.well, found.healed, found.papers, found.indexed) == (True, False, 0, 0)


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_a_difference_is_found_and_healed(house: House, papers: list[Paper], harm: Callable[..., None]) -> None:
    harm(house, papers)
    for heal in (False, True):
        found = doctor(house, heal=heal)
        assert (found.missing, found.stale, found.extra) == HARMS[harm]
        assert (found.well, found.healed) == (heal, heal)
    after = doctor(house, heal=False)
    assert (after.differences, after.indexed, after.well, after.healed) == (0, 3, True, False)
    assert not search(house, Query(text="something else")).hits
    assert {hit.paper for hit in search(house, Query()).hits} == set(papers)


@pytest.mark.parametrize("harm", [*HARMS, nothing], ids=lambda harm: harm.__name__)
def test_looking_changes_nothing(house: House, papers: list[Paper], harm: Callable[..., None]) -> None:
    harm(house, papers)
    keep(house.store, [record(7)], at=house.clock())
    before = content(house)
    found = doctor(house, heal=False)
    assert (found.behind, found.well) == (1, False)
    assert content(house) == before


def test_an_index_that_is_behind_catches_up(house: House, papers: list[Paper]) -> None:
    keep(house.store, [record(7)], at=house.clock())
    found = doctor(house)
    assert (found.behind, found.differences, found.indexed, found.well, found.healed) == (1, 0, 4, True, True)
    assert doctor(house).healed is False


def test_a_damaged_index_is_told_and_built_anew(house: House, papers: list[Paper]) -> None:
    flip_a_byte(house)
    found = doctor(house, heal=False)
    assert (len(found.damage), found.well, found.healed) == (1, False, False)
    assert "is damaged" in found.damage[0]
    assert doctor(house).healed
    after = doctor(house, heal=False)
    assert (after.damage, after.indexed, after.well) == ((), 3, True)
    assert {hit.paper for hit in search(house, Query()).hits} == set(papers)


@pytest.mark.parametrize("name", ["state.json", "meta.json"])
def test_an_index_that_cannot_be_read_any_more_is_built_anew(house: House, papers: list[Paper], name: str) -> None:
    (path,) = house.settings.index_folder.glob(f"gen-*/{name}")
    path.write_text("{}")
    assert doctor(house).healed
    assert {hit.paper for hit in search(house, Query(text="napkins OR sheep OR kettles")).hits} == set(papers)


def test_an_index_damaged_while_the_house_was_closed_is_filled_again(house: House, papers: list[Paper]) -> None:
    flip_a_byte(house)
    house.close()
    with open_house(house.settings) as opened:
        found = doctor(opened)
        assert (found.behind > 0, found.indexed, found.well, found.healed) == (True, 3, True, True)


def test_a_fault_of_the_store_is_told_and_not_called_healed(house: House, papers: list[Paper]) -> None:
    raw = sqlite3.connect(house.settings.home / "broadsheet.db")
    raw.executescript("PRAGMA foreign_keys = OFF; DELETE FROM external_ids;")
    raw.close()
    found = doctor(house)
    assert found.faults
    assert not found.well
