"""Labels and the papers on them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select

from broadsheet.model.label import KeptPaper, Label
from broadsheet.model.saved_search import is_slug
from broadsheet.store import bulk
from broadsheet.store.papers import LIVE, WHOLE
from broadsheet.store.payload import moment, read_paper
from broadsheet.store.schema import papers
from broadsheet.store.schema_lists import label_papers, labels
from broadsheet.store.schema_moderating import submissions
from broadsheet.store.schema_people import members, organisations
from broadsheet.store.schema_talking import comments

# Who was only asked, or only asks, is no member.
INSIDE = ("member", "keeper")
_COUNT = (
    select(func.count())
    .select_from(label_papers.join(papers, papers.c.id == label_papers.c.paper_id))
    .where(label_papers.c.label_id == labels.c.id, LIVE)
    .correlate(labels)
    .scalar_subquery()
)
_SHOWN = select(labels, _COUNT.label("papers"))
_PAPERS = (
    WHOLE.add_columns(label_papers.c.note, label_papers.c.at.label("kept_at"))
    .join(label_papers, label_papers.c.paper_id == papers.c.id)
    .where(LIVE)
    .order_by(label_papers.c.at.desc(), papers.c.id.desc())
)
_PUT = 'ON CONFLICT (label_id, paper_id) DO UPDATE SET "note" = excluded."note"'
_PUT_NEW = "ON CONFLICT DO NOTHING"


def of_reader(connection: Connection, reader_id: int, *, viewer_id: int | None) -> tuple[Label, ...]:
    """Give those labels of a reader that a viewer may see, by name; None is anybody."""
    asked = _SHOWN.where(labels.c.reader_id == reader_id, _seen_by(viewer_id)).order_by(labels.c.name, labels.c.id)
    return tuple(map(_label, connection.execute(asked)))


def by_slug(connection: Connection, reader_id: int, slug: str, *, viewer_id: int | None) -> Label | None:
    """Give one label of a reader, if the viewer may see it."""
    if not is_slug(slug):
        return None
    asked = _SHOWN.where(labels.c.reader_id == reader_id, labels.c.slug == slug, _seen_by(viewer_id))
    row = connection.execute(asked).first()
    return None if row is None else _label(row)


def names(connection: Connection, reader_id: int) -> dict[str, str]:
    """Give the name of each label of a reader by its slug."""
    asked = select(labels.c.slug, labels.c.name).where(labels.c.reader_id == reader_id)
    return {row.slug: row.name for row in connection.execute(asked)}


def insert(connection: Connection, label: Label) -> Label:
    """Keep a new label under a slug that is free; gives it with its number."""
    number = bulk.next_number(connection, labels.c.id)
    times = moment(label.at), moment(label.changed_at)
    row = (number, label.reader_id, label.slug, label.name, label.about, label.seen_by, label.organisation_id, *times)
    bulk.insert(connection, labels, [row])
    return replace(label, id=number)


def update(connection: Connection, number: int, told: Mapping[str, str | int | None], *, at: datetime) -> None:
    """Let a label say something else; ``told`` gives columns their values."""
    connection.execute(labels.update().where(labels.c.id == number).values({**told, "changed_at": moment(at)}))


def remove(connection: Connection, number: int) -> None:
    """Forget a label and what was on it; the papers stay."""
    connection.execute(label_papers.delete().where(label_papers.c.label_id == number))
    connection.execute(labels.delete().where(labels.c.id == number))


def kept(connection: Connection, number: int, *, limit: int, offset: int = 0) -> tuple[KeptPaper, ...]:
    """Give the papers on a label, newest first; one statement gives them whole."""
    asked = _PAPERS.where(label_papers.c.label_id == number).limit(limit).offset(offset)
    return tuple(
        KeptPaper(read_paper(row), datetime.fromisoformat(row.kept_at), row.note) for row in connection.execute(asked)
    )


def holding(connection: Connection, reader_id: int, paper_id: int) -> frozenset[str]:
    """Give the slugs of those labels of a reader that hold a paper."""
    asked = (
        select(labels.c.slug)
        .join(label_papers, label_papers.c.label_id == labels.c.id)
        .where(labels.c.reader_id == reader_id, label_papers.c.paper_id == paper_id)
    )
    return frozenset(connection.execute(asked).scalars())


def put(connection: Connection, number: int, paper_id: int, note: str, *, at: datetime) -> None:
    """Put a paper on a label, or give it another note there."""
    bulk.insert(connection, label_papers, [(number, paper_id, note, moment(at))], conflict=_PUT)


def put_new(connection: Connection, number: int, notes: Mapping[int, str], *, at: datetime) -> int:
    """Put papers, given with their notes, on a label; those that are there stay as they are. Gives how many came."""
    before = _count(connection, number)
    rows = [(number, paper_id, note, moment(at)) for paper_id, note in notes.items()]
    bulk.insert(connection, label_papers, rows, conflict=_PUT_NEW)
    return _count(connection, number) - before


def take_off(connection: Connection, number: int, paper_id: int) -> None:
    """Take a paper off a label, with all that is part of it now and would come back when they are parted."""
    part = select(label_papers.c.paper_id).join(papers, papers.c.id == label_papers.c.paper_id)
    below = part.where(label_papers.c.label_id == number, papers.c.merged_into == paper_id)
    about = or_(label_papers.c.paper_id == paper_id, label_papers.c.paper_id.in_(below))
    here = and_(label_papers.c.label_id == number, about)
    connection.execute(label_papers.delete().where(here))


def groups(connection: Connection, reader_id: int) -> dict[int, str]:
    """Give the organisations that a reader is a member of: their names by number."""
    asked = (
        select(organisations.c.id, organisations.c.name)
        .join(members, members.c.organisation_id == organisations.c.id)
        .where(members.c.reader_id == reader_id, members.c.role.in_(INSIDE))
        .order_by(organisations.c.name)
    )
    return {row.id: row.name for row in connection.execute(asked)}


def public_counts(connection: Connection, reader_id: int) -> dict[str, int]:
    """Count what of a reader's is for all to see: comments, and papers that they brought in; one statement."""
    said = select(func.count()).where(comments.c.reader_id == reader_id, comments.c.state == "shown")
    brought = select(func.count()).where(submissions.c.reader_id == reader_id, submissions.c.state == "shown")
    row = connection.execute(select(said.scalar_subquery(), brought.scalar_subquery())).one()
    return {"comments": row[0], "submissions": row[1]}


def _seen_by(viewer_id: int | None) -> ColumnElement[bool]:
    public = labels.c.seen_by == "all"
    if viewer_id is None:
        return public
    inside = select(members.c.organisation_id).where(members.c.reader_id == viewer_id, members.c.role.in_(INSIDE))
    shared = and_(labels.c.seen_by == "group", labels.c.organisation_id.in_(inside))
    return or_(labels.c.reader_id == viewer_id, public, shared)


def _count(connection: Connection, number: int) -> int:
    asked = select(func.count()).select_from(label_papers).where(label_papers.c.label_id == number)
    return int(connection.execute(asked).scalar_one())


def _label(row: Row[Any]) -> Label:
    return Label(
        id=row.id,
        reader_id=row.reader_id,
        slug=row.slug,
        name=row.name,
        at=datetime.fromisoformat(row.at),
        changed_at=datetime.fromisoformat(row.changed_at),
        about=row.about,
        seen_by=row.seen_by,
        organisation_id=row.organisation_id,
        papers=row.papers,
    )
