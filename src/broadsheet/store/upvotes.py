"""Upvotes: one for each reader and paper, and why one waits."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema import papers
from broadsheet.store.schema_accounts import readers
from broadsheet.store.schema_people import claims
from broadsheet.store.schema_voting import upvotes

_CAST = (
    "INSERT INTO upvotes (paper_id, reader_id, at, network, waits) SELECT id, ?, ?, ?, ? FROM papers "
    "WHERE id = ? AND merged_into IS NULL ON CONFLICT DO NOTHING"
)
_TAKE_BACK = "DELETE FROM upvotes WHERE paper_id = ? AND reader_id = ? RETURNING waits"
# What a reader gave to papers that are part of this one now would come back when they are parted.
_TAKE_BACK_BELOW = (
    "DELETE FROM upvotes WHERE reader_id = ? AND paper_id IN (SELECT own.paper_id FROM upvotes own "
    "JOIN papers ON papers.id = own.paper_id WHERE own.reader_id = ? AND papers.merged_into = ?)"
)
_HOLD = "UPDATE upvotes SET waits = ? WHERE paper_id = ? AND reader_id = ?"
_FORGET = "UPDATE upvotes SET network = '' WHERE at < ? AND network <> ''"
_OF_READER = select(upvotes.c.paper_id, upvotes.c.waits).where(upvotes.c.reader_id == bindparam("reader"))
COUNTS = select(
    upvotes.c.paper_id,
    func.count().filter(upvotes.c.waits == "").label("counting"),
    func.count().filter(upvotes.c.waits != "").label("waiting"),
).group_by(upvotes.c.paper_id)
_GIVEN = (
    select(upvotes.c.reader_id, upvotes.c.paper_id, upvotes.c.at, upvotes.c.network, upvotes.c.waits)
    .join(papers, papers.c.id == upvotes.c.paper_id)
    .where(papers.c.merged_into.is_(None))
    .order_by(upvotes.c.at, upvotes.c.reader_id, upvotes.c.paper_id)
)
_VOTERS = select(readers.c.id, readers.c.at, readers.c.role, readers.c.invited_by)
_AUTHORS = select(claims.c.reader_id).where(claims.c.state == "granted").distinct()


class Given(NamedTuple):
    """An upvote as it was given; ``waits`` is empty for one that counts."""

    reader_id: int
    paper_id: int
    at: str
    network: str
    waits: str


class Voter(NamedTuple):
    """Who gave one: since when here, in what role, whether invited, whether an author by a granted claim."""

    id: int
    at: datetime
    role: str
    invited: bool
    is_author: bool


def cast(connection: Connection, upvote: Given) -> bool:
    """Keep an upvote; False when the reader gave it before, or the paper is unknown or part of another now."""
    return bulk.once(connection, _CAST, (*upvote[:1], *upvote[2:], upvote.paper_id)) == 1


def take_back(connection: Connection, paper_id: int, reader_id: int) -> str | None:
    """Drop an upvote, and give why it waited ("" for one that counted); None where there was none."""
    row = bulk.first(connection, _TAKE_BACK, (paper_id, reader_id))
    if row is None:
        return None
    bulk.once(connection, _TAKE_BACK_BELOW, (reader_id, reader_id, paper_id))
    return str(row[0])


def of_reader(connection: Connection, reader_id: int, paper_ids: Collection[int]) -> dict[int, str]:
    """Give those of the papers that a reader upvoted, each with why that waits; one statement."""
    return {
        row[0]: row[1] for row in bulk.by_keys(connection, _OF_READER, upvotes.c.paper_id, paper_ids, reader=reader_id)
    }


def counts(connection: Connection, paper_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Count, for papers that have any, the upvotes that count and those that wait."""
    return {row[0]: (row[1], row[2]) for row in bulk.by_keys(connection, COUNTS, upvotes.c.paper_id, paper_ids)}


def given(connection: Connection, since: datetime) -> list[Given]:
    """Give all upvotes of papers that stand, from a moment on, oldest first."""
    return [Given(*row) for row in connection.execute(_GIVEN.where(upvotes.c.at >= moment(since)))]


def voters(connection: Connection, reader_ids: Collection[int]) -> list[Voter]:
    """Tell what is known of readers who vote; two statements for each 2,000."""
    authors = {row[0] for row in bulk.by_keys(connection, _AUTHORS, claims.c.reader_id, reader_ids)}
    return [
        Voter(row.id, datetime.fromisoformat(row.at), row.role, row.invited_by is not None, row.id in authors)
        for row in bulk.by_keys(connection, _VOTERS, readers.c.id, reader_ids)
    ]


def hold(connection: Connection, waits: Iterable[tuple[int, int, str]]) -> None:
    """Note why upvotes wait, given as ``(paper id, reader id, why)``; "" lets one count."""
    bulk.run(connection, _HOLD, [(why, paper_id, reader_id) for paper_id, reader_id, why in waits])


def forget_networks(connection: Connection, before: datetime) -> int:
    """Forget where upvotes given before a moment came from, and tell how many that were."""
    return bulk.once(connection, _FORGET, (moment(before),))
