"""Records that could not be read, each noted once, open until an operator or a second reading settles it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, func, select

from broadsheet.model.identity import number
from broadsheet.model.record import MAX_RAW, Problem
from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema import problems

Settled = Literal["", "ignored", "read"]

_OPEN = problems.c.settled == ""
_SHOWN = select(problems).where(_OPEN).order_by(problems.c.id.desc())
_KNOWN = select(problems.c.hash)
_COUNT = select(func.count()).where(_OPEN)
_BY_SOURCE = select(problems.c.source, func.count()).where(_OPEN).group_by(problems.c.source)
_SETTLE = "UPDATE problems SET settled = ?, settled_at = ? WHERE id = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A problem as it was noted; ``settled`` is empty while it is open."""

    id: int
    source: str
    where: str
    kind: str
    message: str
    raw: str
    at: datetime
    settled: Settled


def note(connection: Connection, told: Iterable[Problem], *, at: datetime) -> int:
    """Note problems and give how many of them are new; one noted before at the same place stays as it is."""
    by_hash = {_hash(problem): problem for problem in told}
    known = {row[0] for row in bulk.by_keys(connection, _KNOWN, problems.c.hash, by_hash)}
    fresh = [(key, problem) for key, problem in by_hash.items() if key not in known]
    if not fresh:
        return 0
    first = bulk.next_number(connection, problems.c.id)
    when = moment(at)
    rows = [
        (
            own_id,
            key,
            *map(_storable, (p.source, p.where, p.kind, p.message, p.raw[:MAX_RAW])),
            when,
            "",
            "",
        )
        for own_id, (key, p) in enumerate(fresh, first)
    ]
    bulk.insert(connection, problems, rows)
    return len(rows)


def page(connection: Connection, limit: int, *, source: str = "") -> tuple[Noted, ...]:
    """Give the newest open problems first, at most ``limit``, of all sources or of one."""
    asked = _SHOWN.where(problems.c.source == source) if source else _SHOWN
    return tuple(map(_read, connection.execute(asked.limit(limit))))


def by_ids(connection: Connection, ids: Collection[int]) -> dict[int, Noted]:
    """Give problems by their numbers, settled ones too."""
    rows = bulk.by_keys(connection, select(problems), problems.c.id, ids)
    return {row.id: _read(row) for row in rows}


def settle(connection: Connection, ids: Iterable[int], settled: Settled, at: datetime) -> None:
    """Close problems, or open them again with an empty word."""
    bulk.run(connection, _SETTLE, [(settled, moment(at) if settled else "", number) for number in ids])


def count(connection: Connection) -> int:
    """Count the open problems."""
    return int(connection.execute(_COUNT).scalar_one())


def count_by_source(connection: Connection) -> dict[str, int]:
    """Count the open problems of each source that has any."""
    return {row[0]: int(row[1]) for row in connection.execute(_BY_SOURCE)}


def _read(row: Row[Any]) -> Noted:
    return Noted(
        id=row.id,
        source=row.source,
        where=row.place,
        kind=row.kind,
        message=row.message,
        raw=row.raw,
        at=datetime.fromisoformat(row.at),
        settled=row.settled,
    )


def _hash(problem: Problem) -> int:
    told = f"{problem.source}\x1f{problem.where}\x1f{problem.kind}\x1f{problem.message}"
    return number(told.encode("utf-8", "surrogatepass"))


def _storable(text: str) -> str:
    """Show what no database takes as text: NUL and lone surrogates."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
