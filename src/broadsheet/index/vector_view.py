"""What a search of vectors sees at one moment, and what can be told from it alone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from broadsheet.index.port import Vectors
from broadsheet.index.vector_lists import CLOSE, Codes, Found, Lists, Scores, dots
from broadsheet.index.vector_table import Numbers

# Finer than the codes are, coarser than what faiss' ways to compute a cosine differ by.
DECIMALS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Rows below ``folded`` are in the lists, those from there on in the tail.

    ``held`` has a bit a row, the lowest first, also for some rows to come: 1 until the row is gone.
    """

    lists: Lists | None = None
    folded: int = 0
    ids: Numbers
    tail: Vectors
    held: Codes
    gone: int = 0
    seen: int = 0

    @property
    def count(self) -> int:
        """Count the papers held."""
        return len(self.ids) - self.gone

    def alive(self) -> NDArray[np.bool_]:
        """Tell of each row whether it is held."""
        return np.unpackbits(self.held, count=len(self.ids), bitorder="little").view(np.bool_)

    def narrowed(self, rows: Numbers) -> "View":
        """Give a view in which only these rows are held."""
        chosen = np.zeros(len(self.ids), np.bool_)
        chosen[rows] = True
        return replace(self, held=np.packbits(chosen, bitorder="little"), gone=len(self.ids) - len(rows))

    def nearest(self, query: Vectors, limit: int) -> Found:
        """Give at least the ``limit`` nearest rows and their cosines, in no order."""
        rows, scores = np.arange(self.folded, len(self.ids)), dots(query, self.tail)
        if self.gone:
            held = self.held[rows >> 3] >> (rows & 7) & 1 == 1
            rows, scores = rows[held], scores[held]
        if self.lists is not None:
            held_in_lists = self.held[: -(-self.folded // 8)] if self.gone else None
            found, more = self.lists.nearest(query, limit, held_in_lists)
            rows, scores = np.concatenate([found, rows]), np.concatenate([more, scores])
        return rows, scores

    def cosines(self, query: Vectors, rows: Numbers) -> Scores:
        """Give the cosine to each of ``rows``, which ascend."""
        split = np.searchsorted(rows, self.folded)
        scores = dots(query, self.tail[rows[split:] - self.folded])
        if self.lists is None or not split:
            return scores
        return np.concatenate([self.lists.cosines(query, rows[:split]), scores])

    def ordered(self, query: Vectors, rows: Numbers, scores: Scores, limit: int) -> list[tuple[int, float]]:
        """Give the best of ``rows`` as ids and cosines, by cosine, then id.

        The cosines that are given are all computed in one way, so that equal vectors have equal ones, which are then
        ordered by id: whoever found the rows may have computed ``scores`` in several.
        """
        if limit < len(rows):
            rows = rows[scores >= np.partition(scores, -limit)[-limit] - CLOSE]
        ids, cosines = self.ids[rows], dots(query, self.vectors(rows)).round(DECIMALS)
        order = np.lexsort((ids, -cosines))[:limit]
        return list(zip(ids[order].tolist(), cosines[order].tolist(), strict=True))

    def vectors(self, rows: Numbers) -> Vectors:
        """Give the vectors in ``rows``, as they are kept."""
        found = np.empty((len(rows), self.tail.shape[1]), np.float32)
        listed = rows < self.folded
        found[~listed] = self.tail[rows[~listed] - self.folded]
        if self.lists is not None and listed.any():
            found[listed] = self.lists.rows(rows[listed])
        return found

    def parts(self) -> Iterator[NDArray[Any]]:
        """Yield what a snapshot holds, in its order; nothing may be in the tail if there are lists."""
        alive = self.alive()
        if self.lists is None:
            yield self.ids[alive]
            yield self.tail[alive]
            return
        sizes = []
        for rows, _ in self.lists.contents():
            kept = rows[alive[rows]]
            sizes.append(len(kept))
            yield self.ids[kept]
        yield np.array(sizes, np.int64)
        yield self.lists.ranges
        yield self.lists.centroids
        for rows, codes in self.lists.contents():
            yield codes[alive[rows]]


def bits(flags: NDArray[np.bool_]) -> Codes:
    """Pack flags for ``View.held``, with as many again for rows to come."""
    more = (
        len(flags) + 64 + -2 * len(flags) % 8
    )  # the last byte is full: numpy would fill it up with rows that are gone
    return np.packbits(np.concatenate([flags, np.ones(more, np.bool_)]), bitorder="little")
