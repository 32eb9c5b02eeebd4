"""Readers for tests: accounts without the ceremony of signing up."""

from broadsheet.flow.house import House
from broadsheet.model.reader import Reader, Role
from broadsheet.store import passkeys, readers
from broadsheet.store.payload import moment
from broadsheet.store.schema_accounts import passkeys as table


def make_reader(house: House, handle: str, *, role: Role = "reader") -> Reader:
    """Keep a reader named after the handle."""
    with house.store.writing() as connection:
        return readers.insert(connection, handle, handle.title(), role=role, at=house.clock())


def add_passkey(house: House, reader: Reader) -> None:
    """Keep a passkey that nobody holds, so that the reader has one."""
    row = {
        "user_handle": b"\0",
        "public_key": b"\0",
        "sign_count": 0,
        "transports": "",
        "name": "Key",
        "at": moment(house.clock()),
    }
    with house.store.writing() as connection:
        number = passkeys.count(connection, reader.id)
        told = {"id": f"key-{reader.id}-{number}", "reader_id": reader.id, "used_at": "", **row}
        connection.execute(table.insert().values(told))
