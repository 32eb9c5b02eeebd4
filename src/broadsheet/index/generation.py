"""Generations: the index is one of several folders; a file ``current`` names the one that answers.

    index/current            the name of a generation, replaced atomically
    index/gen-00000007/      tantivy's files, ``state.json`` and ``write.lock``

A generation that is damaged, half made or of another format is never opened: an empty one takes its place, whose
``seen`` of 0 makes the next catch-up write everything again.
"""

import json
import logging
import os
import shutil
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import tantivy
from filelock import FileLock, Timeout

from broadsheet.errors import Unavailable
from broadsheet.index.integrity import faults, fingerprints, is_commit
from broadsheet.index.schema import FORMAT, open_tantivy
from broadsheet.index.snapshot import Kept

_CURRENT = "current"
_STATE = "state.json"
_LOCK = "write.lock"
# Held while generations are made or cleared away, so that nobody clears what another is just making.
_ROOT_LOCK = "open.lock"
LOCK_TIMEOUT_S = 120.0
_log = logging.getLogger(__name__)


class DamagedError(Exception):
    """A generation that must not be used; the message says why."""


class Generation:
    """One folder with a tantivy index, the last change it holds, and its writer's lock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # Not per thread: whoever closes a house may do so in another thread. The engine keeps its threads apart itself.
        self.lock = FileLock(path / _LOCK, timeout=LOCK_TIMEOUT_S, thread_local=False)
        # What its snapshots have read of it and share.
        self.kept: Kept = {}
        try:
            self.index: tantivy.Index = open_tantivy(str(path))
        except (ValueError, OSError) as error:
            raise DamagedError(f"tantivy cannot open it ({error})") from error

    @classmethod
    def make(cls, root: Path) -> Self:
        """Make a new empty generation in ``root``, with its lock held so that nobody clears it away."""
        number = 1 + max((int(path.name[4:]) for path in _generations(root)), default=0)
        while True:
            path = root / f"gen-{number:08}"
            with suppress(FileExistsError):
                path.mkdir(parents=True)
                break
            number += 1
        made = cls(path)
        made.lock.acquire()
        made.settle(0)
        return made

    @classmethod
    def open(cls, root: Path) -> Self:
        """Open the current generation after checking that it is whole; raises DamagedError."""
        path = root / current_name(root)
        state = _read_state(path)
        if state["format"] != FORMAT:
            raise DamagedError(f"it has format {state['format']}, this is {FORMAT}")
        if found := faults(path, known=state["files"]):
            raise DamagedError(found[0])
        return cls(path)

    def damage(self) -> tuple[str, ...]:
        """Read every byte and name what is broken."""
        try:
            known = _read_state(self.path)["files"]
        except DamagedError as error:
            return (str(error),)
        return faults(self.path, known={name: marks for name, marks in known.items() if is_commit(name)})

    def seen(self) -> int:
        """Read the last change this generation holds."""
        return int(_read_state(self.path)["seen"])

    def settle(self, seen: int) -> None:
        """Write down, durably, that the last commit holds everything up to ``seen``."""
        state = json.dumps({"format": FORMAT, "seen": seen, "files": fingerprints(self.path)})
        _replace(self.path / _STATE, f"{zlib.crc32(state.encode()):08x} {state}")


def current_name(root: Path) -> str:
    """Read which generation answers; raises DamagedError when none does."""
    try:
        name = (root / _CURRENT).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedError("no generation is current") from error
    if not name.startswith("gen-") or not name[4:].isdecimal():
        raise DamagedError("the current generation has no proper name")
    return name


def is_current(path: Path) -> bool:
    """Tell whether a generation is there and answers."""
    try:
        return current_name(path.parent) == path.name and path.is_dir()
    except DamagedError:
        return False


def make_current(root: Path, generation: Generation) -> None:
    """Let a generation answer from now on, in one atomic step."""
    _replace(root / _CURRENT, generation.path.name)


def begin(root: Path) -> Generation:
    """Make an empty generation beside the one that answers, with its lock held; left-over ones are cleared away."""
    with _root_lock(root):
        _clear_others(root)
        return Generation.make(root)


def clear_others(root: Path) -> None:
    """Remove what neither answers nor is being written; its readers have the files open, and look for the new one."""
    with _root_lock(root):
        _clear_others(root)


def discard(generation: Generation) -> None:
    """Remove a generation that was being built and will not be used."""
    generation.lock.release(force=True)
    _clear(generation.path)


def open_current(root: Path) -> Generation:
    """Open the generation that answers; in place of a missing or damaged one make an empty one.

    Raises Unavailable when the folder cannot be written.
    """
    try:
        with suppress(DamagedError):
            return Generation.open(root)
        root.mkdir(parents=True, exist_ok=True)
        with _root_lock(root):
            return _open_or_replace(root)
    except (OSError, Timeout) as error:
        raise Unavailable(f"The word index in {root} cannot be opened: {error}.") from error


def _open_or_replace(root: Path) -> Generation:
    """Open again now that nobody else may be replacing or writing it, and replace it if it is still damaged."""
    try:
        with FileLock(root / current_name(root) / _LOCK, timeout=LOCK_TIMEOUT_S):
            return Generation.open(root)
    except (DamagedError, FileNotFoundError) as damage:
        if (root / _CURRENT).exists():
            _log.warning("The word index is built anew, because of the old one: %s.", damage)
        fresh = Generation.make(root)
        make_current(root, fresh)
        fresh.lock.release()
        _clear_others(root)
        return fresh


def _root_lock(root: Path) -> FileLock:
    return FileLock(root / _ROOT_LOCK, timeout=LOCK_TIMEOUT_S)


def _generations(root: Path) -> list[Path]:
    if not root.is_dir():
        return []
    return [path for path in root.iterdir() if path.name.startswith("gen-") and path.name[4:].isdecimal()]


def _clear_others(root: Path) -> None:
    for path in _generations(root):
        _clear(path)


def _clear(path: Path) -> None:
    """Remove a generation unless it answers, or somebody is writing or building it."""
    lock = FileLock(path / _LOCK, timeout=0)
    with suppress(OSError, Timeout), lock:
        # Looked at under the lock: whoever makes a generation the current one holds it meanwhile.
        if not is_current(path):
            shutil.rmtree(path, ignore_errors=True)


def _read_state(path: Path) -> dict[str, Any]:
    try:
        checksum, _, text = (path / _STATE).read_text("utf-8").partition(" ")
        if int(checksum, 16) != zlib.crc32(text.encode()):
            raise DamagedError("its state has a wrong checksum")
        state = json.loads(text)
        return {"format": str(state["format"]), "seen": int(state["seen"]), "files": dict(state["files"])}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DamagedError(f"its state cannot be read ({error})") from error


def _replace(path: Path, text: str) -> None:
    """Replace a file so that a reader sees the old text or the new, also after a power cut."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
