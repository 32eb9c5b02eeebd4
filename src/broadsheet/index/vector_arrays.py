"""Small steps on arrays of ids, rows and vectors."""

from array import array
from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from broadsheet.index.port import Vectors
from broadsheet.index.vector_table import Numbers

# From so many on a mask is faster than sorting.
_FEW = 4_096
_INT64 = np.iinfo(np.int64)


def numbers(ids: Collection[int]) -> Numbers:
    """Give ids as an array; one that no paper can have becomes one that none has."""
    try:
        return np.asarray(ids if isinstance(ids, np.ndarray | array) else list(ids), np.int64)
    except OverflowError:
        return np.array([number if _INT64.min <= number <= _INT64.max else _INT64.min for number in ids], np.int64)


def units(vectors: Vectors) -> tuple[Vectors, NDArray[np.bool_]]:
    """Scale rows to unit length and tell which have a direction; those without become zero."""
    rows = vectors.astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows, dtype=np.float64))
    usable = np.isfinite(lengths) & (lengths > 0)
    rows[usable] /= lengths[usable, None].astype(np.float32)
    rows[~usable] = 0
    return rows, usable


def appended(buffer: NDArray[Any], used: int, rows: NDArray[Any]) -> NDArray[Any]:
    """Write rows behind the used ones, in a larger buffer where there is no room; what is used is never moved."""
    end = used + len(rows)
    if end > len(buffer):
        larger = np.empty((max(end, 2 * used), *buffer.shape[1:]), buffer.dtype)
        larger[:used] = buffer[:used]
        buffer = larger
    buffer[used:end] = rows
    return buffer


def distinct(rows: Numbers, total: int) -> Numbers:
    """Give rows in ascending order, each once."""
    if len(rows) < _FEW:
        return np.unique(rows)
    there = np.zeros(total, np.bool_)
    there[rows] = True
    return np.flatnonzero(there)
