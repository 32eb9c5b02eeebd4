"""Invitations: links that let somebody join, by whoever may invite here."""

import logging
from typing import cast

from broadsheet.credentials.mail_address import read_mail_address
from broadsheet.errors import NotFound, Refused
from broadsheet.flow import events, limits
from broadsheet.flow.accounts import letters, mails
from broadsheet.flow.accounts.sessions import as_of
from broadsheet.flow.house import House
from broadsheet.flow.limits import DAY_S, Rate
from broadsheet.model.reader import ROLES, Reader, Role
from broadsheet.store import letters as store
from broadsheet.store import readers
from broadsheet.store.connect import Connection
from broadsheet.store.letters import Letter

_RATES = (Rate(10, DAY_S),)


def may_invite(house: House, reader: Reader) -> bool:
    """Tell whether a reader may invite others."""
    return reader.may(cast("Role", house.settings.invitations_by))


def invite(house: House, reader: Reader | None, *, typed: str = "", role: Role = "reader") -> str:
    """Make an invitation and give its address; with a mail address it is mailed there.

    ``reader`` is None for the house itself.
    Raises Refused for who may not invite, or not to this role, Invalid for what is no address, and TooMany.
    """
    if reader is not None and not _may_invite_to(house, reader, role):
        raise Refused("You may not invite others here, or not to this role.")
    address = read_mail_address(typed).text if typed.strip() else ""
    message = letters.Message(None if reader is None else reader.id, address, {"role": role})
    with house.store.writing() as connection:
        if reader is not None and reader.role != "admin":
            limits.take_within(connection, house, "invited", str(reader.id), _RATES)
        secret = letters.write(connection, house, letters.INVITATION, message)
    events.tell(logging.INFO, "invited", reader=reader.handle if reader else "", role=role)
    if address:
        mails.send(house, letters.INVITATION, address, secret, by=reader.name if reader else "")
    return letters.url_of(house, secret)


def good(connection: Connection, house: House, hash_: str) -> Letter | None:
    """Give the invitation of a hash while it lets somebody join; None for other letters.

    One by a reader is worth no more than they may do now: who is suspended, or has lost the role, lets nobody in.
    """
    letter = store.by_hash(connection, hash_, house.clock())
    if letter is None or letter.kind != letters.INVITATION:
        return None
    if letter.reader_id is None:
        return letter
    by = readers.by_id(connection, letter.reader_id)
    role = cast("Role", letter.payload.get("role", "reader"))
    return letter if by is not None and _may_invite_to(house, as_of(by, house.clock()), role) else None


def listed(house: House, reader: Reader) -> list[Letter]:
    """Give the invitations that a reader made, latest first, for as long as they are remembered."""
    with house.store.reading() as connection:
        return store.of_reader(connection, reader.id, letters.INVITATION)


def take_back(house: House, reader: Reader, hash_: str) -> None:
    """Take an invitation back; raises NotFound when the reader has none of this hash."""
    with house.store.writing() as connection:
        gone = bool(hash_) and store.drop(connection, letters.INVITATION, reader_id=reader.id, hash_=hash_)
    if not gone:
        raise NotFound("There is no such invitation of yours.")


def _may_invite_to(house: House, reader: Reader, role: Role) -> bool:
    return may_invite(house, reader) and ROLES.index(role) <= ROLES.index(reader.role)
