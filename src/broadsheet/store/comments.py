"""Comments: what is said of papers, by whom, and what it said before it was edited."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, exists, func, literal, or_, select, union

from broadsheet.model.comment import Badge, Comment, Edition, Look, Said, State
from broadsheet.store import bulk
from broadsheet.store.papers import LIVE
from broadsheet.store.payload import moment
from broadsheet.store.schema import papers
from broadsheet.store.schema_accounts import readers
from broadsheet.store.schema_moderating import submissions
from broadsheet.store.schema_people import author_names, author_papers, claims
from broadsheet.store.schema_talking import comment_editions, comments

_ALL = select(comments)
_BY: Final = (readers.c.handle, readers.c.name, readers.c.state.label("reader_state"), readers.c.role)
_SAID = select(comments, *_BY).outerjoin(readers, readers.c.id == comments.c.reader_id)
_SHOWN = comments.c.state == "shown"
_ANSWER = comments.alias()
_IS_ANSWERED = exists(select(1).where(_ANSWER.c.parent_id == comments.c.id, _ANSWER.c.state == "shown"))
_THREADS = select(comments.c.id).where(comments.c.parent_id.is_(None))
_TOTAL = select(func.count()).where(_SHOWN)
_LATEST = (
    select(comments, *_BY, papers.c.slug, papers.c.title)
    .join(papers, papers.c.id == comments.c.paper_id)
    .outerjoin(readers, readers.c.id == comments.c.reader_id)
    .where(_SHOWN, LIVE)
    .order_by(comments.c.id.desc())
)
_HANDLES = select(readers.c.id, readers.c.handle).where(readers.c.state == "active")
_MOVE = "UPDATE comments SET paper_id = ? WHERE paper_id = ?"
_BACK = "UPDATE comments SET paper_id = ? WHERE said_of = ?"


def insert(connection: Connection, said: Comment, said_of: int) -> Comment:
    """Keep a new comment under the next number; ``said_of`` is the paper it goes back to when papers are parted."""
    number = bulk.next_number(connection, comments.c.id)
    row = (number, said.paper_id, said_of, said.reader_id, said.parent_id, said.body, moment(said.at), "", said.state)
    bulk.insert(connection, comments, [row])
    return Comment(number, said.paper_id, said.reader_id, said.parent_id, said.body, said.at, None, said.state)


def by_id(connection: Connection, number: int) -> Comment | None:
    """Give one comment, whatever its state."""
    row = connection.execute(_ALL.where(comments.c.id == number)).first()
    return None if row is None else _comment(row)


def by_ids(connection: Connection, numbers: Collection[int]) -> dict[int, Comment]:
    """Give comments by their numbers, whatever their state; one statement."""
    return {row.id: _comment(row) for row in bulk.by_keys(connection, _ALL, comments.c.id, numbers)}


def origin(connection: Connection, number: int) -> int:
    """Give the paper that a comment was said of, which may be part of another now."""
    return int(connection.execute(select(comments.c.said_of).where(comments.c.id == number)).scalar_one())


def same(connection: Connection, said: Comment, since: datetime) -> Comment | None:
    """Give a comment with the same words in the same place by the same reader since a moment, one that stands."""
    asked = _ALL.where(
        comments.c.reader_id == said.reader_id,
        comments.c.paper_id == said.paper_id,
        comments.c.parent_id.is_not_distinct_from(said.parent_id),
        comments.c.body == said.body,
        comments.c.at >= moment(since),
        comments.c.state.in_(("shown", "held")),
    )
    row = connection.execute(asked.limit(1)).first()
    return None if row is None else _comment(row)


def rewrite(connection: Connection, number: int, body: str, state: State, *, at: datetime) -> None:
    """Let a comment say something else, keeping what it said where that was shown."""
    before = connection.execute(_ALL.where(comments.c.id == number)).one()
    if before.state == "shown":
        row = (bulk.next_number(connection, comment_editions.c.id), number, before.body, moment(at))
        bulk.insert(connection, comment_editions, [row])
    told = {"body": body, "state": state, "edited_at": moment(at)}
    connection.execute(comments.update().where(comments.c.id == number).values(told))


def set_state(connection: Connection, number: int, state: State) -> None:
    """Note how a comment stands now."""
    connection.execute(comments.update().where(comments.c.id == number).values(state=state))


def empty(connection: Connection, number: int) -> None:
    """Withdraw a comment: its words go, those from before they were edited too; its place stays."""
    connection.execute(comment_editions.delete().where(comment_editions.c.comment_id == number))
    told = {"body": "", "state": "withdrawn", "edited_at": ""}
    connection.execute(comments.update().where(comments.c.id == number).values(told))


def editions(connection: Connection, number: int) -> tuple[Edition, ...]:
    """Give what a comment said before, oldest first."""
    asked = select(comment_editions).where(comment_editions.c.comment_id == number).order_by(comment_editions.c.id)
    return tuple(Edition(row.body, datetime.fromisoformat(row.until)) for row in connection.execute(asked))


def threads(connection: Connection, paper_id: int, look: Look) -> tuple[Said, ...]:
    """Give a page of a paper's threads with all answers to them, in the order to be shown; one statement.

    A comment that the viewer may not see stands in it only where others answered.
    """
    own = _visible(look)
    order = comments.c.id.desc() if look.newest_first else comments.c.id.asc()
    roots = _THREADS.where(comments.c.paper_id == paper_id, or_(own, _IS_ANSWERED))
    page = roots.order_by(order).limit(look.limit).offset(look.offset).subquery()
    root = func.coalesce(comments.c.parent_id, comments.c.id)
    is_shown = or_(comments.c.parent_id.is_(None), own)
    asked = _SAID.where(comments.c.paper_id == paper_id, root.in_(select(page.c.id)), is_shown)
    in_order = asked.order_by(root.desc() if look.newest_first else root.asc(), comments.c.id)
    return tuple(map(_said, connection.execute(in_order)))


def place(connection: Connection, said: Comment, look: Look) -> int:
    """Count the threads that stand before a comment's, oldest first."""
    before = _THREADS.where(comments.c.paper_id == said.paper_id, or_(_visible(look), _IS_ANSWERED))
    numbered = before.where(comments.c.id < (said.parent_id or said.id)).subquery()
    return int(connection.execute(select(func.count()).select_from(numbered)).scalar_one())


