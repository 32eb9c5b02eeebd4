"""What became of what a reader brought and said before, which speaks for them or against them."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Table, func, select

from broadsheet.store.payload import moment
from broadsheet.store.schema_moderating import moderation_log, submissions
from broadsheet.store.schema_talking import comments

# Compared one by one, while nobody else can write.
MOST_COMPARED = 5_000


class Conduct(NamedTuple):
    """How much of it stands, how much was hidden or refused by moderators, and how much came since a moment."""

    good: int
    bad: int
    lately: int


def of_reader(connection: Connection, reader_id: int, since: datetime) -> Conduct:
    """Count what a reader brought in and said; one statement."""
    brought, said = submissions.c.reader_id == reader_id, comments.c.reader_id == reader_id
    refused = (
        select(func.count())
        .select_from(submissions)
        .join(moderation_log, moderation_log.c.target == submissions.c.id)
        .where(brought, moderation_log.c.kind == "submission", moderation_log.c.act == "refuse")
        .scalar_subquery()
    )
    row = connection.execute(
        select(
            _count(submissions, brought, submissions.c.state == "shown")
            + _count(comments, said, comments.c.state == "shown"),
            refused + _count(comments, said, comments.c.state == "hidden"),
            _count(submissions, brought, submissions.c.at >= moment(since))
            + _count(comments, said, comments.c.at >= moment(since)),
        )
    ).one()
    return Conduct(int(row[0]), int(row[1]), int(row[2]))


def same_words(connection: Connection, words: str, since: datetime) -> int:
    """Count the notes and comments since a moment that say just this, among the last MOST_COMPARED; one statement."""
    if not words:
        return 0
    after = moment(since)
    noted = _count(submissions, _is_late(submissions), submissions.c.note == words, submissions.c.at >= after)
    said = _count(comments, _is_late(comments), comments.c.body == words, comments.c.at >= after)
    return int(connection.execute(select(noted + said)).scalar_one())


def _is_late(table: Table) -> ColumnElement[bool]:
    return table.c.id > select(func.coalesce(func.max(table.c.id), 0) - MOST_COMPARED).scalar_subquery()


def _count(table: Table, *where: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(table).where(*where).scalar_subquery()
