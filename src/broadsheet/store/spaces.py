"""Embedding spaces: which states of which embedders papers are embedded in, and how far each one is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, select, update

from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema import changes, selftests, spaces

_ALL = select(spaces).order_by(spaces.c.id)
_LIVE = _ALL.where(spaces.c.dropped_at.is_(None))
_CHANGES = select(func.max(changes.c.seq))


class Identity(NamedTuple):
    """What tells one state of one embedder from any other."""

    name: str
    version: str
    dimension: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """One state of one embedder. ``token`` names what is derived from it on disk.

    ``seen`` is the last number of ``changes`` that is embedded, ``head`` the last one of this space's embeddings, and
    it is ``complete`` once every paper has been embedded. ``weight`` is what the self-test chose.
    """

    id: int
    identity: Identity
    token: str
    seen: int
    head: int
    complete: bool
    weight: float | None


def live(connection: Connection) -> tuple[Space, ...]:
    """Give the spaces that are not dropped, oldest first; one statement over a few rows."""
    return tuple(_space(row) for row in connection.execute(_LIVE))


def dropped(connection: Connection) -> tuple[Space, ...]:
    """Give the spaces that are dropped and not yet forgotten."""
    return tuple(_space(row) for row in connection.execute(_ALL.where(spaces.c.dropped_at.is_not(None))))


def add(connection: Connection, identity: Identity, token: str, at: datetime) -> None:
    """Begin a space. It follows the changes from here on; it is complete where there is nothing from before."""
    seen = connection.execute(_CHANGES).scalar() or 0
    number = bulk.next_number(connection, spaces.c.id)
    row = (number, *identity, token, seen, 0, seen == 0, None, moment(at), None)
    bulk.insert(connection, spaces, [row])


def advance(connection: Connection, space: Space, seen: int) -> bool:
    """Raise the number of the last change embedded, from the one that ``space`` shows.

    Gives False, and changes nothing, where another writer has raised it since or dropped the space: what was made of
    the papers of that moment may be out of date.
    """
    standing = (spaces.c.id == space.id) & (spaces.c.seen == space.seen) & spaces.c.dropped_at.is_(None)
    return connection.execute(update(spaces).where(standing).values(seen=seen)).rowcount == 1


def finish(connection: Connection, space_id: int) -> None:
    """Note that every paper has been embedded."""
    connection.execute(update(spaces).where(spaces.c.id == space_id).values(complete=True))


def weigh(connection: Connection, space_id: int, weight: float | None) -> None:
    """Note the share of meaning beside words, 0 to 1; None leaves it to the embedder."""
    connection.execute(update(spaces).where(spaces.c.id == space_id).values(weight=weight))


def drop(connection: Connection, space_ids: Sequence[int], at: datetime) -> None:
    """Let nobody use these spaces any more; their embeddings go later, in batches."""
    connection.execute(update(spaces).where(spaces.c.id.in_(space_ids)).values(dropped_at=moment(at)))


def forget(connection: Connection, space_id: int) -> None:
    """Forget a space whose embeddings are gone."""
    connection.execute(update(selftests).where(selftests.c.space_id == space_id).values(space_id=None))
    connection.execute(spaces.delete().where(spaces.c.id == space_id))


def next_seq(connection: Connection) -> int:
    """Give the next number of the log of embeddings, above all of every space that is not forgotten.

    A forgotten space's numbers may come again: nobody follows its log, and a later space has another token.
    """
    return bulk.next_number(connection, spaces.c.head)


def raise_head(connection: Connection, space_id: int, head: int) -> None:
    """Note the last number of a space's embeddings."""
    connection.execute(update(spaces).where(spaces.c.id == space_id).values(head=head))


def _space(row: Row[Any]) -> Space:
    return Space(
        id=row.id,
        identity=Identity(row.name, row.version, row.dimension),
        token=row.token,
        seen=row.seen,
        head=row.head,
        complete=bool(row.complete),
        weight=row.weight,
    )
