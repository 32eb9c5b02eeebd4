"""faiss: vectors as 8-bit codes in one list (every search reads all) or in many (a search reads the nearest ones).

A code is the step of each number between the least and the greatest of its axis: faiss' ``QT_8bit``,
``x = least + (code + 1/2) / 255 * (greatest - least)``. Lists are the cells of a k-means, its centroids of unit length.

Every call here lets faiss use one thread: searches come from many threads at once, and a second thread of its own made
single searches slower in all of our measurements. OpenMP holds that number per calling thread, so other threads of the
process are left as they are.
"""

from collections.abc import Iterator
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from broadsheet.index.port import Vectors
from broadsheet.index.vector_table import Numbers

Codes = NDArray[np.uint8]
Scores = NDArray[np.float64]
# What a search finds: rows and their cosines, in no order.
Found = tuple[Numbers, Scores]

# faiss computes a cosine in several ways, which differ by a tenth of this; codes lose a thousand times more.
CLOSE = 1e-6
# Below any cosine, and by more than rounding does.
_ALL = -4.0
# So many more than asked for are looked at, since among equal ones faiss keeps any.
_SPARE = 16
# The ranges are learnt once, so they leave room for later papers: this share of the range on either side.
_ROOM = 0.1
# Reading one row by its number costs as much as passing by this many (bench/vectors.py).
_PASSED = 250
_ROUNDS = 6
_PER_LIST = 40
_AT_ONCE = 1 << 14


class Lists:
    """Rows numbered from 0 in the order they came; readers may be many, ``add`` must be alone."""

    def __init__(self, ranges: Vectors, centroids: Vectors, probed: int) -> None:
        """Begin empty.

        ``ranges`` is as learnt by ``learn_ranges``, ``centroids`` is ``(lists, dimension)``; a search reads ``probed``
        of the lists.
        """
        _alone()
        self.ranges, self.centroids, self.probed = ranges, centroids, probed
        self.lists, self.dimension = centroids.shape
        self._coarse = faiss.IndexFlatIP(self.dimension)
        self._coarse.add(centroids)
        kind, metric = faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
        self._index = faiss.IndexIVFScalarQuantizer(self._coarse, self.dimension, self.lists, kind, metric, False)  # noqa: FBT003 - positional in C++
        faiss.copy_array_to_vector(ranges, self._index.sq.trained)
        self._index.is_trained = True
        self._index.make_direct_map()

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def rounded(self, vectors: Vectors) -> Vectors:
        """Give vectors as their codes keep them, so that a row does not change when it is added."""
        _alone()
        return np.ascontiguousarray(self._index.sq.decode(self._index.sq.compute_codes(vectors)))

    def lists_of(self, vectors: Vectors) -> Numbers:
        """Choose the list of each vector; the slow part of adding, done before being alone."""
        _alone()
        return np.ascontiguousarray(self._coarse.search(vectors, 1)[1][:, 0])

    def add(self, vectors: Vectors, lists: Numbers) -> None:
        """Append rows."""
        _alone()
        self._index.add_core(len(vectors), faiss.swig_ptr(vectors), None, faiss.swig_ptr(lists))

    def nearest(self, vector: Vectors, limit: int, held: Codes | None) -> Found:
        """Give at least the ``limit`` nearest rows, all that are as close as the last one included.

        ``held`` has a bit a row, the lowest first, 0 for a row to pass over.
        """
        _alone()
        if not len(self):
            return np.empty(0, np.int64), np.empty(0)
        found = self._best(vector, limit, held, self.probed)
        if len(found[0]) < min(limit, len(self)) and self.probed < self.lists:
            return self._best(vector, limit, held, self.lists)
        return found

    def cosines(self, vector: Vectors, rows: Numbers) -> Scores:
        """Give the cosine to each of ``rows``, which ascend."""
        _alone()
        if len(rows) * _PASSED < len(self):
            return dots(vector, self.rows(rows))
        chosen = np.zeros(len(self), bool)
        chosen[rows] = True
        found, scores = self._above(vector, _ALL, np.packbits(chosen, bitorder="little"), self.lists)
        placed = np.empty(len(self))
        placed[found] = scores
        return placed[rows]

    def rows(self, rows: Numbers) -> Vectors:
        """Give vectors by their rows, as precise as they are kept."""
        _alone()
        return np.asarray(self._index.reconstruct_batch(rows), np.float32)

    def contents(self) -> Iterator[tuple[Numbers, Codes]]:
        """Yield the rows and the codes of one list after the other, to be copied before the next ``add``."""
        inside = self._index.invlists
        for number in range(self.lists):
            if size := inside.list_size(number):
                codes = faiss.rev_swig_ptr(inside.get_codes(number), size * self.dimension)
                yield faiss.rev_swig_ptr(inside.get_ids(number), size), codes.reshape(size, self.dimension)
            else:
                yield np.empty(0, np.int64), np.empty((0, self.dimension), np.uint8)

    def fill(self, sizes: Numbers, codes: Codes) -> None:
        """Take in codes sorted by list, ``sizes`` of them each; they become the rows in that order."""
        _alone()
        numbers = np.arange(len(codes))
        ends = np.cumsum(sizes)
        for number, (start, end) in enumerate(zip(ends - sizes, ends, strict=True)):
            if start < end:
                pointers = faiss.swig_ptr(numbers[start:end]), faiss.swig_ptr(codes[start:end])
                self._index.invlists.add_entries(number, int(end - start), *pointers)
        self._index.ntotal = len(codes)
        self._index.set_direct_map_type(faiss.DirectMap.NoMap)
        self._index.make_direct_map()

    def _best(self, vector: Vectors, limit: int, held: Codes | None, probed: int) -> Found:
        asked = min(limit + _SPARE, len(self))
        scores, rows = self._index.search(vector[None], asked, params=_parameters(held, probed))
        found, cosines = rows[0][rows[0] >= 0], _cosines(scores[0][rows[0] >= 0])
        if limit < len(found) == asked < len(self) and cosines[-1] >= cosines[limit - 1] - CLOSE:
            return self._above(vector, cosines[limit - 1] - 2 * CLOSE, held, probed)
        return found, cosines

    def _above(self, vector: Vectors, least: float, held: Codes | None, probed: int) -> Found:
        _, scores, rows = self._index.range_search(vector[None], least, params=_parameters(held, probed))
        return rows, _cosines(scores)


