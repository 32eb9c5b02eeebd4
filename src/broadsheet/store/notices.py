"""Notices: what readers are told of when they come back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, or_, select

from broadsheet.model.notice import MAX_WORDS, Kind, Notice
from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema import papers
from broadsheet.store.schema_accounts import readers
from broadsheet.store.schema_moderating import paper_rulings
from broadsheet.store.schema_talking import notices

_SHOWN = (
    select(notices, readers.c.handle, readers.c.name, readers.c.state, papers.c.slug, papers.c.title)
    .outerjoin(readers, readers.c.id == notices.c.by_id)
    .outerjoin(papers, papers.c.id == notices.c.paper_id)
    .order_by(notices.c.id.desc())
)
# What was said under a paper that is hidden now is told to nobody, but what became of the paper is.
_HIDDEN = select(paper_rulings.c.paper_id).where(paper_rulings.c.hidden)
_NOW = func.coalesce(papers.c.merged_into, papers.c.id)
_PRESENT = or_(papers.c.id.is_(None), notices.c.kind.in_(("moderation", "submission")), _NOW.not_in(_HIDDEN))
_UNSEEN = select(notices.c.id).outerjoin(papers, papers.c.id == notices.c.paper_id).where(_PRESENT)
_TOLD = select(notices.c.reader_id)
# Counted no further than it is shown.
MAX_UNSEEN = 100


class Matter(NamedTuple):
    """What a notice is about, in plain ``words``; ``by_id`` is who did it, None for the house."""

    words: str
    at: datetime
    by_id: int | None = None
    paper_id: int | None = None
    comment_id: int | None = None


def tell(connection: Connection, kinds: Mapping[int, Kind], matter: Matter) -> None:
    """Keep a notice for each reader, given by number with its kind."""
    first = bulk.next_number(connection, notices.c.id) if kinds else 0
    about = matter.by_id, matter.paper_id, matter.comment_id, matter.words[:MAX_WORDS], moment(matter.at), ""
    rows = [(number, reader_id, kind, *about) for number, (reader_id, kind) in enumerate(kinds.items(), first)]
    bulk.insert(connection, notices, rows)


def told(connection: Connection, comment_id: int, *, by_id: int | None = None) -> set[int]:
    """Give who was told of a comment already; with ``by_id`` who was told of that reader's reactions to it."""
    asked = _TOLD.where(notices.c.comment_id == comment_id)
    narrowed = asked.where(notices.c.kind != "reaction") if by_id is None else asked.where(notices.c.by_id == by_id)
    return set(connection.execute(narrowed).scalars())


def forget(connection: Connection, comment_id: int) -> None:
    """Drop all notices of a comment."""
    connection.execute(notices.delete().where(notices.c.comment_id == comment_id))


def unseen(connection: Connection, reader_id: int) -> int:
    """Count what a reader has not seen, up to MAX_UNSEEN; one look at an index."""
    own = _UNSEEN.where(notices.c.reader_id == reader_id, notices.c.seen_at == "").limit(MAX_UNSEEN)
    return int(connection.execute(select(func.count()).select_from(own.subquery())).scalar_one())


def page(connection: Connection, reader_id: int, *, before: int | None, limit: int) -> tuple[Notice, ...]:
    """Give a reader's notices below a number, newest first; one statement."""
    asked = _SHOWN.where(notices.c.reader_id == reader_id, _PRESENT)
    if before is not None:
        asked = asked.where(notices.c.id < before)
    return tuple(map(_notice, connection.execute(asked.limit(limit))))


def mark_seen(connection: Connection, reader_id: int, up_to: int, *, at: datetime) -> int:
    """Note that a reader has seen all notices up to a number; gives how many were new."""
    new = notices.c.reader_id == reader_id, notices.c.seen_at == "", notices.c.id <= up_to
    return connection.execute(notices.update().where(*new).values(seen_at=moment(at))).rowcount


def _notice(row: Row[Any]) -> Notice:
    is_here = row.handle is not None and row.state != "gone"
    return Notice(
        id=row.id,
        kind=row.kind,
        words=row.words,
        at=datetime.fromisoformat(row.at),
        is_new=not row.seen_at,
        handle=row.handle if is_here else "",
        name=row.name if is_here else "",
        slug=row.slug or "",
        title=row.title or "",
        comment_id=row.comment_id,
    )
