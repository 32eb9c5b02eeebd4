"""tantivy keeps the word index's contract, and its own rules on processes and locks."""

import json
import multiprocessing
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock
from tests.contracts.text_index import TextIndexContract, ids
from tests.contracts.text_index_papers import PAPERS, paper
from tests.contracts.text_wording import TextWordingContract

from broadsheet.errors import Unavailable
from broadsheet.index import generation
from broadsheet.index.engine import open_index
from broadsheet.index.port import TextIndex
from broadsheet.model.query import Query

KETTLE = Query(text="kettle")


class TestTantivyWording(TextWordingContract):
    """The contract for slips, scripts and suggestions, on tantivy."""


class TestTantivy(TextIndexContract):
    """On tantivy in a folder."""


def found(index: TextIndex, query: Query = KETTLE) -> list[int]:
    return ids(index.search(query, deadline_ms=60_000))


def write(folder: Path, number: int, upto: int) -> None:
    """Write one paper; runs in a process of its own."""
    open_index(folder).write([paper(number, "A kettle")], (), upto)


def write_all(folder: Path) -> None:
    """Write all papers as one of several who catch up at once; runs in a process of its own."""
    index = open_index(folder)
    for upto in range(1, 4):
        index.write(PAPERS, (), upto)


def rebuild(folder: Path, number: int, upto: int) -> None:
    """Build an index anew and swap; runs in a process of its own."""
    index = open_index(folder)
    fresh = index.beside()
    fresh.write([paper(number, "A kettle")], (), upto)
    index.become(fresh)


def elsewhere(*calls: tuple[object, ...]) -> None:
    """Run each call in a process of its own, all at once."""
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=call, args=args) for call, *args in calls]  # type: ignore[arg-type]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * len(processes)


