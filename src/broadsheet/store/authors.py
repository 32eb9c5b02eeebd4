"""Authors: whose name is whose, which papers a name gets wrong, and every act that changed it."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, or_, select

from broadsheet.model.author import Act, Change, Person
from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema import papers
from broadsheet.store.schema_accounts import readers
from broadsheet.store.schema_people import author_history, author_names, author_papers, authors, claims

_NAMES = (author_names.c.key, author_names.c.name.label("printed"))
_SEEN = authors.alias("seen")
_HELD = author_names.alias("held")
# Those whom a slug leads to, maybe by way of a merge, and those who hold a name.
_LED_TO = select(func.coalesce(_SEEN.c.merged_into, _SEEN.c.id)).where(_SEEN.c.slug == bindparam("slug"))
_HOLDING = select(_HELD.c.author_id).where(_HELD.c.key == bindparam("key"))
_LED = authors.c.id.in_(_LED_TO)
_FIND = (
    select(authors, *_NAMES, _LED.label("led"))
    .outerjoin(author_names, author_names.c.author_id == authors.c.id)
    .where(authors.c.merged_into.is_(None), or_(_LED, authors.c.id.in_(_HOLDING)))
    .order_by(author_names.c.key)
)
_BY_SLUGS = (
    select(_SEEN.c.slug.label("asked"), authors, *_NAMES)
    .join(authors, authors.c.id == func.coalesce(_SEEN.c.merged_into, _SEEN.c.id))
    .outerjoin(author_names, author_names.c.author_id == authors.c.id)
    .order_by(author_names.c.key)
)
_MARKS = (
    select(
        author_papers.c.author_id,
        func.coalesce(papers.c.merged_into, papers.c.id).label("paper_id"),
        author_papers.c.theirs,
    )
    .join(papers, papers.c.id == author_papers.c.paper_id)
    # A paper's own mark counts before one of a paper that became part of it.
    .order_by(papers.c.merged_into.is_(None), author_papers.c.paper_id)
)
_HISTORY = (
    select(author_history, readers.c.handle, readers.c.state)
    .outerjoin(readers, readers.c.id == author_history.c.reader_id)
    .order_by(author_history.c.id.desc())
)


def find(connection: Connection, slug: str, key: str) -> Person | None:
    """Give the author whom a slug leads to, else the one who holds a name, by its key; one statement."""
    rows = connection.execute(_FIND, {"slug": slug, "key": key}).all()
    led = [row for row in rows if row.led]
    found = led or rows
    return _person([row for row in found if row.id == found[0].id]) if found else None


def by_slugs(connection: Connection, slugs: Collection[str]) -> dict[str, Person]:
    """Give the authors whom slugs lead to, by the slug; those of whom nothing is kept are left out."""
    rows: dict[str, list[Row[Any]]] = {}
    for row in bulk.by_keys(connection, _BY_SLUGS, _SEEN.c.slug, slugs):
        rows.setdefault(row.asked, []).append(row)
    return {slug: _person(some) for slug, some in rows.items()}


def by_ids(connection: Connection, numbers: Collection[int]) -> tuple[Person, ...]:
    """Give authors by their numbers, whoever they are part of now for those merged away; in the order of numbers."""
    rows: dict[int, list[Row[Any]]] = {}
    for row in bulk.by_keys(connection, _BY_SLUGS, _SEEN.c.id, numbers):
        rows.setdefault(row.id, []).append(row)
    return tuple(_person(rows[number]) for number in sorted(rows))


def is_taken(connection: Connection, slug: str) -> bool:
    """Tell whether an author has, or had, a slug."""
    return connection.execute(select(authors.c.id).where(authors.c.slug == slug)).first() is not None


def insert(connection: Connection, person: Person, *, at: datetime) -> int:
    """Keep a new author under a slug that is free, without names; gives the number."""
    number = bulk.next_number(connection, authors.c.id)
    bulk.insert(connection, authors, [(number, person.slug, person.name, moment(at), None)])
    return number


def holders(connection: Connection, keys: Collection[str]) -> dict[str, int]:
    """Give whose names are, by their keys; names that are nobody's are left out."""
    asked = select(author_names.c.key, author_names.c.author_id)
    return {row.key: row.author_id for row in bulk.by_keys(connection, asked, author_names.c.key, keys)}


def marks(connection: Connection, author_id: int) -> dict[int, bool]:
    """Give for which papers somebody said whether they are an author's, whatever the names say; one statement."""
    found = connection.execute(_MARKS.where(author_papers.c.author_id == author_id))
    return {row.paper_id: bool(row.theirs) for row in found}


def marks_by_author(connection: Connection, author_ids: Collection[int]) -> dict[int, dict[int, bool]]:
    """Give the marks of several authors, by their numbers; one statement."""
    found: dict[int, dict[int, bool]] = {}
    for row in bulk.by_keys(connection, _MARKS, author_papers.c.author_id, author_ids):
        found.setdefault(row.author_id, {})[row.paper_id] = bool(row.theirs)
    return found


