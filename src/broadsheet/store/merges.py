"""Which records were taken for one paper, and which a person has parted again."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy import Connection, Row, func, select

from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema import keep_apart, merges, papers

_SHOWN = select(merges, papers.c.title).join(papers, papers.c.id == merges.c.winner).order_by(merges.c.id.desc())
_PARTED = select(keep_apart.c.a, keep_apart.c.b)


@dataclass(frozen=True, slots=True)
class Merge:
    """The ``moved`` records joined the ``kept`` ones in paper ``winner``, leaving paper ``loser`` if they had one."""

    winner: int
    loser: int | None
    kept: tuple[int, ...]
    moved: tuple[int, ...]
    reason: str
    id: int = 0
    title: str = ""
    at: str = ""
    undone_at: str = ""

    @property
    def undone(self) -> bool:
        """Whether the records were parted again."""
        return bool(self.undone_at)


def note(connection: Connection, made: Sequence[Merge], at: datetime) -> None:
    """Note merges."""
    if not made:
        return
    first = bulk.next_number(connection, merges.c.id)
    rows = [
        (number, m.winner, m.loser, json.dumps(m.kept), json.dumps(m.moved), m.reason, moment(at), None)
        for number, m in enumerate(made, first)
    ]
    bulk.insert(connection, merges, rows)


def page(connection: Connection, limit: int) -> tuple[Merge, ...]:
    """Give the newest merges first, at most ``limit``, each with its paper's title."""
    return tuple(_merge(row) for row in connection.execute(_SHOWN.limit(limit)))


def latest(connection: Connection) -> int:
    """Give the number of the last merge, 0 where there is none."""
    return connection.execute(select(func.max(merges.c.id))).scalar() or 0


def grown_since(connection: Connection, number: int) -> set[int]:
    """Give the papers that others became part of by merges after the one of a number."""
    asked = select(merges.c.winner).where(merges.c.id > number, merges.c.loser.is_not(None))
    return set(connection.execute(asked).scalars())


def by_id(connection: Connection, number: int) -> Merge | None:
    """Give one merge."""
    row = connection.execute(_SHOWN.where(merges.c.id == number)).first()
    return None if row is None else _merge(row)


def part(connection: Connection, merge: Merge, at: datetime) -> None:
    """Note that a merge is undone and that its two sides are to stay apart."""
    pairs = [(min(pair), max(pair)) for pair in product(merge.kept, merge.moved)]
    bulk.insert(connection, keep_apart, pairs, conflict="ON CONFLICT DO NOTHING")
    connection.execute(merges.update().where(merges.c.id == merge.id).values(undone_at=moment(at)))


def parted(connection: Connection, record_ids: Collection[int]) -> set[tuple[int, int]]:
    """Give the pairs among the records that are to stay apart."""
    among = set(record_ids)
    found = bulk.by_keys(connection, _PARTED, keep_apart.c.a, among)
    return {(row[0], row[1]) for row in found if row[1] in among}


def _merge(row: Row[Any]) -> Merge:
    return Merge(
        winner=row.winner,
        loser=row.loser,
        kept=tuple(json.loads(row.kept)),
        moved=tuple(json.loads(row.moved)),
        reason=row.reason,
        id=row.id,
        title=row.title,
        at=row.at,
        undone_at=row.undone_at or "",
    )
