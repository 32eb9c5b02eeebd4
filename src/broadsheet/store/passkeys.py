"""Passkeys: public keys of readers' own devices."""

from sqlalchemy import Connection, func, select

from broadsheet.store.schema_accounts import passkeys


def count(connection: Connection, reader_id: int) -> int:
    """Tell how many passkeys a reader has."""
    counted = select(func.count()).select_from(passkeys).where(passkeys.c.reader_id == reader_id)
    return connection.execute(counted).scalar_one()
