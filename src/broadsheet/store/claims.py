"""Claims: which readers say to be which authors, and what became of that."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from broadsheet.model.author import Claim, ClaimState
from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema_accounts import identities, readers
from broadsheet.store.schema_people import authors, claims

_CLAIMS = select(claims)
_SHOWN = (
    select(claims, readers.c.handle, readers.c.name.label("reader_name"), authors.c.slug, authors.c.name)
    .join(readers, readers.c.id == claims.c.reader_id)
    .join(authors, authors.c.id == claims.c.author_id)
)
_WAITING = ("open", "appealed")


class ShownClaim(NamedTuple):
    """A claim with who makes it and whose page it is for."""

    claim: Claim
    handle: str
    reader_name: str
    slug: str
    author: str


def insert(connection: Connection, claim: Claim) -> int:
    """Keep a new claim; gives its number."""
    number = bulk.next_number(connection, claims.c.id)
    times = moment(claim.at), moment(claim.settled_at), moment(claim.appealed_at)
    row = (number, claim.reader_id, claim.author_id, claim.paper_id, claim.method, claim.state, claim.words, claim.why)
    bulk.insert(connection, claims, [(*row, *times, claim.evidence)])
    return number


def by_id(connection: Connection, number: int) -> ShownClaim | None:
    """Give one claim."""
    row = connection.execute(_SHOWN.where(claims.c.id == number)).first()
    return None if row is None else _shown(row)


def change(connection: Connection, number: int, state: ClaimState, **told: str) -> None:
    """Let a claim stand otherwise; ``told`` gives columns their values."""
    connection.execute(claims.update().where(claims.c.id == number).values(state=state, **told))


def granted(connection: Connection, author_id: int) -> tuple[ShownClaim, ...]:
    """Give the claims to an author's page that were granted, the first of each reader, oldest first."""
    asked = _SHOWN.where(claims.c.author_id == author_id, claims.c.state == "granted").order_by(claims.c.id)
    found = [_shown(row) for row in connection.execute(asked)]
    return tuple({shown.claim.reader_id: shown for shown in reversed(found)}.values())[::-1]


def has_granted(connection: Connection, reader_id: int, author_id: int) -> bool:
    """Tell whether a reader was granted to be an author."""
    here = claims.c.reader_id == reader_id, claims.c.author_id == author_id, claims.c.state == "granted"
    return connection.execute(select(claims.c.id).where(*here).limit(1)).first() is not None


def to_author(connection: Connection, reader_id: int, author_id: int) -> tuple[Claim, ...]:
    """Give a reader's claims to an author's page, newest first."""
    asked = _CLAIMS.where(claims.c.reader_id == reader_id, claims.c.author_id == author_id)
    return tuple(_claim(row) for row in connection.execute(asked.order_by(claims.c.id.desc())))


def of_reader(connection: Connection, reader_id: int, limit: int) -> tuple[ShownClaim, ...]:
    """Give a reader's newest claims."""
    asked = _SHOWN.where(claims.c.reader_id == reader_id).order_by(claims.c.id.desc()).limit(limit)
    return tuple(_shown(row) for row in connection.execute(asked))


def waiting(connection: Connection, limit: int) -> tuple[ShownClaim, ...]:
    """Give the claims that a moderator must decide, oldest first."""
    asked = _SHOWN.where(claims.c.state.in_(_WAITING)).order_by(claims.c.id).limit(limit)
    return tuple(_shown(row) for row in connection.execute(asked))


def authors_of(connection: Connection, reader_ids: Collection[int]) -> set[int]:
    """Give the numbers of the authors that readers were granted to be."""
    asked = select(claims.c.author_id).where(claims.c.state == "granted")
    return {row[0] for row in bulk.by_keys(connection, asked, claims.c.reader_id, reader_ids)}


def subjects(connection: Connection, reader_id: int, issuer: str) -> frozenset[str]:
    """Give under which names another site knows a reader who has signed in there."""
    asked = select(identities.c.subject).where(identities.c.reader_id == reader_id, identities.c.issuer == issuer)
    return frozenset(connection.execute(asked).scalars())


def _claim(row: Row[Any]) -> Claim:
    return Claim(
        id=row.id,
        reader_id=row.reader_id,
        author_id=row.author_id,
        paper_id=row.paper_id,
        method=row.method,
        state=row.state,
        words=row.words,
        why=row.why,
        at=datetime.fromisoformat(row.at),
        settled_at=datetime.fromisoformat(row.settled_at) if row.settled_at else None,
        appealed_at=datetime.fromisoformat(row.appealed_at) if row.appealed_at else None,
        evidence=row.evidence,
    )


def _shown(row: Row[Any]) -> ShownClaim:
    return ShownClaim(_claim(row), row.handle, row.reader_name, row.slug, row.name)
