"""What sources told, each under ``(source, key, version)``, and which paper each telling belongs to."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, func, select

from broadsheet.model.identity import names_of
from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Daily, Record
from broadsheet.store import bulk
from broadsheet.store.payload import Name, decode_record, is_gone
from broadsheet.store.schema import records

_KNOWN = select(
    records.c.source,
    records.c.key,
    records.c.version,
    records.c.id,
    records.c.hash,
    records.c.observed,
    records.c.taken_back,
    records.c.paper_id,
).where(records.c.source == bindparam("told_by"))
_WHOLE = select(records)
# What tells of no day need not be read whole.
_ON_DAYS = select(records).where(records.c.payload.contains('"daily":[['))
_PLACE = select(records.c.paper_id).distinct()
_REWRITE = (
    "UPDATE records SET paper_id = ?, founded = ?, title_key = ?, payload = ?, hash = ?, observed = ?, taken_back = ? "
    "WHERE id = ?"
)
_PAPERS = select(func.count(records.c.paper_id.distinct()))
_TOLD = select(records.c.source, func.count()).group_by(records.c.source)
_AGAIN = "UPDATE records SET observed = ?, taken_back = ? WHERE id = ?"


class Known(NamedTuple):
    """A telling on the shelf in brief; one without a paper waits out of sight."""

    id: int
    hash: int
    observed: str
    taken_back: str
    paper_id: int | None = None

    @property
    def is_gone(self) -> bool:
        """Whether the source has taken it back since."""
        return is_gone(self.observed, self.taken_back)


@dataclass(slots=True)
class Telling:
    """A record and its place: its number, its paper (0 for none), and the paper it founded (0 for none)."""

    id: int
    record: Record
    payload: str
    hash: int
    observed: str
    taken_back: str
    title_key: int
    ids: tuple[ExternalId, ...]
    paper_id: int = 0
    founded: int = 0
    fresh: bool = True
    dirty: bool = False


def known(connection: Connection, names: Iterable[Name]) -> dict[Name, Known]:
    """Give in brief those of the names that are kept."""
    by_source: dict[str, set[str]] = {}
    for source, key, _ in names:
        by_source.setdefault(source, set()).add(key)
    return {
        (row[0], row[1], row[2]): Known(*row[3:])
        for source, keys in by_source.items()
        for row in bulk.by_keys(connection, _KNOWN, records.c.key, keys, told_by=source)
    }


def by_ids(connection: Connection, numbers: Collection[int]) -> dict[int, Telling]:
    """Give tellings by number."""
    return {row.id: _read(row) for row in bulk.by_keys(connection, _WHOLE, records.c.id, numbers)}


def of_papers(connection: Connection, paper_ids: Collection[int]) -> list[Telling]:
    """Give all tellings that belong to the papers."""
    return [_read(row) for row in bulk.by_keys(connection, _WHOLE, records.c.paper_id, paper_ids)]


def days_of(connection: Connection, paper_ids: Collection[int]) -> dict[int, list[Daily]]:
    """Give for papers on which daily pages sources showed them, what was taken back left out; one statement."""
    found: dict[int, list[Daily]] = {}
    for row in bulk.by_keys(connection, _ON_DAYS, records.c.paper_id, paper_ids):
        told = _read(row)
        if not told.record.deleted:
            found.setdefault(told.paper_id, []).extend(told.record.daily)
    return found


def papers_titled(connection: Connection, keys: Collection[int]) -> set[int]:
    """Give the papers that have a telling with one of the title keys."""
    return {row[0] for row in bulk.by_keys(connection, _PLACE, records.c.title_key, keys)}


def counts(connection: Connection) -> tuple[int, dict[str, int]]:
    """Count the papers that records tell of, and the records by source; both from an index, without reading a paper."""
    told = {source: int(count) for source, count in connection.execute(_TOLD)}
    return int(connection.execute(_PAPERS).scalar_one()), told


def next_number(connection: Connection) -> int:
    """Give the number of the next telling."""
    return bulk.next_number(connection, records.c.id)


def insert(connection: Connection, tellings: Iterable[Telling]) -> None:
    """Put new tellings on the shelf; their papers must be there, and one without is kept out of sight."""
    rows = [
        (
            t.id,
            t.paper_id or None,
            t.founded or None,
            t.record.source,
            t.record.key,
            t.record.version,
            t.title_key,
            t.payload,
            t.hash,
            t.observed,
            t.taken_back,
        )
        for t in tellings
    ]
    bulk.insert(connection, records, rows)


def rewrite(connection: Connection, tellings: Iterable[Telling]) -> None:
    """Write down what tellings on the shelf say now and where they belong."""
    rows = [
        (t.paper_id or None, t.founded or None, t.title_key, t.payload, t.hash, t.observed, t.taken_back, t.id)
        for t in tellings
    ]
    bulk.run(connection, _REWRITE, rows)


def tell_again(connection: Connection, again: Iterable[Known]) -> None:
    """Note when sources last told, or took back, what they tell as before."""
    bulk.run(connection, _AGAIN, [(known.observed, known.taken_back, known.id) for known in again])


def _read(row: Row[Any]) -> Telling:
    record = decode_record((row.source, row.key, row.version), row.payload, row.observed, row.taken_back)
    return Telling(
        row.id,
        record,
        row.payload,
        row.hash,
        row.observed,
        row.taken_back,
        row.title_key,
        names_of(record),
        paper_id=row.paper_id or 0,
        founded=row.founded or 0,
        fresh=False,
    )
