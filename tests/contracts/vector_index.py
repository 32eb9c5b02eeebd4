"""What every vector index must do, whatever engine is behind it; ``tests/index`` runs this against each.

The oracle is ``Brute``: float64, every pair compared. An index may keep vectors less precisely, as far as the suite's
``precision`` says, so ranks are compared by their cosines: if no cosine is off by more, no rank's cosine is either.
"""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from broadsheet.errors import Invalid
from broadsheet.index.port import VectorIndex, Vectors

DIMENSION = 16
Open = Callable[[Path], VectorIndex]
Hits = list[tuple[int, float]]


def units(count: int, *, seed: int = 0, topics: int = 12) -> Vectors:
    """Give vectors that lie about a few topics, as papers do."""
    chance = np.random.default_rng(seed)
    centres = np.random.default_rng(99).standard_normal((topics, DIMENSION))
    rows = centres[chance.integers(topics, size=count)] + 0.7 * chance.standard_normal((count, DIMENSION))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


POOL = units(400)
QUERIES = units(20, seed=1)


class Brute:
    """The plainest index there can be."""

    def __init__(self) -> None:
        self.held: dict[int, Vectors] = {}
        self.seen = 0

    def write(self, ids: Sequence[int], vectors: Vectors, removed: Collection[int], upto: int) -> None:
        for paper_id in removed:
            self.held.pop(paper_id, None)
        self.held.update(zip(ids, vectors, strict=True))
        self.seen = upto

    def cosine(self, query: Vectors, paper_id: int) -> float | None:
        row = self.held.get(paper_id)
        return None if row is None else float(row.astype(np.float64) @ query.astype(np.float64))

    def nearest(self, query: Vectors, limit: int, among: Collection[int] | None = None) -> Hits:
        ids = set(self.held) if among is None else set(self.held) & set(among)
        scored = [(paper_id, self.cosine(query, paper_id) or 0.0) for paper_id in ids]
        return sorted(scored, key=lambda hit: (-hit[1], hit[0]))[:limit]


def agree(hits: Hits, best: Hits, truth: Brute, query: Vectors, precision: float) -> None:
    """Hold hits against the oracle's: order, every cosine, and the cosine at every rank."""
    assert hits == sorted(hits, key=lambda hit: (-hit[1], hit[0]))
    assert len({paper_id for paper_id, _ in hits}) == len(hits) == len(best)
    for (paper_id, cosine), (_, at_rank) in zip(hits, best, strict=True):
        assert cosine == pytest.approx(truth.cosine(query, paper_id), abs=precision)
        assert cosine == pytest.approx(at_rank, abs=precision)


