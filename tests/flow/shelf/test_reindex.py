"""The index catches up with the store, or is built anew beside the old one."""

from shutil import rmtree
from threading import Event

import pytest
from tests.papers import record

from broadsheet.errors import Unavailable
from broadsheet.flow import spaces
from broadsheet.flow.house import House
from broadsheet.flow.reading.search import search
from broadsheet.flow.shelf import reindex
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.merge import merges, undo_merge
from broadsheet.flow.shelf.reindex import words, words_from_scratch
from broadsheet.flow.upkeep.doctor import doctor
from broadsheet.model.query import Query
from broadsheet.store import changes

RECORDS = [record(number) for number in range(1, 8)]


def head(house: House) -> int:
    with house.store.reading() as connection:
        return changes.head(connection)


def slugs(house: House, text: str = "") -> set[str]:
    return {hit.paper.slug for hit in search(house, Query(text=text, limit=100)).hits}


def test_what_is_kept_is_found_after_catching_up(house: House) -> None:
    keep(house.store, RECORDS, at=house.clock())
    assert slugs(house) == set()
    assert words(house) == 7
    assert len(slugs(house, "napkin")) == 7
    assert house.text_index.seen() == head(house)


def test_catching_up_twice_changes_nothing(house: House) -> None:
    keep(house.store, RECORDS, at=house.clock())
    words(house)
    before = list(house.text_index.stamps()), house.text_index.seen()
    assert words(house) == 0
    assert (list(house.text_index.stamps()), house.text_index.seen()) == before


def test_changes_that_were_taken_in_are_taken_in_again_without_harm(house: House) -> None:
    keep(house.store, RECORDS, at=house.clock())
    words(house)
    before = list(house.text_index.stamps())
    house.text_index.write((), (), 0)
    assert words(house) == 7
    assert list(house.text_index.stamps()) == before


def test_a_changed_paper_is_found_by_what_it_says_now(house: House) -> None:
    keep(house.store, [record(1)], at=house.clock())
    words(house)
    keep(house.store, [record(1, version=2, abstract="All about quokkas.")], at=house.clock())
    assert slugs(house, "quokkas") == set()
    assert words(house) == 1
    assert slugs(house, "quokkas") == {"2401.00001"}
    assert house.text_index.count() == 1


def test_a_merged_paper_leaves_and_comes_back_when_the_merge_is_undone(house: House) -> None:
    keep(house.store, [record(1), record(2, ids=("acl:2024.a-b.2",))], at=house.clock())
    words(house)
    keep(house.store, [record(3, ids=("arxiv:2401.00001", "acl:2024.a-b.2"), title=record(1).title)], at=house.clock())
    words(house)
    assert slugs(house, "napkin") == {"2401.00001"}
    undo_merge(house, merges(house)[0].id)
    words(house)
    assert slugs(house, "napkin") == {"2401.00001", "acl/2024.a-b.2"}
    reindex.catch_up(house)
    assert doctor(house, heal=False).well


def test_progress_is_told_and_a_stop_is_heard_between_writes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reindex, "CHANGES_PER_WRITE", 3)
    keep(house.store, RECORDS, at=house.clock())
    told: list[tuple[int, int]] = []
    stop = Event()

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        if done == 6:
            stop.set()

    assert words(house, progress=progress, stop=stop) == 6
    assert told == [(3, 7), (6, 7)]
    assert house.text_index.count() == 6
    assert words(house, stop=stop) == 0
    assert words(house, progress=progress, stop=Event()) == 1
    assert told[-1] == (1, 1)
    reindex.catch_up(house)
    assert doctor(house, heal=False).well


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_from_scratch_gives_the_same_as_catching_up(house: House, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reindex, "CHANGES_PER_WRITE", size)
    monkeypatch.setattr(reindex, "PAPERS_PER_READ", size)
    keep(house.store, RECORDS, at=house.clock())
    keep(house.store, [record(2, version=2, abstract="Of quokkas.")], at=house.clock())
    keep(house.store, [record(9, ids=("arxiv:2401.00003", "arxiv:2401.00004"))], at=house.clock())
    words(house)
    caught_up = [answers(house, paper_id) for paper_id, _ in house.text_index.stamps()]
    stamps = list(house.text_index.stamps())

    told: list[tuple[int, int]] = []
    count = words_from_scratch(house, progress=lambda done, total: told.append((done, total)))
    assert count == len(stamps) == house.text_index.count()
    assert list(house.text_index.stamps()) == stamps
    assert house.text_index.seen() == head(house)
    assert [answers(house, paper_id) for paper_id, _ in stamps] == caught_up
    assert told[-1] == (count, count)
    assert words(house) == 0


def answers(house: House, paper_id: int) -> object:
    """Ask for a paper in several ways and give what is answered about it."""
    found = {}
    for text in (
        "napkin",
        "quokkas",
        f'"napkin {paper_id}"',
        "author:lee",
        "date:2024",
        "-quokkas",
        f"number {paper_id}",
    ):
        hits = search(house, Query(text=text, limit=100)).hits
        found[text] = next(((hit.rank, hit.paper) for hit in hits if hit.paper.id == paper_id), None)
    return found


def test_an_empty_house_is_indexed_in_no_time(house: House) -> None:
    assert (words(house), words_from_scratch(house), head(house)) == (0, 0, 0)


def test_a_building_that_fails_leaves_the_old_index(house: House) -> None:
    keep(house.store, RECORDS, at=house.clock())
    words(house)

    def progress(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        words_from_scratch(house, progress=progress)
    assert len(slugs(house)) == 7
    assert len(list(house.settings.index_folder.glob("gen-*"))) == 1


def test_search_goes_on_while_the_index_is_built_anew(house: House) -> None:
    keep(house.store, RECORDS, at=house.clock())
    words(house)
    seen: list[int] = []
    words_from_scratch(house, progress=lambda done, total: seen.append(len(slugs(house, "napkin"))))
    assert set(seen) == {7}


def test_an_index_that_is_lost_comes_back_by_itself(house: House) -> None:
    keep(house.store, RECORDS, at=house.clock())
    words(house)
    rmtree(house.settings.index_folder)
    assert slugs(house) == set()
    assert words(house) == 7
    assert len(slugs(house)) == 7


def test_what_was_embedded_is_told_though_no_snapshot_can_be_written(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindex, "SAVE_AFTER_ROWS", 7)
    monkeypatch.setattr(spaces, "SAVE_AFTER_ROWS", 7)
    keep(house.store, RECORDS, at=house.clock())
    house.settings.vectors_folder.write_text("in the way")
    done = reindex.catch_up(house)
    assert (done.changes, done.embedded) == (7, 7)
    assert isinstance(done.trouble, Unavailable)
    house.settings.vectors_folder.unlink()
    assert reindex.catch_up(house) == reindex.CaughtUp(0, 0)
