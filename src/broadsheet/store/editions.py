"""What records said before they said something else: each text once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from broadsheet.model.record import ADDING, Record
from broadsheet.store import bulk
from broadsheet.store.payload import decode_record
from broadsheet.store.schema import editions, records

# A source that takes turns between texts fills no disk.
MOST = 100
_KEPT = select(editions.c.record_id, editions.c.payload)
_OF_PAPER = (
    select(editions, records.c.source, records.c.key, records.c.version)
    .join(records, records.c.id == editions.c.record_id)
    .order_by(editions.c.told_at, editions.c.id)
)
_OF = records.c.paper_id == bindparam("of_paper")
_TELLINGS = select(
    select(func.count()).where(_OF, records.c.source.not_in(ADDING)).scalar_subquery()
    + select(func.count())
    .join_from(editions, records, records.c.id == editions.c.record_id)
    .where(_OF)
    .scalar_subquery()
)


class Past(NamedTuple):
    """What a record said and says no more: from when it was told last until it was told otherwise."""

    record_id: int
    told_at: str
    until: str
    payload: str


@dataclass(frozen=True, slots=True)
class Edition:
    """A record as it was told once, and until when."""

    record: Record
    until: str


def told_text(record: Record) -> tuple[object, ...]:
    """Give what makes an edition when it changes: title, abstract, authors' names, and whether it is withdrawn."""
    return record.title, record.abstract, tuple(author.name for author in record.authors), record.withdrawn


def keep(connection: Connection, past: Collection[Past]) -> int:
    """Keep what records said before, and give how much of it is new; of one record at most MOST texts."""
    if not past:
        return 0
    known: dict[int, set[tuple[object, ...]]] = {}
    for row in bulk.by_keys(connection, _KEPT, editions.c.record_id, {one.record_id for one in past}):
        known.setdefault(row.record_id, set()).add(_text(row.payload))
    fresh: list[Past] = []
    for one in sorted(past):
        texts, text = known.setdefault(one.record_id, set()), _text(one.payload)
        if text not in texts and len(texts) < MOST:
            texts.add(text)
            fresh.append(one)
    first = bulk.next_number(connection, editions.c.id) if fresh else 0
    bulk.insert(connection, editions, [(number, *one) for number, one in enumerate(fresh, first)])
    return len(fresh)


def of_paper(connection: Connection, paper_id: int) -> Sequence[Edition]:
    """Give what the records of a paper said before, in the order in which it was told."""
    found = connection.execute(_OF_PAPER.where(records.c.paper_id == paper_id))
    return [
        Edition(decode_record((row.source, row.key, row.version), row.payload, row.told_at), row.until) for row in found
    ]


def tellings(connection: Connection, paper_id: int) -> int:
    """Count what was told of a paper: by its records, those aside that only add, and what they said before."""
    return int(connection.execute(_TELLINGS, {"of_paper": paper_id}).scalar_one())


def count(connection: Connection) -> int:
    """Count all editions."""
    return int(connection.execute(select(func.count()).select_from(editions)).scalar_one())


def _text(payload: str) -> tuple[object, ...]:
    return told_text(decode_record(("", "", 0), payload))
