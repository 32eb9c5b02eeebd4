"""Signing in by a mailed link.

Whether an address is known shows in no answer: all that depends on it is done when the answer is out (TRUST E9). Nobody
can lock another out: a link that a stranger asked for lies in the mailbox of whom it is for, and is as good as any.
"""

import logging
from dataclasses import dataclass

from broadsheet.credentials.mail_address import MailAddress, read_mail_address
from broadsheet.errors import Conflict, NotFound, Refused, TooMany
from broadsheet.flow import events, limits
from broadsheet.flow.accounts import letters, mails, sessions
from broadsheet.flow.accounts.admission import admits
from broadsheet.flow.house import House
from broadsheet.flow.limits import HOUR_S, MINUTE_S, Rate
from broadsheet.store import addresses, readers
from broadsheet.store.connect import Connection

# How often one network may ask, and bring letters back: Lobsters' rack_attack.rb allows 4 sign-ins a minute.
_ASKING = (Rate(4, MINUTE_S), Rate(40, HOUR_S))
_OPENING = (Rate(30, 5 * MINUTE_S),)
# How often one mailbox gets a link: no fuller than that, and always one that has not run out yet.
_MAILED = (Rate(3, 30 * MINUTE_S),)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a letter led to: the new session's secret, and where to go on."""

    secret: str
    going_to: str


def count_asking(house: House, network: str) -> None:
    """Count a request for a link; raises TooMany when a network asks too often."""
    limits.take(house, "sign-in asked", network, _ASKING)


def count_opening(house: House, network: str) -> None:
    """Count a letter that comes back; raises TooMany when a network brings too many."""
    limits.take(house, "letter opened", network, _OPENING)


def ask(house: House, address: MailAddress, going_to: str) -> None:
    """Mail a link to who has this address, or may join with it; nothing to anybody else. Never fails, may be slow."""
    try:
        with house.store.writing() as connection:
            limits.take_within(connection, house, "sign-in mailed", address.key, _MAILED)
            kind, secret = _letter(connection, house, address, going_to)
    except TooMany:
        return
    if secret:
        mails.send(house, kind, address.text, secret)


def _letter(connection: Connection, house: House, address: MailAddress, going_to: str) -> tuple[str, str]:
    number = addresses.owner_of(connection, address.key)
    if number is not None:
        message = letters.Message(number, address.text, {"next": going_to})
        return letters.SIGN_IN, letters.write(connection, house, letters.SIGN_IN, message)
    if admits(house, address):
        return letters.JOIN, letters.write(connection, house, letters.JOIN, letters.Message(None, address.text))
    events.tell(logging.INFO, "sign-in asked in vain")
    return "", ""


def open_letter(house: House, secret: str, browser: sessions.Browser) -> Opened:
    """Sign in who brings back a letter that is a reader's; raises NotFound when it is worth nothing (any more)."""
    with house.store.writing() as connection:
        letter = letters.found(connection, house, secret)
        reader = readers.by_id(connection, letter.reader_id) if letter.reader_id else None
        if letter.kind not in {letters.SIGN_IN, letters.FIRST_RUN} or reader is None or reader.state == "gone":
            raise NotFound("This link signs nobody in. Ask for one where you sign in.")
        if letter.kind == letters.SIGN_IN and not _is_theirs(connection, reader.id, letter.address):
            raise NotFound("This link was mailed to an address that is no reader's any more.")
        letters.use(connection, house, letter)
        begun = sessions.begin_within(connection, house, reader, "link", browser)
    return Opened(begun, letter.payload.get("next", "/"))


def add_address(house: House, reader_id: int, secret: str) -> None:
    """Keep the address that a letter was mailed to as one of the reader who asked for it, and who brings it back.

    Raises NotFound for a letter that is worth nothing, Refused for another reader's, Conflict for an address in use.
    """
    with house.store.writing() as connection:
        letter = letters.found(connection, house, secret)
        if letter.kind != letters.ADDRESS or letter.reader_id != reader_id:
            raise Refused("Another reader asked for this. Sign in as that reader to say that the address is yours.")
        key = letter.payload["key"]
        if addresses.owner_of(connection, key) is not None:
            raise Conflict("This address belongs to an account already.")
        letters.use(connection, house, letter)
        addresses.insert(connection, addresses.Address(key, reader_id, letter.address, house.clock()))
    events.tell(logging.INFO, "address added", reader=reader_id)


def _is_theirs(connection: Connection, reader_id: int, address: str) -> bool:
    return addresses.owner_of(connection, read_mail_address(address).key) == reader_id
