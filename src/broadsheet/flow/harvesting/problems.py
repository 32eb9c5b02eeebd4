"""Records that could not be read: list them, ignore them, or read again what was kept of them."""

import ast
import json
from collections.abc import Collection, Iterator
from io import BytesIO

from broadsheet.errors import NotFound
from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep_in
from broadsheet.model.record import MAX_RAW, Record
from broadsheet.sources.detect import FORMATS, read
from broadsheet.store import problems as store
from broadsheet.store.problems import Noted, Settled


def problems(house: House, *, limit: int = 50, source: str = "") -> tuple[Noted, ...]:
    """Give the newest open problems first, at most ``limit``, of all sources or of one."""
    with house.store.reading() as connection:
        return store.page(connection, limit, source=source)


def ignore(house: House, ids: Collection[int]) -> int:
    """Close problems that do not matter; gives how many were open. Raises NotFound for a number that is none."""
    found = _found(house, ids)
    return _settle(house, [each for each in found if not each.settled], "ignored")


def retry(house: House, ids: Collection[int]) -> int:
    """Read again what was kept of records that could not be read; gives how many are on the shelf now.

    Of a record longer than MAX_RAW characters only the beginning was kept, and of some formats only the words: such
    a problem stays open until its source tells the record again. Raises NotFound for a number that is none.
    """
    done = 0
    for each in _found(house, ids):
        records = list(_records(each))
        if records and not each.settled:
            at = house.clock()
            with house.store.writing() as connection:
                keep_in(connection, records, at=at)
                store.settle(connection, [each.id], "read", at)
            done += 1
    return done


def _settle(house: House, found: Collection[Noted], settled: Settled) -> int:
    with house.store.writing() as connection:
        store.settle(connection, [each.id for each in found], settled, house.clock())
    return len(found)


def _found(house: House, ids: Collection[int]) -> list[Noted]:
    with house.store.reading() as connection:
        found = store.by_ids(connection, set(ids))
    if missing := sorted(set(ids) - found.keys()):
        raise NotFound(f"There is no problem {missing[0]}.")
    return [found[number] for number in sorted(found)]


def _records(noted: Noted) -> Iterator[Record]:
    """Read the raw record with the parser of its source, or with that of the format it looks like."""
    if not noted.raw.strip() or len(noted.raw) >= MAX_RAW:
        return
    raw = BytesIO(_as_told(noted.raw).encode("utf-8", "replace"))
    for told in read(
        raw, name=noted.where, observed=noted.at, format=noted.source if noted.source in FORMATS else None
    ):
        if isinstance(told, Record):
            yield told


def _as_told(raw: str) -> str:
    """Give a JSON object, which was kept as Python prints it, as JSON again; any other text as it is."""
    if not raw.lstrip().startswith("{"):
        return raw
    try:
        return json.dumps(ast.literal_eval(raw))
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return raw