def test_what_another_process_writes_is_seen(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    assert found(index) == []
    elsewhere((write, tmp_path, 5, 3))
    assert found(index) == [5]
    assert (index.seen(), index.count()) == (3, 1)


def test_what_another_process_swaps_in_is_seen(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    index.write(PAPERS, (), 1)
    elsewhere((rebuild, tmp_path, 5, 3))
    assert found(index) == [5]
    assert (index.seen(), index.count()) == (3, 1)
    index.write([paper(6, "Kettle")], (), 4)
    assert set(found(open_index(tmp_path))) == {5, 6}


def test_many_processes_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    elsewhere(*[(write, tmp_path, number, number) for number in range(1, 6)])
    assert set(found(open_index(tmp_path))) == set(range(1, 6))


def test_many_processes_write_the_same_and_nothing_is_doubled(tmp_path: Path) -> None:
    elsewhere(*[(write_all, tmp_path)] * 3)
    index = open_index(tmp_path)
    assert list(index.stamps()) == [(each.id, each.stamp) for each in PAPERS]


def test_a_writer_that_had_to_wait_sees_what_was_written_meanwhile(tmp_path: Path) -> None:
    index, other = open_index(tmp_path), open_index(tmp_path)
    (current,) = tmp_path.glob("gen-*")
    with ThreadPoolExecutor(1) as pool:
        with FileLock(current / "write.lock") as lock:
            late = pool.submit(index.write, PAPERS, (), 1)
            while not late.running():
                pass
            lock.release()
            other.write(PAPERS, (), 1)
        late.result()
    assert index.count() == len(PAPERS)


def test_processes_that_build_anew_at_once_leave_one_whole_index(tmp_path: Path) -> None:
    open_index(tmp_path).write(PAPERS, (), 1)
    elsewhere(*[(rebuild, tmp_path, number, number) for number in range(1, 5)])
    index = open_index(tmp_path)
    assert len(found(index)) == 1
    assert index.damage() == ()


def test_an_index_that_takes_over_meanwhile_is_not_cleared_away(tmp_path: Path) -> None:
    late = open_index(tmp_path)
    swift = open_index(tmp_path)
    fresh = swift.beside()
    fresh.write(PAPERS, (), 7)
    swift.become(fresh)
    late.beside().close()
    assert found(late) == found(open_index(tmp_path)) == [1, 2]


def test_what_is_being_built_is_not_cleared_away(tmp_path: Path) -> None:
    index, other = open_index(tmp_path), open_index(tmp_path)
    fresh = index.beside()
    other.beside().close()
    fresh.write(PAPERS, (), 1)
    index.become(fresh)
    assert found(other) == [1, 2]


def test_what_a_killed_builder_left_is_cleared_away(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    (current,) = tmp_path.glob("gen-*")
    for number in (7, 8):
        shutil.copytree(current, tmp_path / f"gen-{number:08}")
    index.beside().close()
    assert list(tmp_path.glob("gen-*")) == [current]


def test_only_one_made_beside_may_take_over(tmp_path: Path) -> None:
    index, other = open_index(tmp_path / "a"), open_index(tmp_path / "b")
    with pytest.raises(TypeError):
        index.become(other)
    fresh = index.beside()
    index.become(fresh)
    with pytest.raises(TypeError):
        index.become(fresh)


def test_a_writer_waits_for_its_turn_and_then_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generation, "LOCK_TIMEOUT_S", 0.1)
    index = open_index(tmp_path)
    index.write(PAPERS, (), 1)
    (current,) = tmp_path.glob("gen-*")
    with FileLock(current / "write.lock"):
        with pytest.raises(Unavailable, match="Another process is writing") as refused:
            index.write((), [1], 2)
        assert refused.value.retry_after_s
        assert found(index) == [1, 2]
    index.write((), [1], 2)
    assert found(index) == [2]


def test_a_folder_that_vanishes_is_made_again(tmp_path: Path) -> None:
    index = open_index(tmp_path / "index")
    index.write(PAPERS, (), 1)
    shutil.rmtree(tmp_path / "index")
    assert (found(index), index.seen(), index.count()) == ([], 0, 0)
    index.write(PAPERS, (), 1)
    assert found(open_index(tmp_path / "index")) == [1, 2]


def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file")
    with pytest.raises(Unavailable, match="cannot be opened"):
        open_index(tmp_path / "index")
    with pytest.raises(Unavailable):
        open_index(tmp_path / "index" / "below")


def rebuild_often(folder: Path, times: int) -> None:
    """Build an index anew again and again; runs in a process of its own."""
    for upto in range(times):
        rebuild(folder, 5, upto)


def test_questions_are_answered_while_another_process_swaps(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    rebuild(tmp_path, 5, 1)
    process = multiprocessing.get_context("spawn").Process(target=rebuild_often, args=(tmp_path, 12))
    process.start()
    while process.is_alive():
        assert found(index) == [5]
        assert index.seen() >= 0
        assert dict(index.stamps()).keys() == {5}
        assert found(open_index(tmp_path)) == [5]
    process.join()
    assert process.exitcode == 0


def test_what_a_killed_writer_left_behind_is_cleared_away(tmp_path: Path) -> None:
    """A writer that is killed leaves the file of deletions it was writing, whose name the next one wants."""
    shelf = [paper(number, f"napkin {number}") for number in range(1, 11)]
    open_index(tmp_path / "killed").write(shelf, (), 1)
    shutil.copytree(tmp_path / "killed", tmp_path / "finished")
    open_index(tmp_path / "finished").write([paper(3, "kettle")], (), 2)
    (left,) = (tmp_path / "finished").glob("gen-*/*.del")
    (folder,) = (tmp_path / "killed").glob("gen-*")
    (folder / left.name).write_bytes(b"half of it")
    known = folder / ".managed.json"
    known.write_text(json.dumps([*json.loads(known.read_text()), left.name]))
    index = open_index(tmp_path / "killed")
    index.write([paper(3, "kettle")], (), 2)
    assert found(index) == [3]