class AnyHistory(RuleBasedStateMachine):
    """Any history of writes, saves and openings; subclass it with the index to test."""

    open_index: Open
    precision: float
    approximate = False
    ids = st.integers(1, 300)

    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        self.index = self.open_index(Path(self.folder.name))
        self.truth, self.saved = Brute(), Brute()

    @rule(
        ids=st.sets(ids, max_size=30), removed=st.sets(ids, max_size=10), turn=st.integers(0, 99), again=st.booleans()
    )
    def write(self, ids: set[int], removed: set[int], turn: int, again: bool) -> None:  # noqa: FBT001
        vectors = POOL[[(paper_id + turn) % len(POOL) for paper_id in ids]].reshape(-1, DIMENSION)
        for _ in range(1 + again):
            self.index.write(list(ids), vectors, removed, self.truth.seen + 1)
        self.truth.write(list(ids), vectors, removed, self.truth.seen + 1)

    @rule(first=ids, turn=st.integers(0, 99))
    def write_many(self, first: int, turn: int) -> None:
        self.write(set(range(first, first + 100)), set(), turn, again=False)

    @rule(first=ids)
    def remove_many(self, first: int) -> None:
        self.write(set(), set(range(first, first + 100)), 0, again=False)

    @rule()
    def save(self) -> None:
        self.index.save()
        self.saved.held, self.saved.seen = dict(self.truth.held), self.truth.seen

    @precondition(lambda self: self.saved.seen)
    @rule()
    def reopen(self) -> None:
        """Lose what was not saved, as a crash does."""
        self.index.close()
        self.index = self.open_index(Path(self.folder.name))
        self.truth.held, self.truth.seen = dict(self.saved.held), self.saved.seen

    @rule(query=st.integers(0, len(QUERIES) - 1), limit=st.integers(0, 40))
    def search(self, query: int, limit: int) -> None:
        hits, best = self.index.nearest(QUERIES[query], limit), self.truth.nearest(QUERIES[query], limit)
        if self.approximate:
            best = [(paper_id, self.truth.cosine(QUERIES[query], paper_id) or 0) for paper_id, _ in hits]
            assert len(hits) == min(limit, len(self.truth.held))
        agree(hits, best, self.truth, QUERIES[query], self.precision)

    @rule(query=st.integers(0, len(QUERIES) - 1), limit=st.integers(1, 40), among=st.lists(st.integers(-5, 400)))
    def search_among(self, query: int, limit: int, among: list[int]) -> None:
        hits = self.index.nearest(QUERIES[query], limit, among=among)
        agree(hits, self.truth.nearest(QUERIES[query], limit, among), self.truth, QUERIES[query], self.precision)

    @rule(ids=st.lists(st.integers(-5, 400)))
    def read(self, ids: list[int]) -> None:
        found = self.index.vectors(ids)
        assert found.keys() == self.truth.held.keys() & set(ids)
        for paper_id, vector in found.items():
            assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
            # One number of a vector may lie outside the range that its codes learnt from the first rows.
            assert vector == pytest.approx(self.truth.held[paper_id], abs=2 * self.precision)

    @rule()
    def count(self) -> None:
        assert (self.index.count(), self.index.seen()) == (len(self.truth.held), self.truth.seen)

    def teardown(self) -> None:
        self.index.close()
        self.folder.cleanup()


