"""A folder in which files appear: each is imported once, and again when it has changed.

A ``Watched`` is an adapter like any other, only that what it asks for lies on this machine. It remembers each file that
is there by its size, its time and a hash of its beginning. Nothing in the folder is ever written, moved or deleted.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from stat import S_ISLNK, S_ISREG

from broadsheet.errors import Invalid, Unavailable
from broadsheet.flow.shelf.read_ahead import read_ahead
from broadsheet.model.record import Problem, Record
from broadsheet.sources.adapter import Answer, Ask, Mark, Page, Service, Want

SOURCE = "folder"
# Who still writes a file has done so within these seconds.
SETTLED_S = 5.0
# Names that programs give to what is not complete yet.
_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart", ".swp", "~")
_HEAD = 4_096
# Where a page ends: after so many files, or so many bytes of them.
_MOST_FILES, _MOST_BYTES = 200, 32 << 20


@dataclass(frozen=True, slots=True)
class _Found:
    """A file or a link: its path below the folder, what it is known by, its size in bytes, and why it is refused."""

    name: str
    stamp: str
    size: int = 0
    refused: str = ""


class Watched:
    """Reads what appears in a folder and the folders below; the target is its path, which must be absolute."""

    service = Service(name=SOURCE)

    def begin(self, want: Want, mark: Mark, at: datetime) -> Ask | None:
        """Look for files that are new or changed; None when there is none. Raises what ``folder_of`` raises."""
        folder = folder_of(want.target)
        return _ask(folder) if any(_news(folder, mark, at)) else None

    def read(self, want: Want, mark: Mark, ask: Ask, answer: Answer) -> Page:  # noqa: ARG002 - an adapter's way
        """Import some files; what a file becomes while it is read is read in the next run."""
        folder = folder_of(want.target)
        fresh = list(_news(folder, mark, answer.at))
        chosen = _first_of(fresh)
        # Filled while the files are read: a page's mark is looked at after the last of what it tells.
        known = {name: stamp for name, stamp in mark.get("files", {}).items() if os.path.lexists(folder / name)}
        more = _ask(folder) if len(chosen) < len(fresh) else None
        return Page(told=_told(folder, chosen, known), mark={"files": known}, next=more)


def folder_of(target: str) -> Path:
    """Give the folder that a target names; raises Invalid for no absolute path, Unavailable for no readable folder."""
    path = Path(target)
    if not target or "\0" in target or not path.is_absolute():
        raise Invalid("A folder is named by its whole path, such as /srv/papers.", field="target")
    try:
        with os.scandir(path):
            return path.resolve()
    except OSError as error:
        raise Unavailable(f"The folder {path} cannot be read: {error.strerror}.") from error


def _ask(folder: Path) -> Ask:
    return Ask(url=folder.as_uri())


def _news(folder: Path, mark: Mark, at: datetime) -> Iterator[_Found]:
    """Give the files that are complete and not known as they are now, in the order of their names."""
    known = mark.get("files", {})
    unreadable: list[OSError] = []
    for path in _walk(folder, unreadable):
        found = _look(folder, path, at)
        if found is not None and known.get(found.name) != found.stamp:
            yield found
    for error in unreadable:
        name = os.path.relpath(error.filename, folder)
        if known.get(name) != str(error.strerror):
            yield _Found(name, str(error.strerror), refused=f"The folder cannot be read: {error.strerror}.")


def _walk(folder: Path, unreadable: list[OSError]) -> Iterator[Path]:
    for root, folders, files in os.walk(folder, onerror=unreadable.append):
        links = [name for name in folders if (Path(root) / name).is_symlink()]
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted((*files, *links)):
            if not name.startswith(".") and not name.lower().endswith(_UNFINISHED):
                yield Path(root) / name


def _look(folder: Path, path: Path, at: datetime) -> _Found | None:
    """Tell what a path is known by; None for what is gone, still being written, or neither file nor link."""
    name = str(path.relative_to(folder))
    try:
        about = path.lstat()
        if S_ISLNK(about.st_mode):
            to = path.resolve()
            outside = not to.is_relative_to(folder)
            return _Found(name, f"link:{to}", refused="It is a link that leads out of the folder.") if outside else None
        if not S_ISREG(about.st_mode) or abs(at.timestamp() - about.st_mtime) < SETTLED_S:
            return None
    except (OSError, RuntimeError):
        return None  # gone since, or a link to itself
    return _Found(name, f"{about.st_size}:{about.st_mtime_ns}:{_head(path)}", about.st_size)


def _head(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return blake2b(stream.read(_HEAD), digest_size=8).hexdigest()
    except OSError:
        return ""  # who may read it later will find it changed


def _first_of(found: list[_Found]) -> list[_Found]:
    chosen: list[_Found] = []
    size = 0
    for one in found[:_MOST_FILES]:
        if chosen and size + one.size > _MOST_BYTES:
            break
        chosen.append(one)
        size += one.size
    return chosen


def _told(folder: Path, chosen: list[_Found], known: dict[str, str]) -> Iterator[Record | Problem]:
    for one in chosen:
        if one.refused:
            yield Problem(SOURCE, one.name, "refused", one.refused)
        else:
            yield from _imported(folder / one.name, one.name)
        # What was written to meanwhile has another stamp in the next look, and is read again.
        known[one.name] = one.stamp


def _imported(path: Path, name: str) -> Iterator[Record | Problem]:
    try:
        for records, bad, _ in read_ahead(path):
            yield from records
            yield from bad
    except Invalid as error:
        yield Problem(SOURCE, name, "unreadable", str(error))
