"""faiss keeps the vector index's contract in each of its forms, and its own rules on snapshots and threads."""

import logging
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings
from tests.contracts.vector_index import DIMENSION, POOL, QUERIES, AnyHistory, Brute, VectorIndexContract, agree, units

from broadsheet.errors import Unavailable
from broadsheet.index import vector_snapshot
from broadsheet.index.port import VectorIndex
from broadsheet.index.vectors import FaissIndex, Layout, open_vector_index

EXACT = Layout()
ONE_LIST = Layout(exact_rows=64, tail_rows=16, flat_rows=1 << 40)
MANY_LISTS = Layout(exact_rows=64, tail_rows=16, flat_rows=128, least_probed=2)
LAYOUTS = {"exact": EXACT, "one list": ONE_LIST, "many lists": MANY_LISTS}
# Ranges learnt from 64 vectors clip many of the later ones, those learnt from 16,384 hardly any; a wrong vector is
# off by about 1.
CODED = 0.25


def opened_at(folder: Path, layout: Layout) -> FaissIndex:
    return open_vector_index(folder, DIMENSION, layout=layout)


def filled(folder: Path, layout: Layout, *, saved: bool = False) -> FaissIndex:
    """Open an index with POOL under the ids from 1."""
    index = opened_at(folder, layout)
    for start in range(0, len(POOL), 40):
        index.write(range(start + 1, start + 41), POOL[start : start + 40], [], 1)
    index.settle()
    if saved:
        index.save()
    return index


@pytest.fixture(params=LAYOUTS)
def layout(request: pytest.FixtureRequest) -> Layout:
    return LAYOUTS[request.param]


@pytest.fixture
def index(tmp_path: Path, layout: Layout) -> FaissIndex:
    return opened_at(tmp_path, layout)


@pytest.fixture
def full(tmp_path: Path, layout: Layout) -> FaissIndex:
    return filled(tmp_path, layout)


@pytest.fixture
def opened(tmp_path: Path, layout: Layout) -> Callable[[], VectorIndex]:
    return lambda: opened_at(tmp_path, layout)


class TestFaiss(VectorIndexContract):
    """On faiss, in all three forms."""


class History(AnyHistory):
    """Any history of an index of one form, where building lists is waited for now and then by a search."""

    layout: Layout

    def open_index(self, folder: Path) -> VectorIndex:
        return opened_at(folder, self.layout)


class ExactHistory(History):
    layout, precision = EXACT, 2e-6


class OneListHistory(History):
    layout, precision = ONE_LIST, CODED


class ManyListsHistory(History):
    layout, precision, approximate = MANY_LISTS, CODED, True


TestExactHistory = ExactHistory.TestCase
TestOneListHistory = OneListHistory.TestCase
TestManyListsHistory = ManyListsHistory.TestCase
for case in (TestExactHistory, TestOneListHistory, TestManyListsHistory):
    case.settings = settings(
        max_examples=25,
        stateful_step_count=30,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )


def test_each_layout_has_the_form_it_is_meant_to_have(full: FaissIndex, layout: Layout) -> None:
    lists = full._view.lists
    assert (0 if lists is None else lists.lists) == {EXACT: 0, ONE_LIST: 1, MANY_LISTS: 32}[layout]


def test_the_measured_layout_grows_from_exact_rows_to_thousands_of_lists() -> None:
    lists = [Layout().lists(rows) for rows in (1, 99_999, 100_000, 300_000, 1_000_000, 3_000_000)]
    assert lists == [1, 1, 512, 1024, 2048, 4096]
    assert [Layout().probed(count) for count in lists] == [1, 1, 192, 192, 204, 409]


def test_many_lists_find_nearly_all_that_is_nearest(tmp_path: Path) -> None:
    vectors, truth = units(6_000, seed=5, topics=60), Brute()
    truth.write(range(6_000), vectors, [], 1)
    index = opened_at(tmp_path, Layout(exact_rows=1_000, tail_rows=100, flat_rows=2_000, least_probed=2))
    for start in range(0, 6_000, 500):
        index.write(range(start, start + 500), vectors[start : start + 500], [], 1)
    index.settle()
    queries = units(100, seed=6, topics=60)
    shared = [len(dict(index.nearest(q, 10)).keys() & dict(truth.nearest(q, 10)).keys()) for q in queries]
    assert np.mean(shared) / 10 >= 0.9


