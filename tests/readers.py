"""Readers for tests: accounts without the ceremony of signing up."""

from broadsheet.flow.house import House
from broadsheet.model.reader import Reader, Role
from broadsheet.store import readers


def make_reader(house: House, handle: str, *, role: Role = "reader") -> Reader:
    """Keep a reader named after the handle."""
    with house.store.writing() as connection:
        return readers.insert(connection, handle, handle.title(), role=role, at=house.clock())
