"""Everything that is a reader's, to take along: one JSON document, and their lists as BibTeX."""

import json
import zipfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from importlib.metadata import version
from itertools import count
from tempfile import SpooledTemporaryFile
from typing import IO

from broadsheet.cite.bibtex import bibtex
from broadsheet.flow.house import House
from broadsheet.model.label import STATES, KeptPaper
from broadsheet.model.reader import Reader
from broadsheet.store import labels, readings, rows_of
from broadsheet.store.connect import Connection

FORMAT = "broadsheet-belongings"
DOCUMENT = "belongings.json"
_IN_MEMORY = 1 << 20
_AT_ONCE = 500


def export(house: House, reader: Reader) -> IO[bytes]:
    """Write a zip of everything that is the reader's, as of one moment, and give it from its beginning.

    ``belongings.json`` holds ``reader`` and under each name of ``store.rows_of.BELONGINGS`` and ``BENEATH`` the rows
    that are theirs, without the hashes of secrets; ``labels/SLUG.bib`` and ``reading/STATE.bib`` the papers of their
    lists. Large ones are kept on disk meanwhile, in a file without a name. Close it.
    """
    out = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - whoever asked closes it
    at = house.clock()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, house.store.reading() as connection:
        with archive.open(_member(DOCUMENT, at), "w", force_zip64=True) as member:
            for piece in _document(connection, reader, at):
                member.write(piece.encode())
        for name, entries in _lists(connection, reader):
            with archive.open(_member(name, at), "w", force_zip64=True) as member:
                for entry in entries:
                    member.write(entry.encode())
    out.seek(0)
    return out


def _document(connection: Connection, reader: Reader, at: datetime) -> Iterator[str]:
    """Write the document piece by piece: an object of lists, each row a line."""
    head = {"format": FORMAT, "edition": 1, "broadsheet": version("broadsheet"), "at": at.isoformat()}
    yield json.dumps(head | {"reader": rows_of.reader_row(connection, reader.id)}, ensure_ascii=False)[:-1]
    last = ""
    for name, row in rows_of.mine(connection, reader.id):
        yield ",\n" if name == last else f"{']' if last else ''},\n{json.dumps(name)}: [\n"
        yield json.dumps(row, ensure_ascii=False, default=_as_text)
        last = name
    yield ("]" if last else "") + "}\n"


def _as_text(value: object) -> str:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    raise TypeError(type(value).__name__)


def _lists(connection: Connection, reader: Reader) -> Iterator[tuple[str, Iterator[str]]]:
    for label in labels.of_reader(connection, reader.id, viewer_id=reader.id):
        yield f"labels/{label.slug}.bib", _entries(partial(labels.kept, connection, label.id, limit=_AT_ONCE))
    for state in STATES:
        page = partial(readings.page, connection, reader.id, state, limit=_AT_ONCE)
        yield f"reading/{state}.bib", _entries(page)


def _entries(page: Callable[..., tuple[KeptPaper, ...]]) -> Iterator[str]:
    for offset in count(0, _AT_ONCE):
        found = page(offset=offset)
        yield from (bibtex(one.paper) + "\n" for one in found)
        if len(found) < _AT_ONCE:
            return


def _member(name: str, at: datetime) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    member.compress_type = zipfile.ZIP_DEFLATED
    return member
