"""Reactions: what readers say to comments without words."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, func, select

from broadsheet.model.comment import EMOJI, Tally
from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema_talking import reactions

_TALLIES = select(
    reactions.c.comment_id,
    reactions.c.emoji,
    func.count().label("count"),
    func.max(case((reactions.c.reader_id == bindparam("viewer"), 1), else_=0)).label("mine"),
).group_by(reactions.c.comment_id, reactions.c.emoji)
_DROP = "DELETE FROM reactions WHERE comment_id = ? AND reader_id = ? AND emoji = ?"
_KEEP = (
    "INSERT INTO reactions (comment_id, reader_id, emoji, at) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (comment_id, reader_id, emoji) DO NOTHING"
)


def keep(connection: Connection, comment_id: int, reader_id: int, emoji: str, *, at: datetime) -> bool:
    """Keep a reaction; False when the reader said so before."""
    return bulk.once(connection, _KEEP, (comment_id, reader_id, emoji, moment(at))) == 1


def drop(connection: Connection, comment_id: int, reader_id: int, emoji: str) -> bool:
    """Take a reaction back; False when there was none."""
    return bulk.once(connection, _DROP, (comment_id, reader_id, emoji)) == 1


def clear(connection: Connection, comment_id: int) -> None:
    """Drop all reactions to a comment."""
    connection.execute(reactions.delete().where(reactions.c.comment_id == comment_id))


def tallies(
    connection: Connection, comment_ids: Collection[int], viewer_id: int | None
) -> dict[int, tuple[Tally, ...]]:
    """Count the reactions to comments, in the order of EMOJI; one statement."""
    found: dict[int, list[Tally]] = {}
    for row in bulk.by_keys(connection, _TALLIES, reactions.c.comment_id, comment_ids, viewer=viewer_id or 0):
        if row.emoji in EMOJI:
            found.setdefault(row.comment_id, []).append(Tally(row.emoji, row.count, bool(row.mine)))
    return {number: tuple(sorted(told, key=lambda tally: EMOJI.index(tally.emoji))) for number, told in found.items()}