def total(connection: Connection, paper_id: int) -> int:
    """Count a paper's comments that are shown."""
    return int(connection.execute(_TOTAL.where(comments.c.paper_id == paper_id)).scalar_one())


def latest(
    connection: Connection, *, before: int | None, limit: int, paper_id: int | None = None
) -> tuple[tuple[Said, str, str], ...]:
    """Give the newest comments shown, below a number or of a paper, each with that one's slug and title."""
    asked = _LATEST if before is None else _LATEST.where(comments.c.id < before)
    asked = asked if paper_id is None else asked.where(comments.c.paper_id == paper_id)
    return tuple((_said(row), row.slug, row.title) for row in connection.execute(asked.limit(limit)))


def in_state(connection: Connection, state: State, limit: int) -> tuple[tuple[Said, str, str], ...]:
    """Give the comments of one state, oldest first, each with its paper's slug and title."""
    asked = (
        select(comments, *_BY, papers.c.slug, papers.c.title)
        .join(papers, papers.c.id == comments.c.paper_id)
        .outerjoin(readers, readers.c.id == comments.c.reader_id)
        .where(comments.c.state == state)
    )
    found = connection.execute(asked.order_by(comments.c.id).limit(limit))
    return tuple((_said(row), row.slug, row.title) for row in found)


def bearers(connection: Connection, paper_id: int, names: Collection[str]) -> dict[int, Badge]:
    """Give who brought a paper in and who was granted to be its author, by one of its authors' compared names.

    Of who is both the author's badge stands. One statement, whoever commented.
    """
    here = author_papers.c.paper_id == paper_id
    theirs = select(author_papers.c.author_id).where(here, author_papers.c.theirs)
    others = select(author_papers.c.author_id).where(here, ~author_papers.c.theirs)
    named = select(author_names.c.author_id).where(author_names.c.key.in_(bindparam("names", expanding=True)))
    is_author = or_(
        claims.c.paper_id == paper_id,
        claims.c.author_id.in_(theirs),
        and_(claims.c.author_id.in_(named), claims.c.author_id.not_in(others)),
    )
    wrote = select(claims.c.reader_id, literal("author").label("badge")).where(claims.c.state == "granted", is_author)
    brought = (
        select(submissions.c.reader_id, literal("submitter").label("badge"))
        .join(papers, papers.c.id == submissions.c.paper_id)
        .where(func.coalesce(papers.c.merged_into, papers.c.id) == paper_id)
        .where(submissions.c.state == "shown", submissions.c.reader_id.is_not(None))
    )
    found = connection.execute(union(wrote, brought), {"names": list(names)})
    return {row.reader_id: row.badge for row in sorted(found, key=lambda row: str(row.badge), reverse=True)}


def active(connection: Connection, handles: Collection[str]) -> dict[str, int]:
    """Give the numbers of those readers that can be mentioned, by their handles; one statement."""
    return {row.handle: row.id for row in bulk.by_keys(connection, _HANDLES, readers.c.handle, handles)}


def move(connection: Connection, winner: int, loser: int) -> None:
    """Let the comments of a merged paper stand under the one it is part of now."""
    bulk.once(connection, _MOVE, (winner, loser))


def back(connection: Connection, _winner: int, loser: int) -> None:
    """Let the comments that were said of a paper stand under it again."""
    bulk.once(connection, _BACK, (loser, loser))


def _visible(look: Look) -> ColumnElement[bool]:
    if look.sees_all:
        return comments.c.state != "withdrawn"
    if look.viewer_id is None:
        return _SHOWN
    return or_(_SHOWN, and_(comments.c.state == "held", comments.c.reader_id == look.viewer_id))


def _comment(row: Row[Any]) -> Comment:
    return Comment(
        id=row.id,
        paper_id=row.paper_id,
        reader_id=row.reader_id,
        parent_id=row.parent_id,
        body=row.body,
        at=datetime.fromisoformat(row.at),
        edited_at=datetime.fromisoformat(row.edited_at) if row.edited_at else None,
        state=row.state,
    )


def _said(row: Row[Any]) -> Said:
    is_here = row.handle is not None and row.reader_state != "gone"
    return Said(_comment(row), row.handle if is_here else "", row.name if is_here else "")
