"""Vectors on faiss: a small exact tail takes what is new, lists of 8-bit codes hold the rest.

A *row* is one vector that came; a paper is in its newest row, and earlier ones are marked as gone. Readers look at a
``View``, which never changes: whoever writes puts a new one in its place. Four locks, always taken in this order:

- ``_folding`` – the lists may be read through, moved or saved; held for long, and waited for only by those who do that
- ``_writing`` – one write at a time, milliseconds
- ``_turns`` – searches share it; rows are added to the lists while nobody searches, a few milliseconds per 4,096 rows
- ``_swapping`` – view and table change together, microseconds
"""

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock, Thread

import numpy as np
from numpy.typing import NDArray

from broadsheet.errors import Invalid
from broadsheet.index import vector_snapshot
from broadsheet.index.port import MOST_AMONG, Vectors
from broadsheet.index.turns import Turns
from broadsheet.index.vector_arrays import appended, distinct, numbers, units
from broadsheet.index.vector_lists import Lists, dots, learn_ranges, relisted
from broadsheet.index.vector_snapshot import DamagedError, Head, Snapshot
from broadsheet.index.vector_table import NOWHERE, Numbers, RowTable
from broadsheet.index.vector_view import View, bits

# While the lists are moved or saved the tail grows; at so many times its size a write waits.
_PATIENCE = 8
# Rows that are gone cost time and memory; at this share the lists are built anew without them.
_GONE = 0.25
# So many papers tell how a query's cosines spread; they are chosen anew when the shelf has changed by this share.
_SAMPLE = 1_024
_CHANGED = 0.1
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """At how many rows the index changes its form; measured by bench/vectors.py, the reasons are in DECISIONS.md."""

    # So many are kept as float32: 16 MB at 256 numbers, searched in half a millisecond.
    exact_rows: int = 16_384
    # So many are compared one by one beside the lists, a tenth of a millisecond.
    tail_rows: int = 4_096
    # From here on more lists than one: reading all codes takes 3 ms then, as long as a search in a million's lists.
    flat_rows: int = 100_000
    # So many lists are read at least, and a tenth of many: recall@10 is .96 and more, in 3 ms and less.
    least_probed: int = 192

    # More papers than these are searched as all are, in some of the lists.
    most_among: int = MOST_AMONG

    def lists(self, rows: int) -> int:
        """Choose the number of lists: the power of two next to twice the root, which balances k-means and scan."""
        return 1 if rows < self.flat_rows else 2 ** round(np.log2(2 * rows**0.5))

    def probed(self, lists: int) -> int:
        """Choose how many of the lists a search reads."""
        return min(lists, max(self.least_probed, lists // 10))


def open_vector_index(folder: Path, dimension: int, *, layout: Layout | None = None) -> "FaissIndex":
    """Open the vectors saved in ``folder``, none where there are none or they cannot be used.

    Takes about a second a million vectors, as every byte is checked.
    """
    return FaissIndex(folder, dimension, layout or Layout())


class FaissIndex:
    """A VectorIndex in memory; see the top of the file."""

    def __init__(self, folder: Path, dimension: int, layout: Layout) -> None:
        self._folder, self._dimension, self._layout = folder, dimension, layout
        self._folding, self._writing, self._swapping, self._turns = Lock(), Lock(), Lock(), Turns()
        self._moving: Thread | None = None
        self._closed = False
        self._view: View
        self._table: RowTable
        # Rows are appended to these, which may be longer than what a view shows of them.
        self._ids: Numbers
        self._tail: Vectors
        self._empty()
        try:
            saved = vector_snapshot.read(folder, dimension)
            if saved is not None:
                self._take(saved)
        except DamagedError as damage:
            _log.warning("The vectors saved in %s are not used: %s.", folder, damage)
            vector_snapshot.clear_away(folder, dimension)

    @property
    def dimension(self) -> int:
        """See VectorIndex.dimension."""
        return self._dimension

    def seen(self) -> int:
        """See VectorIndex.seen."""
        return self._view.seen

    def count(self) -> int:
        """See VectorIndex.count."""
        return self._view.count

    def write(self, ids: Sequence[int], vectors: Vectors, removed: Collection[int], upto: int) -> None:
        """See VectorIndex.write."""
        asked = numbers(ids)
        if vectors.shape != (len(asked), self._dimension) or len(np.unique(asked)) != len(asked):
            raise Invalid(f"A write takes distinct ids and {self._dimension} numbers for each.", field="vectors")
        rows, usable = units(vectors)
        with self._writing:
            # A paper whose new vector points nowhere has none from now on.
            self._put(asked[usable], rows[usable], np.append(numbers(removed), asked), upto)
        self._fold()

    def nearest(self, vector: Vectors, limit: int, *, among: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """See VectorIndex.nearest."""
        query = self._query(vector)
        if limit <= 0:
            return []
        with self._reading(numbers(() if among is None else among)) as (view, rows):
            if among is None:
                found, scores = view.nearest(query, limit)
            else:
                found = distinct(rows[rows != NOWHERE], len(view.ids))
                if len(found) > self._layout.most_among:
                    found, scores = view.narrowed(found).nearest(query, limit)
                else:
                    scores = view.cosines(query, found)
            return view.ordered(query, found, scores, limit)

    def spread(self, vector: Vectors) -> tuple[float, float]:
        """See VectorIndex.spread."""
        query = self._query(vector)
        with self._reading(numbers(())) as (view, _):
            cosines = dots(query, self._sample(view))
        return (float(cosines.mean()), float(cosines.std())) if len(cosines) else (0.0, 0.0)

    def vectors(self, ids: Sequence[int]) -> dict[int, Vectors]:
        """See VectorIndex.vectors."""
        asked = numbers(ids)
        with self._reading(asked) as (view, rows):
            held = rows != NOWHERE
            found, _ = units(view.vectors(rows[held]))
        return dict(zip(asked[held].tolist(), found, strict=True))

    def save(self) -> None:
        """See VectorIndex.save."""
        with self._folding:
            view = self._all_listed()
            lists = 0 if view.lists is None else view.lists.lists
            head = Head(dimension=self._dimension, seen=view.seen, count=view.count, lists=lists)
            vector_snapshot.write(self._folder, head, view.parts())

    def settle(self) -> None:
        """Wait for the lists that are being built anew in the background, if any are."""
        if self._moving is not None:
            self._moving.join()

    def close(self) -> None:
        """See VectorIndex.close."""
        with self._writing:
            self._closed = True
            self._empty()

    def _empty(self) -> None:
        nothing = np.empty((0, self._dimension), np.float32)
        self._swap(None, np.empty(0, np.int64), nothing, np.empty(0, np.bool_), seen=0)
        self._sampled = 0, nothing

    def _take(self, saved: Snapshot) -> None:
        """Begin with a snapshot's papers; all is copied, so that its file may be replaced."""
        ids, everything = np.array(saved.ids, np.int64), np.ones(len(saved.ids), np.bool_)
        if not saved.head.lists:
            self._swap(None, ids, np.array(saved.rows, np.float32), everything, seen=saved.head.seen)
            return
        probed = self._layout.probed(saved.head.lists)
        lists = Lists(np.array(saved.ranges, np.float32), np.array(saved.centroids, np.float32), probed)
        lists.fill(np.array(saved.sizes, np.int64), np.asarray(saved.rows, np.uint8))
        self._swap(lists, ids, self._tail[:0], everything, seen=saved.head.seen)

    def _query(self, vector: Vectors) -> Vectors:
        if vector.shape != (self._dimension,):
            raise Invalid(f"This index compares vectors of {self._dimension} numbers.", field="vector")
        query: Vectors = units(vector[None])[0][0]
        return query

    @contextmanager
    def _reading(self, ids: Numbers) -> Iterator[tuple[View, Numbers]]:
        """Keep the lists from changing, and give what is held now and the rows of these papers in it."""
        with self._turns.reading():
            with self._swapping:
                view, rows = self._view, self._table.find(ids)
            yield view, rows

    def _sample(self, view: View) -> Vectors:
        """Give the vectors of some papers, evenly chosen; of a small shelf all that it holds now."""
        count, vectors = self._sampled
        if view.count <= _SAMPLE or abs(view.count - count) > _CHANGED * count:
            rows = np.flatnonzero(view.alive())
            places = np.linspace(0, len(rows), min(len(rows), _SAMPLE), endpoint=False).astype(np.int64)
            vectors = view.vectors(rows[places])
            self._sampled = view.count, vectors
        return vectors

    def _put(self, ids: Numbers, vectors: Vectors, leaving: Numbers, upto: int) -> None:
        """Append rows to the tail, and let the ``leaving`` papers go from where they were."""
        view = self._view
        if view.lists is not None and len(vectors):
            vectors = view.lists.rounded(vectors)
        start, end = len(view.ids), len(view.ids) + len(ids)
        self._ids = appended(self._ids, start, ids)
        self._tail = appended(self._tail, len(view.tail), vectors)
        leaving = leaving[self._table.find(leaving) != NOWHERE]
        left = np.unique(self._table.find(leaving))
        held = view.held if end <= 8 * len(view.held) else bits(np.append(view.alive(), np.ones(end - start, np.bool_)))
        if len(left):
            held = held.copy()
            np.bitwise_and.at(held, left >> 3, ~(1 << (left & 7)).astype(np.uint8))
        tail = self._tail[: end - view.folded]
        after = replace(view, ids=self._ids[:end], tail=tail, held=held, gone=view.gone + len(left), seen=upto)
        with self._swapping:
            self._table.put(leaving, np.full(len(leaving), NOWHERE))
            self._table.put(ids, np.arange(start, end))
            self._view = after

    def _swap(self, lists: Lists | None, ids: Numbers, tail: Vectors, alive: NDArray[np.bool_], *, seen: int) -> None:
        """Give all rows new numbers: those in ``lists`` come first, then those in ``tail``."""
        table, rows = RowTable(), np.flatnonzero(alive)
        table.put(ids[rows], rows)
        folded, gone = len(ids) - len(tail), len(ids) - len(rows)
        view = View(lists=lists, folded=folded, ids=ids, tail=tail, held=bits(alive), gone=gone, seen=seen)
        with self._swapping:
            self._table, self._view = table, view
        self._ids, self._tail = ids, tail

    def _fold(self) -> None:
        """Move the tail into the lists when it is long, unless somebody needs them to stay as they are."""
        view, layout = self._view, self._layout
        most = layout.exact_rows if view.lists is None else layout.tail_rows
        if len(view.tail) < most or not self._folding.acquire(blocking=len(view.tail) >= _PATIENCE * most):
            return
        try:
            if self._view.lists is None:
                self._leave_exactness()
            else:
                self._move_tail(self._view.lists)
            self._tidy()
        finally:
            self._folding.release()

    def _leave_exactness(self) -> None:
        """Turn all rows into codes in one list; where many are gone, only forget those."""
        with self._writing:
            view = self._view
            alive = view.alive()
            ids, tail, lists = view.ids[alive], view.tail[alive], None
            if view.count >= (1 - _GONE) * self._layout.exact_rows:
                lists = Lists(learn_ranges(tail), np.zeros((1, self._dimension), np.float32), 1)
                lists.add(tail, np.zeros(len(tail), np.int64))
                tail = tail[:0]
            self._swap(lists, ids, tail, np.ones(len(ids), np.bool_), seen=view.seen)

    def _move_tail(self, lists: Lists) -> None:
        """Add what is in the tail to the lists, a piece at a time, so that searches wait for milliseconds only."""
        for _ in range(0, len(self._view.tail), self._layout.tail_rows):
            piece = self._view.tail[: self._layout.tail_rows]
            chosen = lists.lists_of(piece)
            with self._writing:
                self._move_piece(lists, piece, chosen)

    def _move_piece(self, lists: Lists, piece: Vectors, chosen: Numbers) -> None:
        view = self._view
        self._tail = view.tail[len(piece) :]
        with self._turns.writing(), self._swapping:
            lists.add(piece, chosen)
            self._view = replace(view, folded=view.folded + len(piece), tail=self._tail)

    def _all_listed(self) -> View:
        """Give a view with nothing in the tail; writes wait only for what came while the rest was moved."""
        lists = self._view.lists
        if lists is None:
            return self._view
        self._move_tail(lists)
        with self._writing:
            rest = self._view.tail
            if len(rest):
                self._move_piece(lists, rest, lists.lists_of(rest))
            return self._view

    def _tidy(self) -> None:
        """Begin to build the lists anew in the background, when more are due or much in them is gone."""
        view = self._view
        if view.lists is None or (self._moving is not None and self._moving.is_alive()):
            return
        wanted = max(view.lists.lists, self._layout.lists(view.count))
        if wanted > view.lists.lists or view.gone > max(self._layout.tail_rows, _GONE * len(view.ids)):
            self._moving = Thread(target=self._rebuild, args=(view.lists, wanted), name="vector lists", daemon=True)
            self._moving.start()

    def _rebuild(self, old: Lists, wanted: int) -> None:
        """Build the lists anew beside the old ones, which answer meanwhile, and put them in their place."""
        with self._folding:
            view = self._view
            kept = np.flatnonzero(view.alive()[: view.folded])
            if view.lists is not old or len(kept) < wanted:
                return
            fresh = relisted(old, kept, wanted, self._layout.probed(wanted))
            with self._writing:
                if self._closed:
                    return
                now = self._view
                order = np.append(kept, np.arange(now.folded, len(now.ids)))
                self._swap(fresh, now.ids[order], now.tail, now.alive()[order], seen=now.seen)
            self._move_tail(fresh)
