"""Local use: the one who sits at the machine is the owner, an administrator who never signs in."""

from broadsheet.flow.house import House
from broadsheet.model.reader import Reader
from broadsheet.store import facts, readers

HANDLE = "owner"
_FACT = "owner"


def owner(house: House) -> Reader:
    """Give the owner, made at the first call: for whoever opens the door, once, and never for a page."""
    with house.store.writing() as connection:
        number = facts.by_name(connection, _FACT)
        known = readers.by_id(connection, int(number)) if number else readers.by_handle(connection, HANDLE)
        made = known or readers.insert(connection, HANDLE, "Owner", role="admin", at=house.clock())
        facts.put(connection, _FACT, str(made.id))
        return made


def as_they_are(house: House, reader_id: int) -> Reader | None:
    """Give a reader as they are now."""
    with house.store.reading() as connection:
        return readers.by_id(connection, reader_id)
