"""Whom and what readers follow."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal, NamedTuple, get_args

from sqlalchemy import Connection, func, or_, select

from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema_accounts import readers
from broadsheet.store.schema_lists import label_papers, labels
from broadsheet.store.schema_people import follows

Kind = Literal["author", "organisation", "category", "label", "search"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_AUTHORS = (
    select(follows.c.target, follows.c.reader_id)
    .join(readers, readers.c.id == follows.c.reader_id)
    .where(follows.c.kind == "author", readers.c.state == "active")
    .order_by(follows.c.target, follows.c.reader_id)
)


class Follow(NamedTuple):
    """What is followed, since when: ``target`` is a slug, a category's name, or ``handle/slug`` of a label."""

    kind: Kind
    target: str
    at: datetime


def put(connection: Connection, reader_id: int, follow: Follow) -> None:
    """Let a reader follow something; who does so already goes on."""
    row = (reader_id, follow.kind, follow.target, moment(follow.at))
    bulk.insert(connection, follows, [row], conflict="ON CONFLICT DO NOTHING")


def remove(connection: Connection, reader_id: int, kind: Kind, targets: Collection[str]) -> None:
    """Let a reader follow something, by any of its names, no longer."""
    here = follows.c.reader_id == reader_id, follows.c.kind == kind, follows.c.target.in_(targets)
    connection.execute(follows.delete().where(*here))


def of_reader(connection: Connection, reader_id: int) -> tuple[Follow, ...]:
    """Give all that a reader follows, first come first."""
    asked = select(follows).where(follows.c.reader_id == reader_id)
    rows = connection.execute(asked.order_by(follows.c.at, follows.c.kind, follows.c.target))
    return tuple(Follow(row.kind, row.target, datetime.fromisoformat(row.at)) for row in rows)


def count(connection: Connection, reader_id: int) -> int:
    """Count what a reader follows."""
    own = select(func.count()).select_from(follows).where(follows.c.reader_id == reader_id)
    return int(connection.execute(own).scalar_one())


def authors(connection: Connection, limit: int) -> dict[str, list[int]]:
    """Give who follows which author, by the slug that they follow; at most ``limit`` follows."""
    found: dict[str, list[int]] = {}
    for row in connection.execute(_AUTHORS.limit(limit)):
        found.setdefault(row.target, []).append(row.reader_id)
    return found


def labelled(
    connection: Connection, targets: Collection[str], viewer_id: int, limit: int
) -> dict[str, tuple[str, frozenset[int]]]:
    """Give labels, as ``handle/slug``, that are public or the viewer's own: the name, and the newest papers on them.

    At most ``limit`` papers of all of them together; two statements.
    """
    target = (readers.c.handle + "/" + labels.c.slug).label("target")
    asked = (
        select(labels.c.id, labels.c.name, target)
        .join(readers, readers.c.id == labels.c.reader_id)
        .where(target.element.in_(targets), or_(labels.c.seen_by == "all", labels.c.reader_id == viewer_id))
    )
    known = {row.id: (row.target, row.name) for row in connection.execute(asked)} if targets else {}
    newest = (
        select(label_papers.c.label_id, label_papers.c.paper_id)
        .where(label_papers.c.label_id.in_(known))
        .order_by(label_papers.c.at.desc(), label_papers.c.paper_id)
        .limit(limit)
    )
    found: dict[int, set[int]] = {number: set() for number in known}
    for row in connection.execute(newest) if known else ():
        found[row.label_id].add(row.paper_id)
    return {name: (shown, frozenset(found[number])) for number, (name, shown) in known.items()}
