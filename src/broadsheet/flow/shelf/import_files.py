"""Bring papers in from files: detect, parse, keep, and make them searchable."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from broadsheet.errors import BroadsheetError, Invalid, NotFound
from broadsheet.flow.house import House
from broadsheet.flow.shelf import reindex
from broadsheet.flow.shelf.keep import Kept, keep
from broadsheet.flow.shelf.read_ahead import read_ahead
from broadsheet.model.record import Problem, Record
from broadsheet.sources.detect import FORMATS
from broadsheet.store import problems

PROBLEMS_SHOWN = 1_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: the file in hand, bytes read of all bytes, records kept so far."""

    path: str
    bytes_read: int
    bytes_total: int
    records: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: counts over all files, and the problems (the first PROBLEMS_SHOWN; all are in the store).

    ``trouble`` is why not all papers could be embedded; they are found by words all the same.
    """

    files: int
    kept: Kept
    problem_count: int
    problems: tuple[Problem, ...]
    trouble: BroadsheetError | None = None


def import_files(
    house: House,
    paths: Sequence[Path],
    *,
    format_name: str | None = None,
    progress: Callable[[Progress], None] | None = None,
    indexing: reindex.Progress | None = None,
) -> Imported:
    """Import files and folders (walked in name order) and catch the indexes up; importing twice changes nothing.

    ``progress`` hears of the reading and ``indexing`` of the catch-up that follows. ``format_name`` overrides detection
    for every file. A record that cannot be read, or a file in a folder, becomes a problem in the store. Raises NotFound
    for a path that does not exist and Invalid for an unknown format or a named file that cannot be opened; what was
    kept before stays kept.
    """
    if format_name is not None and format_name not in FORMATS:
        raise Invalid(f"Unknown format {format_name!r}. Known formats: {', '.join(sorted(FORMATS))}.", field="format")
    files = list(_files(paths))
    intake = _Intake(house, sum(map(_size, files)), progress)
    for path in files:
        intake.take(path, format_name, named=path in paths)
    caught_up = reindex.catch_up(house, progress=indexing)
    return Imported(len(files), intake.kept, intake.problem_count, tuple(intake.problems), caught_up.trouble)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            inside = (found for found in path.rglob("*") if found.is_file())
            yield from sorted(found for found in inside if not _is_hidden(found.relative_to(path)))
        elif path.exists():
            yield path
        else:
            raise NotFound(f"There is no file or folder {path}.")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


class _Intake:
    """Keeps one file after another and counts."""

    def __init__(self, house: House, bytes_total: int, progress: Callable[[Progress], None] | None) -> None:
        self._house = house
        self._bytes_total = bytes_total
        self._bytes_before = 0
        self._progress = progress
        self.kept = Kept()
        self.problem_count = 0
        self.problems: list[Problem] = []

    def take(self, path: Path, format_name: str | None, *, named: bool) -> None:
        """Import one file batch by batch; each batch is one transaction."""
        try:
            for records, bad, bytes_read in read_ahead(path, format_name=format_name):
                self._settle(records, bad)
                if self._progress:
                    done = self._bytes_before + bytes_read
                    self._progress(Progress(path.name, done, self._bytes_total, self.kept.total))
        except Invalid as error:
            if named:
                raise
            self._settle([], [Problem("file", path.name, "unreadable", str(error))])
        self._bytes_before += _size(path)

    def _settle(self, records: list[Record], bad: list[Problem]) -> None:
        at = self._house.clock()
        if records:
            self.kept += keep(self._house.store, records, at=at)
        if bad:
            with self._house.store.writing() as connection:
                problems.note(connection, bad, at=at)
            self.problem_count += len(bad)
            self.problems.extend(bad[: PROBLEMS_SHOWN - len(self.problems)])
