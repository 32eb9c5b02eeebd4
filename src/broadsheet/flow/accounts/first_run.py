"""The first administrator: a link that is printed where the house was started, and nowhere else."""

import logging

from broadsheet.credentials.mail_address import read_mail_address
from broadsheet.errors import Conflict
from broadsheet.flow import events
from broadsheet.flow.accounts import letters
from broadsheet.flow.accounts.admission import read_handle, read_name
from broadsheet.flow.accounts.owner import HANDLE
from broadsheet.flow.house import House
from broadsheet.model.reader import Reader, Role
from broadsheet.store import addresses, readers
from broadsheet.store import letters as store


def needs_administrator(house: House) -> bool:
    """Tell whether there is no administrator who could sign in."""
    with house.store.reading() as connection:
        return readers.administrator(connection) is None


def admin_link(house: House, reader: Reader | None = None) -> str:
    """Make the address that signs an administrator in, once within 24 hours; links made before are worthless now.

    Without a reader it is for the owner from local use, if there was one, else it lets somebody join as administrator.
    Raises Conflict for a reader who is none.
    """
    with house.store.writing() as connection:
        chosen = reader or readers.by_handle(connection, HANDLE)
        if chosen is not None and not chosen.may("admin"):
            raise Conflict(f"“{chosen.handle}” is no administrator: broadsheet user role {chosen.handle} admin")
        store.drop(connection, letters.FIRST_RUN)
        message = letters.Message(None if chosen is None else chosen.id, "", {"next": "/account"})
        secret = letters.write(connection, house, letters.FIRST_RUN, message)
    events.tell(logging.WARNING, "administrator's link made", reader=chosen.handle if chosen else "")
    return letters.url_of(house, secret)


def add(house: House, handle: str, name: str, mail: str, role: Role) -> Reader:
    """Make an account for somebody whose address the operator knows; raises Invalid, and Conflict for what is taken."""
    chosen, shown = read_handle(handle), read_name(name or handle)
    address = read_mail_address(mail)
    with house.store.writing() as connection:
        if readers.by_handle(connection, chosen) or addresses.owner_of(connection, address.key) is not None:
            raise Conflict("This handle or address has an account already.")
        reader = readers.insert(connection, chosen, shown, role=role, at=house.clock())
        addresses.insert(connection, addresses.Address(address.key, reader.id, address.text, house.clock()))
    events.tell(logging.INFO, "reader added", reader=chosen, role=role)
    return reader