class VectorIndexContract:
    """Tests that get a fixture ``index`` (new and empty), ``full`` (POOL under the ids 1 to 400) and ``opened``."""

    def test_a_new_index_is_empty(self, index: VectorIndex) -> None:
        assert (index.count(), index.seen(), index.dimension) == (0, 0, DIMENSION)
        assert index.nearest(QUERIES[0], 10) == []
        assert index.nearest(QUERIES[0], 10, among=[1, 2]) == []
        assert index.vectors([1]) == {}
        assert index.spread(QUERIES[0]) == (0, 0)

    def test_a_paper_is_nearest_to_itself(self, full: VectorIndex) -> None:
        assert [full.nearest(vector, 1)[0][0] for vector in POOL] == list(range(1, len(POOL) + 1))

    def test_a_removed_paper_is_never_found(self, full: VectorIndex) -> None:
        full.write([], POOL[:0], range(1, 51), 2)
        for vector in POOL[:50]:
            assert min(paper_id for paper_id, _ in full.nearest(vector, 350)) > 50
        assert full.nearest(POOL[0], 9, among=range(1, 51)) == []
        assert full.vectors([1, 50]) == {}
        assert full.count() == 350

    def test_a_replaced_paper_is_found_where_it_is_now_and_only_there(self, full: VectorIndex) -> None:
        full.write([7], -POOL[6:7], [], 2)
        assert full.nearest(-POOL[6], 1)[0][0] == 7
        assert full.nearest(POOL[6], 400)[-1][0] == 7
        assert full.count() == 400

    def test_an_id_that_is_removed_and_written_at_once_is_held(self, index: VectorIndex) -> None:
        index.write([1], POOL[:1], [1], 1)
        assert index.count() == 1

    def test_equal_papers_come_by_id(self, full: VectorIndex) -> None:
        full.write(range(900, 500, -1), np.tile(POOL[0], (400, 1)), [], 2)
        expected = [1, *range(501, 509)]
        assert [paper_id for paper_id, _ in full.nearest(POOL[0], 9)] == expected
        assert [paper_id for paper_id, _ in full.nearest(POOL[0], 9, among=range(900, 0, -1))] == expected

    def test_the_cosine_is_the_same_by_every_way(self, full: VectorIndex) -> None:
        full.write([401, 402], QUERIES[:2], [], 2)
        hits = full.nearest(QUERIES[3], 402)
        ids = [paper_id for paper_id, _ in hits]
        assert full.nearest(QUERIES[3], 402, among=ids[::-1]) == hits

    def test_the_length_of_a_query_does_not_matter(self, full: VectorIndex) -> None:
        assert full.nearest(QUERIES[0] * 8, 10) == full.nearest(QUERIES[0], 10)

    def test_a_write_that_is_done_again_changes_nothing(self, full: VectorIndex) -> None:
        before = full.nearest(QUERIES[0], 400)
        full.write(range(1, 401), POOL, [], 1)
        assert (full.nearest(QUERIES[0], 400), full.count(), full.seen()) == (before, 400, 1)

    @pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0])
    def test_a_vector_that_points_nowhere_is_not_held(self, full: VectorIndex, bad: float) -> None:
        full.write([1, 500], np.full((2, DIMENSION), bad, np.float32), [], 2)
        assert (full.count(), full.seen()) == (399, 2)
        assert full.vectors([1, 500]) == {}

    @pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0])
    def test_a_query_that_points_nowhere_is_equally_far_from_all(self, full: VectorIndex, bad: float) -> None:
        hits = full.nearest(np.full(DIMENSION, bad, np.float32), 5, among=range(1, 401))
        assert hits == [(paper_id, 0.0) for paper_id in range(1, 6)]

    @pytest.mark.parametrize("shape", [(DIMENSION + 1,), (DIMENSION - 1,), (1, DIMENSION), ()])
    def test_a_query_of_another_shape_is_invalid(self, full: VectorIndex, shape: tuple[int, ...]) -> None:
        with pytest.raises(Invalid):
            full.nearest(np.ones(shape, np.float32), 1)

    @pytest.mark.parametrize(("ids", "shape"), [([1], (1, 3)), ([1, 2], (1, DIMENSION)), ([1, 1], (2, DIMENSION))])
    def test_a_write_of_another_shape_is_invalid(
        self, full: VectorIndex, ids: list[int], shape: tuple[int, ...]
    ) -> None:
        with pytest.raises(Invalid):
            full.write(ids, np.ones(shape, np.float32), [], 2)
        assert full.seen() == 1

    def test_the_spread_of_cosines_is_that_of_all_papers(self, full: VectorIndex) -> None:
        full.write([], POOL[:0], range(1, 101), 2)
        for query in QUERIES:
            cosines = POOL[100:] @ query
            assert full.spread(query) == pytest.approx((cosines.mean(), cosines.std()), abs=0.02)

    def test_any_number_may_be_asked_for(self, full: VectorIndex) -> None:
        ids = [10**30, -(10**30), 2**63 - 1, -(2**63), 0, 3, 3]
        assert [hit[0] for hit in full.nearest(POOL[2], 9, among=ids)] == [3]
        assert list(full.vectors(ids)) == [3]
        assert full.nearest(POOL[2], 0) == full.nearest(POOL[2], -1) == []
        assert len(full.nearest(POOL[2], 10**9)) == 400

    def test_what_is_saved_is_there_again(self, full: VectorIndex, opened: Callable[[], VectorIndex]) -> None:
        full.write([3], POOL[9:10], [4], 2)
        full.save()
        again = opened()
        assert (again.seen(), again.count()) == (2, 399)
        assert again.nearest(QUERIES[0], 399) == full.nearest(QUERIES[0], 399)

    def test_a_newer_snapshot_is_left_alone(self, index: VectorIndex, opened: Callable[[], VectorIndex]) -> None:
        newer = opened()
        newer.write([1], POOL[:1], [], 9)
        newer.save()
        index.write([2], POOL[1:2], [], 8)
        index.save()
        assert (opened().seen(), opened().vectors([1, 2]).keys()) == (9, {1})

    def test_closing_twice_is_well(self, full: VectorIndex) -> None:
        full.close()
        full.close()
