"""Mail addresses that readers have shown to be theirs."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from broadsheet.store import bulk, subscribers
from broadsheet.store.payload import moment
from broadsheet.store.schema_accounts import addresses


@dataclass(frozen=True, slots=True)
class Address:
    """One address; ``key`` is what it is compared by, ``text`` what mail goes to."""

    key: str
    reader_id: int
    text: str
    verified_at: datetime


def insert(connection: Connection, address: Address) -> None:
    """Keep an address that nobody has; digests that went there without an account are its reader's from now on."""
    row = (address.key, address.reader_id, address.text, moment(address.verified_at))
    bulk.insert(connection, addresses, [row])
    subscribers.adopt_mailbox(connection, address.key, address.reader_id)


def owner_of(connection: Connection, key: str) -> int | None:
    """Give the number of the reader whose address this is."""
    number: int | None = connection.execute(select(addresses.c.reader_id).where(addresses.c.key == key)).scalar()
    return number


def of_reader(connection: Connection, reader_id: int) -> list[Address]:
    """Give a reader's addresses, first come first."""
    found = select(addresses).where(addresses.c.reader_id == reader_id)
    rows = connection.execute(found.order_by(addresses.c.verified_at, addresses.c.key))
    return [Address(row.key, row.reader_id, row.address, datetime.fromisoformat(row.verified_at)) for row in rows]


def remove(connection: Connection, reader_id: int, key: str) -> bool:
    """Forget an address of a reader; tells whether there was one."""
    mine = (addresses.c.reader_id == reader_id, addresses.c.key == key)
    return bool(connection.execute(addresses.delete().where(*mine)).rowcount)
