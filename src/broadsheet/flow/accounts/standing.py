"""Who may what: roles, suspensions, and what becomes of sessions then (TRUST E7)."""

import logging
from datetime import datetime

from broadsheet.errors import Conflict, NotFound
from broadsheet.flow import events
from broadsheet.flow.house import House
from broadsheet.model.reader import Reader, Role
from broadsheet.model.text import clean
from broadsheet.store import readers, sessions, tokens
from broadsheet.store.connect import Connection
from broadsheet.store.payload import moment

_LONGEST_WHY = 500


def named(house: House, handle: str) -> Reader:
    """Give the reader with a handle; raises NotFound when nobody has it, or who had it is gone."""
    with house.store.reading() as connection:
        reader = readers.by_handle(connection, handle.strip().lower().removeprefix("@"))
    if reader is None or reader.state == "gone":
        raise NotFound(f"Nobody here has the handle “{clean(handle)[:40]}”.")
    return reader


def everybody(house: House) -> list[Reader]:
    """Give all readers, by number."""
    with house.store.reading() as connection:
        return readers.everybody(connection)


def set_role(house: House, reader: Reader, role: Role) -> None:
    """Give a reader a role; they sign in anew, and their tokens are worthless, for those were made for another role.

    Raises Conflict when nobody would be left who may give roles.
    """
    with house.store.writing() as connection:
        others = [each for each in readers.everybody(connection) if each.may("admin") and each.id != reader.id]
        if role != "admin" and not others and _is_admin(connection, reader):
            raise Conflict("This is the only administrator. Make another one first.")
        readers.change(connection, reader.id, role=role)
        sessions.end(connection, reader.id)
        tokens.remove(connection, reader.id)
    events.tell(logging.WARNING, "role changed", reader=reader.handle, role=role)


def suspend(house: House, reader: Reader, *, until: datetime | None, why: str) -> None:
    """Let a reader only read, until an instant or for good; raises Conflict for an administrator."""
    told = {"state": "suspended", "suspended_until": moment(until)}
    with house.store.writing() as connection:
        if _is_admin(connection, reader):
            raise Conflict("An administrator cannot be suspended. Take the role away first.")
        readers.change(connection, reader.id, **told, suspended_why=clean(why)[:_LONGEST_WHY])
    events.tell(logging.WARNING, "suspended", reader=reader.handle)


def restore(house: House, reader: Reader) -> None:
    """End a suspension."""
    with house.store.writing() as connection:
        readers.change(connection, reader.id, state="active", suspended_until="", suspended_why="")
    events.tell(logging.WARNING, "suspension ended", reader=reader.handle)


def _is_admin(connection: Connection, reader: Reader) -> bool:
    """Tell whether a reader is an administrator now, whatever they were when somebody looked."""
    now = readers.by_id(connection, reader.id)
    return now is not None and now.role == "admin"
