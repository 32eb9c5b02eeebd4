"""Write the whole house into one file, and load one into an empty house: nothing is lost when a house moves."""

import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from broadsheet.errors import Conflict, Invalid, Unavailable
from broadsheet.flow.belongings import archive as archives
from broadsheet.flow.belongings.archive import Manifest
from broadsheet.flow.house import House
from broadsheet.store import whole
from broadsheet.store.connect import Connection

# Hears the table in hand, rows done and rows there are, over all tables.
Progress = Callable[[str, int, int], None]
_TOLD_EVERY = 1_000


def dump(house: House, file: Path, *, progress: Progress | None = None) -> Manifest:
    """Write everything that is kept, as of one moment, into a new file that only its owner may read.

    Memory does not grow with the house. The file is there when it is whole, and not before. Raises Conflict for a file
    that exists, Unavailable when it cannot be written.
    """
    if file.exists():
        raise Conflict(f"{file} exists already. Choose another name.")
    part = file.with_name(f".{file.name}.part")
    try:
        part.unlink(missing_ok=True)
        with (
            os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out,
            zipfile.ZipFile(out, "w") as archive,
        ):
            manifest = _write(house, archive, progress)
        os.link(part, file)
    except FileExistsError:
        raise Conflict(f"{file} exists already. Choose another name.") from None
    except OSError as error:
        raise Unavailable(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return manifest


def load(house: House, file: Path, *, progress: Progress | None = None) -> Manifest:
    """Take in what ``dump`` wrote, into a house that nothing was put into yet; the indexes are built from it after.

    All in one transaction: whatever stops it leaves the house as empty as it was. Raises Conflict for a house that is
    not empty or a dump of another schema, Invalid for a file that is no dump, or not a whole one.
    """
    with archives.opened(file) as archive:
        manifest = archives.read_manifest(archive)
        _check(manifest, archive.namelist())
        with house.store.writing() as connection:
            if not whole.is_empty(connection):
                raise Conflict("A dump is loaded into an empty house, and this one is not. Choose another --home.")
            whole.clear(connection)
            _load(connection, archive, manifest, progress)
    return manifest


def _write(house: House, archive: zipfile.ZipFile, progress: Progress | None) -> Manifest:
    at = house.clock()
    with house.store.reading() as connection:
        total = sum(whole.count(connection, table) for table in whole.tables())
        told = _Told(progress, total)
        rows = {
            table.name: archives.write_rows(
                archive, table.name, told.through(table.name, whole.rows(connection, table)), at
            )
            for table in whole.tables()
        }
    columns = {table.name: whole.columns(table) for table in whole.tables()}
    manifest = Manifest(version("broadsheet"), whole.SCHEMA, at.isoformat(), columns, rows)
    archives.write_manifest(archive, manifest, at)
    return manifest


def _check(manifest: Manifest, names: list[str]) -> None:
    if manifest.schema != whole.SCHEMA:
        raise Conflict(
            f"The dump has schema {manifest.schema}, and this Broadsheet {whole.SCHEMA}. Load it with Broadsheet "
            f"{manifest.broadsheet}, which wrote it, then update: the house is brought up to date when it is opened."
        )
    if manifest.columns != {table.name: whole.columns(table) for table in whole.tables()}:
        raise Invalid("The dump's tables are not those of its schema. Nothing was loaded.", field="file")
    if set(names) != {archives.MANIFEST, *(f"{name}.jsonl" for name in manifest.columns)}:
        raise Invalid("The dump holds something else than its tables. Nothing was loaded.", field="file")


def _load(connection: Connection, archive: zipfile.ZipFile, manifest: Manifest, progress: Progress | None) -> None:
    told = _Told(progress, sum(manifest.rows.values()))
    for table in whole.tables():
        rows = told.through(table.name, archives.read_rows(archive, table.name))
        if whole.put(connection, table, rows) != manifest.rows[table.name]:
            raise Invalid(f"The dump has not all rows of {table.name}. Nothing was loaded.", field="file")
        if whole.refers_to_itself(table):
            whole.point(connection, table, archives.read_rows(archive, table.name))


class _Told:
    """Tells how far it is while rows pass through."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def through(self, name: str, rows: Iterator[Any]) -> Iterator[Any]:
        """Pass rows on."""
        for row in rows:
            self._done += 1
            if self._progress and self._done % _TOLD_EVERY == 0:
                self._progress(name, self._done, self._total)
            yield row
        if self._progress:
            self._progress(name, self._done, self._total)
