"""A vector index on disk: one file, replaced as a whole, with a checksum over every byte.

    32 bytes            what it is, the layout's number, length and CRC-32 of the header
    header              JSON: dimension, seen, count, lists (0 where vectors are kept exactly)
    ids                 int64, sorted by list
    sizes               int64, papers in each list
    ranges, centroids   float32, see ``vector_lists.py``
    codes               uint8, a row a paper; or float32 where vectors are kept exactly
    4 bytes             CRC-32 of all that stands before

All little-endian. It is our own layout and not faiss', whose reader trusts the sizes a file states.
"""

import json
import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from broadsheet.errors import Unavailable
from broadsheet.index.port import Vectors
from broadsheet.index.vector_lists import Codes
from broadsheet.index.vector_table import Numbers

NAME = "vectors"
_LOCK = "vectors.lock"
LOCK_TIMEOUT_S = 60.0
_FIRST = struct.Struct("<24sII")
_MAGIC = b"broadsheet vectors 1"
_LAST = struct.Struct("<I")
_CHUNK = 1 << 22
_LONGEST_HEADER = 4096


class DamagedError(Exception):
    """A snapshot that must not be used; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is in a snapshot."""

    dimension: int
    seen: int
    count: int
    lists: int

    def parts(self) -> tuple[tuple[type[np.generic], int], ...]:
        """Give type and length of ids, sizes, ranges, centroids and rows, in their order."""
        coded = self.lists > 0
        return (
            (np.int64, self.count),
            (np.int64, self.lists),
            (np.float32, 2 * self.dimension * coded),
            (np.float32, self.lists * self.dimension),
            (np.uint8 if coded else np.float32, self.count * self.dimension),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A snapshot's arrays, mapped into memory: they are read when they are used."""

    head: Head
    ids: Numbers
    sizes: Numbers
    ranges: Vectors
    centroids: Vectors
    rows: Codes | Vectors


def seen_in(folder: Path) -> int:
    """Tell how far the snapshot in a folder has seen, -1 where there is none to use."""
    try:
        with (folder / NAME).open("rb") as file:
            return _head(file.read(_FIRST.size + _LONGEST_HEADER))[0].seen
    except (OSError, DamagedError):
        return -1


def read(folder: Path, dimension: int) -> Snapshot | None:
    """Map the snapshot in a folder after checking every byte; None where there is none. Raises DamagedError."""
    try:
        whole = np.memmap(folder / NAME, np.uint8, "r")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise DamagedError(f"it cannot be read ({error})") from error
    head, start = _head(whole[: _FIRST.size + _LONGEST_HEADER].tobytes())
    if head.dimension != dimension:
        raise DamagedError(f"its vectors have {head.dimension} numbers, not {dimension}")
    lengths = [np.dtype(kind).itemsize * length for kind, length in head.parts()]
    if len(whole) != start + sum(lengths) + _LAST.size:
        raise DamagedError("it has not the length it states")
    if _checksum(whole[: -_LAST.size]) != _LAST.unpack(whole[-_LAST.size :].tobytes())[0]:
        raise DamagedError("it has a wrong checksum")
    ends = start + np.cumsum(lengths)
    ids, sizes, ranges, centroids, rows = (
        whole[end - length : end].view(np.dtype(kind).newbyteorder("<"))
        for end, length, (kind, _) in zip(ends, lengths, head.parts(), strict=True)
    )
    if int(sizes.sum()) != (head.count if head.lists else 0):
        raise DamagedError("its lists do not add up")
    grids = centroids.reshape(-1, dimension), rows.reshape(-1, dimension)
    return Snapshot(head=head, ids=ids, sizes=sizes, ranges=ranges, centroids=grids[0], rows=grids[1])


def write(folder: Path, head: Head, arrays: Iterable[NDArray[Any]]) -> None:
    """Replace the snapshot, unless another process has saved one that has seen as much or more.

    ``arrays`` are those of ``Snapshot`` one after the other, in as many pieces as is convenient. Raises Unavailable
    when the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / _LOCK, timeout=LOCK_TIMEOUT_S, thread_local=False):
            if seen_in(folder) < head.seen:
                _replace(folder, _pieces(head, arrays))
    except Timeout as error:
        message = f"Another process is saving vectors in {folder}."
        raise Unavailable(message, retry_after_s=LOCK_TIMEOUT_S) from error
    except OSError as error:
        raise Unavailable(f"Vectors cannot be saved in {folder}: {error}.") from error


def clear_away(folder: Path, dimension: int) -> None:
    """Remove a snapshot that is still damaged now that nobody is saving, so that its number does not count."""
    with suppress(OSError, Timeout), FileLock(folder / _LOCK, timeout=LOCK_TIMEOUT_S, thread_local=False):
        try:
            read(folder, dimension)
        except DamagedError:
            (folder / NAME).unlink()


def _head(beginning: bytes) -> tuple[Head, int]:
    """Read the header and tell where it ends."""
    try:
        magic, length, checksum = _FIRST.unpack_from(beginning)
        text = beginning[_FIRST.size : _FIRST.size + length]
        if magic.rstrip(b"\0") != _MAGIC or zlib.crc32(text) != checksum:
            raise DamagedError("it is not of this kind, or of another layout")
        head = Head(**json.loads(text))
        if not all(isinstance(number, int) and number >= 0 for number in _numbers(head).values()):
            raise DamagedError("its header makes no sense")
    except (struct.error, ValueError, TypeError) as error:
        raise DamagedError("its header cannot be read") from error
    return head, _FIRST.size + length


def _numbers(head: Head) -> dict[str, Any]:
    return {name: getattr(head, name) for name in ("dimension", "seen", "count", "lists")}


def _checksum(whole: Codes) -> int:
    found = 0
    for start in range(0, len(whole), _CHUNK):
        found = zlib.crc32(whole[start : start + _CHUNK].data, found)
    return found


def _pieces(head: Head, arrays: Iterable[NDArray[Any]]) -> Iterator[bytes | memoryview]:
    text = json.dumps(_numbers(head)).encode()
    # What follows is mapped as numbers of eight bytes.
    text += b" " * (-(_FIRST.size + len(text)) % 8)
    yield _FIRST.pack(_MAGIC, len(text), zlib.crc32(text)) + text
    for array in arrays:
        if array.size:
            yield np.ascontiguousarray(array, array.dtype.newbyteorder("<")).data.cast("B")


def _replace(folder: Path, pieces: Iterable[bytes | memoryview]) -> None:
    """Write beside, then rename: a reader sees the old file or the new, also after a power cut."""
    for left_over in folder.glob(f"{NAME}.*.new"):
        left_over.unlink(missing_ok=True)
    beside = folder / f"{NAME}.{os.getpid()}.new"
    try:
        with beside.open("wb") as file:
            checksum = 0
            for piece in pieces:
                checksum = zlib.crc32(piece, checksum)
                file.write(piece)
            file.write(_LAST.pack(checksum))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(folder / NAME)
    finally:
        beside.unlink(missing_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