def test_a_search_among_too_many_to_compare_each_still_finds_nearly_all(tmp_path: Path) -> None:
    layout = Layout(exact_rows=64, tail_rows=16, flat_rows=128, least_probed=6, most_among=100)
    index, truth, among = filled(tmp_path, layout), Brute(), range(150, 350)
    truth.write(range(1, 401), POOL, [], 1)
    found = [dict(index.nearest(query, 10, among=among)).keys() for query in QUERIES]
    assert all(len(ids) == 10 and min(ids) >= 150 and max(ids) < 350 for ids in found)
    exact = [dict(truth.nearest(query, 10, among)).keys() for query in QUERIES]
    assert np.mean([len(ids & best) for ids, best in zip(found, exact, strict=True)]) >= 8
    assert len(index.nearest(QUERIES[0], 300, among=among)) == 200


def test_few_papers_left_in_many_lists_are_all_found(tmp_path: Path) -> None:
    index = filled(tmp_path, MANY_LISTS)
    index.write([], POOL[:0], range(1, 391), 2)
    assert {paper_id for paper_id, _ in index.nearest(QUERIES[0], 20)} == set(range(391, 401))


def test_papers_that_are_gone_do_not_stay_in_memory(index: FaissIndex) -> None:
    for turn in range(60):
        index.write(range(40), POOL[turn : turn + 40], [], turn)
        index.settle()
    assert index.count() == 40
    assert len(index._view.ids) <= max(index._layout.exact_rows, 60 * 40 // 4)


def test_a_search_among_more_than_are_read_singly_is_as_exact(full: FaissIndex) -> None:
    truth = Brute()
    truth.write(range(1, 401), POOL, [], 1)
    for query in QUERIES:
        agree(
            full.nearest(query, 40, among=range(2, 390)), truth.nearest(query, 40, range(2, 390)), truth, query, CODED
        )


@pytest.mark.parametrize("at", [0.0, 0.001, 0.05, 0.3, 0.6, 0.9, 0.9999])
def test_a_flipped_byte_is_never_used(tmp_path: Path, layout: Layout, at: float) -> None:
    filled(tmp_path, layout, saved=True).close()
    path = tmp_path / vector_snapshot.NAME
    content = bytearray(path.read_bytes())
    content[int(at * len(content))] ^= 0x10
    path.write_bytes(content)
    assert_starts_empty(tmp_path, layout)


@pytest.mark.parametrize("left", [0, 1, 31, 32, 60, 200, 0.5, -1, -4])
def test_a_cut_off_snapshot_is_never_used(tmp_path: Path, layout: Layout, left: float) -> None:
    filled(tmp_path, layout, saved=True).close()
    path = tmp_path / vector_snapshot.NAME
    content = path.read_bytes()
    path.write_bytes(content[: int(left * len(content)) if 0 < left < 1 else int(left)])
    assert_starts_empty(tmp_path, layout)


@pytest.mark.parametrize(
    "header",
    [b"", b"{}", b"[1]", b"null", b'{"dimension": 16, "seen": 1, "count": -1, "lists": 0}']
    + [b'{"dimension": 16, "seen": 1, "count": %s, "lists": 0}' % count for count in (b'"9"', b"1e9", b"9" * 40)],
)
def test_a_header_that_lies_is_never_used(tmp_path: Path, header: bytes) -> None:
    import zlib

    whole = vector_snapshot._FIRST.pack(vector_snapshot._MAGIC, len(header), zlib.crc32(header)) + header
    (tmp_path / vector_snapshot.NAME).write_bytes(whole + zlib.crc32(whole).to_bytes(4, "little"))
    assert_starts_empty(tmp_path, EXACT)


def test_any_bytes_for_a_snapshot_are_never_used(tmp_path: Path) -> None:
    chance = np.random.default_rng(3)
    for length in (1, 40, 4_000, 100_000):
        (tmp_path / vector_snapshot.NAME).write_bytes(chance.bytes(length))
        assert_starts_empty(tmp_path, EXACT)


def test_vectors_of_another_dimension_are_never_used(tmp_path: Path, layout: Layout) -> None:
    filled(tmp_path, layout, saved=True).close()
    other = open_vector_index(tmp_path, DIMENSION * 2, layout=layout)
    assert (other.count(), other.seen()) == (0, 0)


def assert_starts_empty(folder: Path, layout: Layout) -> None:
    """Hold that nothing is there, that it is said, and that the next save counts."""
    messages: list[str] = []
    listener = logging.Handler()
    listener.emit = lambda record: messages.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("broadsheet.index.vectors").addHandler(listener)
    index = opened_at(folder, layout)
    logging.getLogger("broadsheet.index.vectors").removeHandler(listener)
    assert (index.count(), index.seen(), len(messages)) == (0, 0, 1)
    index.write([1], POOL[:1], [], 1)
    index.save()
    assert opened_at(folder, layout).count() == 1


def test_what_a_crash_left_beside_is_cleared_away(tmp_path: Path) -> None:
    left_over = tmp_path / f"{vector_snapshot.NAME}.1.new"
    left_over.write_bytes(b"half")
    filled(tmp_path, EXACT, saved=True)
    assert not left_over.exists()


def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", "utf-8")
    index = opened_at(tmp_path / "file", EXACT)
    with pytest.raises(Unavailable):
        index.save()


def test_a_save_that_waits_too_long_for_another_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_snapshot, "LOCK_TIMEOUT_S", 0.01)
    index = filled(tmp_path, EXACT)
    with FileLock(tmp_path / "vectors.lock"), pytest.raises(Unavailable):
        index.save()


