"""The file that a whole house fits in: a zip of one JSON Lines member a table, and a manifest that counts them.

Members are read as streams and never unpacked to disk, so no name of theirs leads anywhere. Of a file from elsewhere
only what a dump holds is read, and no more of it than its sizes say.
"""

import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO

from broadsheet.errors import Invalid

FORMAT = "broadsheet-dump"
EDITION = 1
MANIFEST = "manifest.json"
_MAX_MANIFEST = 1 << 20
_MAX_LINE = 1 << 26
# Papers and embeddings pack about three to one; a bomb reaches a thousand.
_BOMB_RATIO = 200
_BOMB_FLOOR = 1 << 26
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError)
_PACK = 3


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a dump holds: who wrote it, in which schema, when, and of each table the columns and the number of rows."""

    broadsheet: str
    schema: str
    at: str
    columns: Mapping[str, list[str]]
    rows: Mapping[str, int]


def write_rows(archive: zipfile.ZipFile, name: str, rows: Iterable[list[Any]], at: datetime) -> int:
    """Write one table's rows, and give how many there were."""
    done = 0
    with archive.open(_member(f"{name}.jsonl", at), "w", force_zip64=True) as member:
        for row in rows:
            member.write(_line(row))
            done += 1
    return done


def write_manifest(archive: zipfile.ZipFile, manifest: Manifest, at: datetime) -> None:
    """Write the manifest, last, when everything is counted."""
    told = {
        "format": FORMAT,
        "edition": EDITION,
        "broadsheet": manifest.broadsheet,
        "schema": manifest.schema,
        "at": manifest.at,
        "tables": {
            name: {"columns": columns, "rows": manifest.rows[name]} for name, columns in manifest.columns.items()
        },
    }
    archive.writestr(_member(MANIFEST, at), json.dumps(told, indent=1))


@contextmanager
def opened(file: Path | BinaryIO) -> Iterator[zipfile.ZipFile]:
    """Open a dump that is whole by its own account; raises Invalid for any other file."""
    try:
        with zipfile.ZipFile(file) as archive:
            _check(archive.infolist())
            yield archive
    except FileNotFoundError:
        raise Invalid("There is no such file.", field="file") from None
    except _BROKEN as error:
        raise Invalid(f"The file is no dump, or a damaged one: {error}. Nothing was loaded.", field="file") from error


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """Read what a dump says it holds; raises Invalid when it cannot be one."""
    try:
        with archive.open(MANIFEST) as member:
            told = json.loads(member.read(_MAX_MANIFEST))
        if told["format"] != FORMAT or told["edition"] != EDITION:
            raise Invalid("This is not a dump that this Broadsheet can read.", field="file")
        tables = told["tables"]
        columns = {str(name): list(map(str, table["columns"])) for name, table in tables.items()}
        rows = {str(name): int(table["rows"]) for name, table in tables.items()}
        return Manifest(str(told["broadsheet"])[:40], str(told["schema"])[:40], str(told["at"])[:40], columns, rows)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise Invalid("The file has no manifest of a dump, or one that cannot be read.", field="file") from error


def read_rows(archive: zipfile.ZipFile, name: str) -> Iterator[Any]:
    """Give one table's rows as they come; raises Invalid for what is not JSON, or endless."""
    try:
        with archive.open(f"{name}.jsonl") as member:
            for line in _lines(member):
                yield json.loads(line)
    except KeyError:
        raise Invalid(f"The dump lacks {name}. Nothing was loaded.", field="file") from None
    except RecursionError:
        raise Invalid(f"A row of {name} is not what a dump holds. Nothing was loaded.", field="file") from None


def _lines(member: IO[bytes]) -> Iterator[bytes]:
    while line := member.readline(_MAX_LINE):
        if not line.endswith(b"\n"):
            raise Invalid("A row is cut off, or too long. Nothing was loaded.", field="file")
        yield line


def _line(row: list[Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def _member(name: str, at: datetime) -> zipfile.ZipInfo:
    """Name a member; equal contents at an equal moment make equal files."""
    member = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o600 << 16
    member._compresslevel = _PACK  # type: ignore[attr-defined]  # noqa: SLF001 - public only from Python 3.13 on
    return member


def _check(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    if len(set(names)) != len(names):
        raise Invalid("The dump holds two members of one name. Nothing was loaded.", field="file")
    for member in members:
        if member.compress_type not in _METHODS or member.flag_bits & 1:
            raise Invalid("The dump is packed in a way that is not ours. Nothing was loaded.", field="file")
        if member.file_size > max(_BOMB_FLOOR, _BOMB_RATIO * member.compress_size):
            raise Invalid("The dump would unpack to far more than a dump does. Nothing was loaded.", field="file")
        if member.filename == MANIFEST and member.file_size > _MAX_MANIFEST:
            raise Invalid("The manifest of the dump is too long. Nothing was loaded.", field="file")
