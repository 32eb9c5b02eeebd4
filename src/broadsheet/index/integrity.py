"""Whether a tantivy folder is whole: every file its commit names is there, with the checksum it carries.

A tantivy file ends in a JSON footer with the CRC-32 of what stands before it, the footer's length and a magic number
(tantivy, ``src/directory/footer.rs``).
"""

import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

_KINDS = ("term", "idx", "pos", "fast", "fieldnorm", "store")
_META = "meta.json"
_COMMIT = ".meta"
_MAGIC = 1337
_TAIL = struct.Struct("<II")
_CHUNK = 1 << 20

Fingerprints = dict[str, list[int]]


def fingerprints(folder: Path) -> Fingerprints:
    """Note size and time of change of each file of the last commit, so that an untouched file is not read again.

    The commit's own list stands as ``<opstamp>.meta`` with its size and checksum.
    """
    stamp, checksum = _commit(folder)
    found = {stamp: checksum}
    for name in _files(folder):
        status = (folder / name).stat()
        found[name] = [status.st_size, status.st_mtime_ns]
    return found


def faults(folder: Path, *, known: Fingerprints) -> tuple[str, ...]:
    """Name what is wrong, a sentence's worth each; files whose fingerprint is ``known`` are taken as read before.

    With no file known every byte is read, about 400 MB a second.
    """
    try:
        names = _files(folder)
        stamp, checksum = _commit(folder)
    except (OSError, ValueError, TypeError, KeyError):
        return ("its list of files cannot be read",)
    # A commit that is not known yet is one whose writer was stopped before it could note it: newer, and well.
    if known.get(stamp, checksum) != checksum:
        return ("its list of files is damaged",)
    found = []
    for name in names:
        try:
            status = (folder / name).stat()
            if known.get(name) != [status.st_size, status.st_mtime_ns] and not _is_whole(folder / name):
                found.append(f"{name} is damaged")
        except OSError:
            found.append(f"{name} is missing")
    return tuple(found)


def is_commit(name: str) -> bool:
    """Tell whether a fingerprint is that of a commit's list of files."""
    return name.endswith(_COMMIT)


def _commit(folder: Path) -> tuple[str, list[int]]:
    content = (folder / _META).read_bytes()
    return f"{json.loads(content)['opstamp']}{_COMMIT}", [len(content), zlib.crc32(content)]


def _files(folder: Path) -> list[str]:
    """List the files that the last commit names; one with no segments has none."""
    meta = json.loads((folder / _META).read_bytes())
    names = []
    for segment in meta["segments"]:
        stem = segment["segment_id"].replace("-", "")
        names += [f"{stem}.{kind}" for kind in _KINDS]
        if segment["deletes"]:
            names.append(f"{stem}.{segment['deletes']['opstamp']}.del")
    return names


def _is_whole(path: Path) -> bool:
    size = path.stat().st_size
    with path.open("rb") as file:
        if size < _TAIL.size:
            return False
        file.seek(size - _TAIL.size)
        length, magic = _TAIL.unpack(file.read(_TAIL.size))
        body = size - _TAIL.size - length
        if magic != _MAGIC or body < 0:
            return False
        file.seek(body)
        try:
            expected = json.loads(file.read(length))["crc"]
        except (ValueError, TypeError, KeyError):
            return False
        file.seek(0)
        return bool(_checksum(file.read, body) == expected)


def _checksum(read: Callable[[int], bytes], length: int) -> int:
    checksum = 0
    while length > 0 and (chunk := read(min(_CHUNK, length))):
        checksum = zlib.crc32(chunk, checksum)
        length -= len(chunk)
    return checksum
