"""What readers say of themselves, and the addresses by which they sign in."""

import logging

from broadsheet.credentials.mail_address import read_mail_address
from broadsheet.errors import Conflict, NotFound
from broadsheet.flow import events, limits
from broadsheet.flow.accounts import letters, mails, ways
from broadsheet.flow.accounts.admission import read_about, read_name
from broadsheet.flow.house import House
from broadsheet.flow.limits import HOUR_S, Rate
from broadsheet.model.reader import Reader
from broadsheet.store import addresses, ending, readers, sessions
from broadsheet.store.addresses import Address

MOST_ADDRESSES = 10
_ADDING = (Rate(5, HOUR_S),)
_TAKEN_OFF = "The address was taken off the account."


def describe(house: House, reader: Reader, name: str, about: str) -> None:
    """Keep what a reader says of themselves; raises Invalid for an empty name or too much."""
    told = {"name": read_name(name), "about": read_about(about)}
    with house.store.writing() as connection:
        readers.change(connection, reader.id, **told)


def addresses_of(house: House, reader: Reader) -> list[Address]:
    """Give the addresses that are a reader's."""
    with house.store.reading() as connection:
        return addresses.of_reader(connection, reader.id)


def ask_to_add(house: House, reader: Reader, typed: str) -> None:
    """Mail a letter to an address that a reader says is theirs; raises Invalid, TooMany, and Conflict for one too many.

    Whether another account has the address shows only in its mailbox, which gets no letter then.
    """
    address = read_mail_address(typed)
    with house.store.writing() as connection:
        limits.take_within(connection, house, "address asked", str(reader.id), _ADDING)
        if len(addresses.of_reader(connection, reader.id)) >= MOST_ADDRESSES:
            raise Conflict(f"You have {MOST_ADDRESSES} addresses. Remove one first.")
        if addresses.owner_of(connection, address.key) is not None:
            return
        message = letters.Message(reader.id, address.text, {"key": address.key})
        secret = letters.write(connection, house, letters.ADDRESS, message)
    mails.send(house, letters.ADDRESS, address.text, secret, by=reader.name)


def remove_address(house: House, reader: Reader, key: str, *, session: str) -> None:
    """Forget an address of a reader and end all their sessions but this one, for who asked may have had that mailbox.

    Digests that went there end too.

    Raises NotFound for one that is not theirs, Conflict for the last way to sign in.
    """
    with house.store.writing() as connection:
        mine = addresses.of_reader(connection, reader.id)
        if key not in {each.key for each in mine}:
            raise NotFound("This is no address of yours.")
        ways.keep_one(connection, house, reader.id)
        addresses.remove(connection, reader.id, key)
        ending.end_mailbox(connection, reader.id, key, why=_TAKEN_OFF, at=house.clock())
        sessions.end(connection, reader.id, but=session)
    events.tell(logging.INFO, "address removed", reader=reader.handle)
