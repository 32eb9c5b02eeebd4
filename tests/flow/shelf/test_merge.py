"""Seeing and undoing merges (what undoing restores is part of the store's contract)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.empty_store import empty_store
from tests.papers import AT, house_around, record, shown

from broadsheet.errors import Conflict, NotFound
from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.merge import as_dict, merges, undo_merge
from broadsheet.store.connect import open_store


@pytest.fixture
def merged(tmp_path: Path) -> Iterator[House]:
    """A house where the second record joined the first by title."""
    store = open_store(empty_store(tmp_path / "papers.db"), clock=lambda: AT)
    keep(store, [record(1), record(2, ids=("acl:2024.a-b.2",), title=record(1).title)], at=AT)
    yield house_around(store)
    store.close()


def test_a_merge_tells_what_joined_what_and_why(merged: House) -> None:
    (merge,) = merges(merged)
    assert as_dict(merge) == {
        "id": 1,
        "paper": 1,
        "title": record(1).title,
        "was": None,
        "reason": "title",
        "records_kept": [1],
        "records_moved": [2],
        "at": "2026-11-20T12:00:00.000000+00:00",
        "undone": False,
    }


def test_an_undone_merge_says_so_and_cannot_be_undone_again(merged: House) -> None:
    undo_merge(merged, 1)
    assert [merge.undone for merge in merges(merged)] == [True]
    assert len(shown(merged.store)) == 2
    with pytest.raises(Conflict, match="undone already"):
        undo_merge(merged, 1)


def test_an_unknown_merge_is_not_found(merged: House) -> None:
    with pytest.raises(NotFound):
        undo_merge(merged, 7)


def test_the_newest_merges_come_first_and_no_more_than_asked(merged: House) -> None:
    keep(merged.store, [record(3, ids=(), title=record(1).title)], at=AT)
    assert [merge.id for merge in merges(merged)] == [2, 1]
    assert [merge.id for merge in merges(merged, limit=1)] == [2]


def test_a_third_record_finds_its_side_after_the_two_were_parted(merged: House) -> None:
    undo_merge(merged, 1)
    keep(merged.store, [record(4, ids=("acl:2024.a-b.2",), venue="ACL")], at=AT)
    assert [paper.venue for paper in shown(merged.store)] == ["", "ACL"]
