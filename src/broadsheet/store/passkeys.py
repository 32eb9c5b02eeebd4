"""Passkeys: public keys of readers' own devices."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema_accounts import passkeys


@dataclass(frozen=True, slots=True)
class Kept:
    """One passkey; ``id`` is its own in base64url, ``user_handle`` what its device knows the reader by."""

    id: str
    reader_id: int
    user_handle: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    sign_count: int
    transports: tuple[str, ...]
    name: str
    at: datetime
    used_at: datetime | None = None


def insert(connection: Connection, passkey: Kept) -> None:
    """Keep a passkey that nobody has."""
    made = (passkey.user_handle, passkey.public_key, passkey.sign_count, " ".join(passkey.transports), passkey.name)
    row = (passkey.id, passkey.reader_id, *made, moment(passkey.at), moment(passkey.used_at))
    bulk.insert(connection, passkeys, [row])


def by_id(connection: Connection, id_: str) -> Kept | None:
    """Give the passkey with an id."""
    row = connection.execute(select(passkeys).where(passkeys.c.id == id_)).first()
    return None if row is None else _kept(row)


def of_reader(connection: Connection, reader_id: int) -> list[Kept]:
    """Give a reader's passkeys, first come first."""
    found = select(passkeys).where(passkeys.c.reader_id == reader_id).order_by(passkeys.c.at, passkeys.c.id)
    return [_kept(row) for row in connection.execute(found)]


def count(connection: Connection, reader_id: int) -> int:
    """Tell how many passkeys a reader has."""
    counted = select(func.count()).select_from(passkeys).where(passkeys.c.reader_id == reader_id)
    return connection.execute(counted).scalar_one()


def used(connection: Connection, id_: str, sign_count: int, at: datetime) -> None:
    """Note when a passkey signed, and how often its device says that it has."""
    told = {"sign_count": sign_count, "used_at": moment(at)}
    connection.execute(passkeys.update().where(passkeys.c.id == id_).values(told))


def rename(connection: Connection, reader_id: int, id_: str, name: str) -> bool:
    """Call a reader's passkey something else; tells whether there was one."""
    mine = (passkeys.c.reader_id == reader_id, passkeys.c.id == id_)
    return bool(connection.execute(passkeys.update().where(*mine).values(name=name)).rowcount)


def remove(connection: Connection, reader_id: int, id_: str = "") -> int:
    """Forget one passkey of a reader, or all; gives how many."""
    mine = passkeys.delete().where(passkeys.c.reader_id == reader_id)
    return connection.execute(mine.where(passkeys.c.id == id_) if id_ else mine).rowcount


def _kept(row: Row[Any]) -> Kept:
    return Kept(
        id=row.id,
        reader_id=row.reader_id,
        user_handle=bytes(row.user_handle),
        public_key=bytes(row.public_key),
        sign_count=row.sign_count,
        transports=tuple(row.transports.split()),
        name=row.name,
        at=datetime.fromisoformat(row.at),
        used_at=datetime.fromisoformat(row.used_at) if row.used_at else None,
    )
