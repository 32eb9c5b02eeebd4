"""Readers: accounts by number and handle."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, or_, select

from broadsheet.model.reader import Reader, Role
from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema_accounts import addresses, identities, passkeys, readers

_READERS = select(readers)


def insert(connection: Connection, handle: str, name: str, *, role: Role = "reader", at: datetime) -> Reader:
    """Keep a new reader under a handle that is free."""
    number = bulk.next_number(connection, readers.c.id)
    bulk.insert(connection, readers, [(number, handle, name, role, "active", "", "{}", moment(at), None, "", "")])
    return Reader(number, handle, name, at, role)


def by_id(connection: Connection, number: int) -> Reader | None:
    """Give the reader with a number, one who is gone too."""
    row = connection.execute(_READERS.where(readers.c.id == number)).first()
    return None if row is None else read(row)


def by_handle(connection: Connection, handle: str) -> Reader | None:
    """Give the reader with a handle."""
    row = connection.execute(_READERS.where(readers.c.handle == handle)).first()
    return None if row is None else read(row)


def by_ids(connection: Connection, numbers: Collection[int]) -> dict[int, Reader]:
    """Give readers by their numbers, those that exist."""
    return {row.id: read(row) for row in bulk.by_keys(connection, _READERS, readers.c.id, numbers)}


def read(row: Row[Any]) -> Reader:
    """Make a reader of a row that has all columns of the table."""
    return Reader(
        id=row.id,
        handle=row.handle,
        name=row.name,
        at=datetime.fromisoformat(row.at),
        role=row.role,
        state=row.state,
        about=row.about,
        suspended_until=datetime.fromisoformat(row.suspended_until) if row.suspended_until else None,
        suspended_why=row.suspended_why,
    )


def everybody(connection: Connection) -> list[Reader]:
    """Give all readers who are not gone, by number."""
    found = _READERS.where(readers.c.state != "gone").order_by(readers.c.id)
    return [read(row) for row in connection.execute(found)]


def change(connection: Connection, number: int, **told: str | int | None) -> None:
    """Write columns of a reader, such as ``name`` or ``role``."""
    connection.execute(readers.update().where(readers.c.id == number).values(told))


def administrator(connection: Connection) -> Reader | None:
    """Give an administrator who can sign in: one with an address, a passkey or an account elsewhere."""
    ways = or_(*(exists().where(table.c.reader_id == readers.c.id) for table in (addresses, passkeys, identities)))
    wanted = _READERS.where(readers.c.role == "admin", readers.c.state == "active", ways)
    row = connection.execute(wanted.order_by(readers.c.id).limit(1)).first()
    return None if row is None else read(row)