def merged_into(connection: Connection, author_id: int) -> list[int]:
    """Give who was merged into an author."""
    found = connection.execute(select(authors.c.id).where(authors.c.merged_into == author_id).order_by(authors.c.id))
    return list(found.scalars())


def mark_rows(connection: Connection, author_id: int) -> dict[int, tuple[bool, str]]:
    """Give the marks on papers as they are kept: by the paper's own number, with when they were made."""
    asked = select(author_papers).where(author_papers.c.author_id == author_id).order_by(author_papers.c.paper_id)
    return {row.paper_id: (bool(row.theirs), row.at) for row in connection.execute(asked)}


def claim_rows(connection: Connection, author_id: int) -> list[int]:
    """Give the numbers of all claims to an author's page."""
    asked = select(claims.c.id).where(claims.c.author_id == author_id).order_by(claims.c.id)
    return list(connection.execute(asked).scalars())


def apply(connection: Connection, changes: Iterable[Change]) -> None:
    """Let everything be as it is after the changes."""
    for change in changes:
        if change.is_new:
            _APPLY[change.row](connection, change)


def note(connection: Connection, act: Act) -> int:
    """Keep an act in an author's history; gives its number."""
    number = bulk.next_number(connection, author_history.c.id)
    detail = json.dumps([[each.row, each.key, each.before, each.after] for each in act.changes], separators=(",", ":"))
    row = (number, act.author_id, act.reader_id, act.act, detail, act.why, moment(act.at), "")
    bulk.insert(connection, author_history, [row])
    return number


def mark_undone(connection: Connection, number: int, at: datetime) -> None:
    """Note that an act was undone."""
    connection.execute(author_history.update().where(author_history.c.id == number).values(undone_at=moment(at)))


def act(connection: Connection, number: int) -> Act | None:
    """Give one act."""
    row = connection.execute(_HISTORY.where(author_history.c.id == number)).first()
    return None if row is None else _act(row)


def acts_after(connection: Connection, number: int) -> list[Act]:
    """Give the acts after one that still stand, newest first."""
    asked = _HISTORY.where(author_history.c.id > number, author_history.c.undone_at == "")
    return [_act(row) for row in connection.execute(asked)]


def history(connection: Connection, author_id: int, limit: int) -> tuple[Act, ...]:
    """Give the newest acts on an author and on those merged into them."""
    family = select(authors.c.id).where(or_(authors.c.id == author_id, authors.c.merged_into == author_id))
    asked = _HISTORY.where(author_history.c.author_id.in_(family)).limit(limit)
    return tuple(_act(row) for row in connection.execute(asked))


def _into(connection: Connection, change: Change) -> None:
    connection.execute(authors.update().where(authors.c.id == int(change.key)).values(merged_into=change.after))


def _called(connection: Connection, change: Change) -> None:
    connection.execute(authors.update().where(authors.c.id == int(change.key)).values(name=change.after))


def _claim(connection: Connection, change: Change) -> None:
    connection.execute(claims.update().where(claims.c.id == int(change.key)).values(author_id=change.after))


def _name(connection: Connection, change: Change) -> None:
    connection.execute(author_names.delete().where(author_names.c.key == change.key))
    if isinstance(change.after, tuple):
        bulk.insert(connection, author_names, [(change.key, *change.after)])


def _paper(connection: Connection, change: Change) -> None:
    author_id, paper_id = map(int, change.key.split("/"))
    here = author_papers.c.author_id == author_id, author_papers.c.paper_id == paper_id
    connection.execute(author_papers.delete().where(*here))
    if isinstance(change.after, tuple):
        bulk.insert(connection, author_papers, [(author_id, paper_id, *change.after)])


_APPLY = {"into": _into, "called": _called, "name": _name, "paper": _paper, "claim": _claim}


def _person(rows: Collection[Row[Any]]) -> Person:
    first = next(iter(rows))
    return Person(first.id, first.slug, first.name, {row.key: row.printed for row in rows if row.key is not None})


def _act(row: Row[Any]) -> Act:
    changes = tuple(
        Change(kind, key, _value(before), _value(after)) for kind, key, before, after in json.loads(row.detail)
    )
    return Act(
        id=row.id,
        author_id=row.author_id,
        reader_id=row.reader_id,
        act=row.act,
        changes=changes,
        why=row.why,
        at=datetime.fromisoformat(row.at),
        undone_at=datetime.fromisoformat(row.undone_at) if row.undone_at else None,
        by=row.handle if row.handle is not None and row.state != "gone" else "",
    )


def _value(told: Any) -> Any:  # noqa: ANN401 - what JSON holds
    return tuple(told) if isinstance(told, list) else told