def learn_ranges(vectors: Vectors) -> Vectors:
    """Learn the least and the extent of each axis, first all of the one, then all of the other."""
    _alone()
    quantizer = faiss.ScalarQuantizer(vectors.shape[1], faiss.ScalarQuantizer.QT_8bit)
    quantizer.rangestat, quantizer.rangestat_arg = faiss.ScalarQuantizer.RS_minmax, _ROOM
    quantizer.train(vectors)
    return np.asarray(faiss.vector_to_array(quantizer.trained), np.float32)


def learn_centroids(vectors: Vectors, lists: int) -> Vectors:
    """Find the centroids of so many lists by k-means; the same vectors give the same ones."""
    _alone()
    clustering = faiss.Clustering(vectors.shape[1], lists)
    clustering.niter, clustering.spherical, clustering.min_points_per_centroid = _ROUNDS, True, 1
    clustering.train(vectors, faiss.IndexFlatIP(vectors.shape[1]))
    return np.asarray(faiss.vector_to_array(clustering.centroids), np.float32).reshape(lists, -1)


def relisted(old: Lists, kept: Numbers, lists: int, probed: int) -> Lists:
    """Build anew from the ``kept`` rows of an old one, which is only read; new centroids where ``lists`` is new."""
    centroids = old.centroids
    if lists != old.lists:
        chosen = np.random.default_rng(lists).permutation(len(kept))[: lists * _PER_LIST]
        centroids = learn_centroids(old.rows(np.sort(kept[chosen])), lists)
    fresh = Lists(old.ranges, centroids, probed)
    for start in range(0, len(kept), _AT_ONCE):
        vectors = old.rows(kept[start : start + _AT_ONCE])
        fresh.add(vectors, fresh.lists_of(vectors))
    return fresh


def dots(vector: Vectors, vectors: Vectors) -> Scores:
    """Give the cosine to each of many vectors, exactly; numpy's product would wake threads that wait for each other."""
    scores = np.empty(len(vectors), np.float32)
    if len(vectors):
        pointers = faiss.swig_ptr(scores), faiss.swig_ptr(vector), faiss.swig_ptr(vectors)
        faiss.fvec_inner_products_ny(*pointers, len(vector), len(vectors))
    return _cosines(scores)


def _cosines(scores: Vectors) -> Scores:
    cosines = scores.astype(np.float64)
    np.clip(cosines, -1, 1, out=cosines)
    return cosines


def _parameters(held: Codes | None, probed: int) -> Any:  # noqa: ANN401 - faiss has no types to speak of
    if held is None:
        return faiss.SearchParametersIVF(nprobe=probed)
    return faiss.SearchParametersIVF(nprobe=probed, sel=faiss.IDSelectorBitmap(held))


def _alone() -> None:
    faiss.omp_set_num_threads(1)
