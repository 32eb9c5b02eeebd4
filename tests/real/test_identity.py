"""Real pairs of records, kept as an import keeps them: those of one work become one paper, look-alikes stay two.

Pairs share a store only when no record of one could be taken for a record of another: neither a name, nor an external
id, nor a title's key in common, which is all that records are ever compared by.
"""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.papers import AT, told

from broadsheet.flow.shelf.keep import keep
from broadsheet.model.identity import names_of, title_key
from broadsheet.model.record import Record
from broadsheet.store import papers
from broadsheet.store.connect import Store, open_store
from broadsheet.store.schema import records

Pair = tuple[Record, Record]
Name = tuple[str, str]


@pytest.fixture(scope="module")
def pairs(shared_data: Path) -> dict[str, list[Pair]]:
    """All pairs by what they are said to be."""
    found: dict[str, list[Pair]] = {}
    with gzip.open(shared_data / "identity" / "pairs.jsonl.gz", "rt", encoding="utf-8") as lines:
        for pair in map(json.loads, lines):
            found.setdefault(pair["label"], []).append((told(pair["a"]), told(pair["b"])))
    return found


@pytest.mark.parametrize("kind", [("same", 8_000, 1), ("different", 750, 2)], ids=["same", "different"])
@pytest.mark.parametrize("first", [0, 1])
def test_real_pairs_become_one_paper_or_stay_two_in_either_order(
    pairs: dict[str, list[Pair]], tmp_path: Path, kind: tuple[str, int, int], first: int
) -> None:
    label, number, works = kind
    asked = pairs[label]
    assert len(asked) == number
    right = 0
    for round_, strangers in enumerate(rounds(asked)):
        store = open_store(f"sqlite:///{tmp_path / str(round_)}.db", clock=lambda: AT)
        for turn in (first, 1 - first):
            keep(store, [pair[turn] for pair in strangers], at=AT)
        home = homes(store)
        right += sum(len({home[name(side)] for side in pair}) == works for pair in strangers)
        with store.reading() as connection:
            assert papers.faults(connection) == ()
        store.close()
    assert right >= 0.99 * number, f"{right:,} of {number:,}"


def rounds(pairs: Iterable[Pair]) -> list[list[Pair]]:
    """Part pairs into lists in which no pair could have to do with another."""
    parted: list[list[Pair]] = []
    taken: list[set[object]] = []
    for pair in pairs:
        marks = {mark for side in pair for mark in (name(side), title_key(side.title), *names_of(side))} - {0}
        place = next((n for n, others in enumerate(taken) if others.isdisjoint(marks)), len(taken))
        if place == len(taken):
            parted.append([])
            taken.append(set())
        parted[place].append(pair)
        taken[place] |= marks
    return parted


def homes(store: Store) -> dict[Name, int]:
    """Give the paper that each record belongs to."""
    with store.reading() as connection:
        found = connection.execute(select(records.c.source, records.c.key, records.c.paper_id))
        return {(row.source, row.key): row.paper_id for row in found}


def name(record: Record) -> Name:
    """Give a record's own name."""
    return record.source, record.key
