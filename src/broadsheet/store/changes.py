"""What changed, in order: the index reads on from the last number it has seen."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, select

from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema import changes

_AFTER = select(changes.c.seq, changes.c.paper_id).order_by(changes.c.seq)
_LAST = select(changes.c.seq, changes.c.at).order_by(changes.c.seq.desc()).limit(1)
_HEAD = select(func.max(changes.c.seq))


def note(connection: Connection, paper_ids: Collection[int], at: datetime) -> None:
    """Note that papers show something else from now on, or nothing any more; in the transaction that made it so.

    Moments never go back, whatever a clock does: who asks for what is new since the last one misses nothing.
    """
    if paper_ids:
        last = connection.execute(_LAST).first() or (0, "")
        when = max(moment(at), last[1])
        bulk.insert(connection, changes, [(seq, paper_id, when) for seq, paper_id in enumerate(paper_ids, last[0] + 1)])


def after(connection: Connection, seq: int, limit: int) -> tuple[tuple[int, int], ...]:
    """Give at most ``limit`` changes after number ``seq`` as ``(seq, paper id)``, oldest first."""
    found = connection.execute(_AFTER.where(changes.c.seq > seq).limit(limit)).all()
    return tuple((row[0], row[1]) for row in found)


def head(connection: Connection) -> int:
    """Give the number of the last change, 0 when there is none."""
    return connection.execute(_HEAD).scalar() or 0
