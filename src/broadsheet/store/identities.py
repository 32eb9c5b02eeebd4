"""Who readers are at other sites: issuer and subject together name them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema_accounts import identities


@dataclass(frozen=True, slots=True)
class Linked:
    """A reader's account at another site; ``name`` is how that site calls them."""

    issuer: str
    subject: str
    reader_id: int
    name: str
    at: datetime


def insert(connection: Connection, linked: Linked) -> None:
    """Keep an account elsewhere that nobody has here."""
    row = (linked.issuer, linked.subject, linked.reader_id, linked.name, moment(linked.at))
    bulk.insert(connection, identities, [row])


def owner_of(connection: Connection, issuer: str, subject: str) -> int | None:
    """Give the number of the reader who is this one elsewhere."""
    wanted = (identities.c.issuer == issuer, identities.c.subject == subject)
    number: int | None = connection.execute(select(identities.c.reader_id).where(*wanted)).scalar()
    return number


def of_reader(connection: Connection, reader_id: int) -> list[Linked]:
    """Give a reader's accounts elsewhere, first come first."""
    found = select(identities).where(identities.c.reader_id == reader_id)
    rows = connection.execute(found.order_by(identities.c.at, identities.c.issuer, identities.c.subject))
    return [Linked(row.issuer, row.subject, row.reader_id, row.name, datetime.fromisoformat(row.at)) for row in rows]


def count(connection: Connection, reader_id: int, issuers: Collection[str]) -> int:
    """Tell how many accounts a reader has at some sites."""
    wanted = (identities.c.reader_id == reader_id, identities.c.issuer.in_(issuers))
    return connection.execute(select(func.count()).select_from(identities).where(*wanted)).scalar_one()


def remove(connection: Connection, reader_id: int, issuer: str, subject: str) -> bool:
    """Forget an account elsewhere of a reader; tells whether there was one."""
    mine = (identities.c.reader_id == reader_id, identities.c.issuer == issuer, identities.c.subject == subject)
    return bool(connection.execute(identities.delete().where(*mine)).rowcount)
