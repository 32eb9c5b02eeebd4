"""The log of evidence: whatever is known of a paper from some moment on, so that any past order can be made again."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, select

from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema_voting import evidence_log

# From then on: ``upvotes`` that count, ``comments``, ``hf_upvotes``, ``stars_per_day`` in thousandths; ``born`` in
# microseconds since 1970; ``gone`` 1 for a paper that is in no order any more.
Entry = tuple[int, str, int]

_LAST = "SELECT seq, at FROM evidence_log ORDER BY seq DESC LIMIT 1"
_KEEP = "INSERT INTO evidence_log (seq, at, paper_id, kind, value) VALUES (?, ?, ?, ?, ?)"
_UPVOTED = select(evidence_log.c.paper_id).where(evidence_log.c.kind == "upvotes").distinct()


def append(connection: Connection, entries: Collection[Entry], at: datetime) -> None:
    """Write down ``(paper id, kind, value)``; no entry is of a moment before the last one's, should a clock lag."""
    if entries:
        last = bulk.first(connection, _LAST, ()) or (0, "")
        when = max(moment(at), last[1])
        bulk.run(connection, _KEEP, [(seq, when, *entry) for seq, entry in enumerate(entries, last[0] + 1)])


def standing(connection: Connection, at: datetime | None = None) -> dict[int, dict[str, int]]:
    """Give what the log says of each paper at a moment, None for its end: the last value of each kind."""
    newest = select(func.max(evidence_log.c.seq)).group_by(evidence_log.c.paper_id, evidence_log.c.kind)
    if at is not None:
        newest = newest.where(evidence_log.c.at <= moment(at))
    asked = select(evidence_log.c.paper_id, evidence_log.c.kind, evidence_log.c.value)
    found: dict[int, dict[str, int]] = {}
    for paper_id, kind, value in connection.execute(asked.where(evidence_log.c.seq.in_(newest))):
        found.setdefault(paper_id, {})[kind] = value
    return found


def upvoted_after(connection: Connection, seq: int) -> list[int]:
    """Give the papers whose upvotes changed after an entry."""
    return list(connection.execute(_UPVOTED.where(evidence_log.c.seq > seq)).scalars())


def head(connection: Connection) -> int:
    """Give the number of the last entry, 0 when there is none."""
    row = bulk.first(connection, _LAST, ())
    return row[0] if row else 0