def save_elsewhere(folder: Path, upto: int) -> None:
    """Save as one of several processes do at once."""
    for turn in range(5):
        index = opened_at(folder, MANY_LISTS)
        index.write(range(1, 401), POOL, [], upto + turn)
        index.save()


def test_processes_that_save_at_once_leave_the_newest(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=save_elsewhere, args=(tmp_path, upto)) for upto in (10, 20)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0]
    left = opened_at(tmp_path, MANY_LISTS)
    assert (left.seen(), left.count()) == (24, 400)


@pytest.fixture
def changing(full: FaissIndex) -> Iterator[FaissIndex]:
    """An index whose papers from 101 on are replaced and removed, saved and listed anew all the time."""
    done = Event()

    def change() -> None:
        turn = 1
        while not done.is_set():
            turn += 1
            ids = [101 + (turn * 7 + step) % 300 for step in range(30)]
            full.write(ids, POOL[[(paper_id + turn) % 400 for paper_id in ids]], [101 + turn % 300], turn)
            if turn % 10 == 0:
                full.save()

    with ThreadPoolExecutor(1) as pool:
        changes = pool.submit(change)
        yield full
        done.set()
        changes.result()


def test_searches_are_right_while_papers_come_and_go(changing: FaissIndex) -> None:
    """Papers up to 100 never change, so they must be found throughout, once each and where they are."""

    def search(number: int) -> None:
        for turn in range(40):
            mine = (number * 40 + turn) % 100
            hits = changing.nearest(POOL[mine], 30)
            assert len({paper_id for paper_id, _ in hits}) == len(hits) == 30
            assert dict(hits)[mine + 1] >= 1 - CODED
            assert len(changing.nearest(POOL[mine], 200, among=range(1, 101))) == 100
            assert len(changing.vectors(range(1, 101))) == 100
            assert changing.vectors([mine + 1])[mine + 1] == pytest.approx(POOL[mine], abs=CODED)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(search, range(4)))


def test_searches_from_many_threads_agree(full: FaissIndex) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda turn: full.nearest(QUERIES[turn % 5], 20), range(100)))
    assert all(answers[turn] == answers[turn % 5] for turn in range(100))


def test_other_threads_keep_their_number_of_faiss_threads(full: FaissIndex) -> None:
    import faiss

    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as other:
        one.submit(faiss.omp_set_num_threads, 3).result()
        other.submit(full.nearest, QUERIES[0], 5).result()
        assert one.submit(faiss.omp_get_max_threads).result() == 3


def test_lists_built_after_closing_are_dropped(tmp_path: Path) -> None:
    index = filled(tmp_path, ONE_LIST)
    index._layout = MANY_LISTS
    with index._folding:
        index._tidy()
        index.close()
    index.settle()
    assert index.count() == 0
