"""Joining: a letter, a handle and a name make a reader."""

import logging
from dataclasses import dataclass
from typing import cast

from broadsheet.credentials.mail_address import read_mail_address
from broadsheet.errors import Conflict, NotFound, TooMany
from broadsheet.flow import events, limits
from broadsheet.flow.accounts import invitations, letters, mails, sessions
from broadsheet.flow.accounts.admission import read_handle, read_name
from broadsheet.flow.house import House
from broadsheet.flow.limits import MINUTE_S, Rate
from broadsheet.model.reader import Reader, Role
from broadsheet.store import addresses, readers
from broadsheet.store.connect import Connection
from broadsheet.store.letters import Letter

_ACCEPTED = (Rate(5, 60 * MINUTE_S),)
# Counted apart from who asks to sign in, or strangers could ask so often that nobody new gets this letter.
_MAILED = (Rate(3, 30 * MINUTE_S),)
_JOINS = frozenset({letters.JOIN, letters.INVITATION, letters.FIRST_RUN})


@dataclass(frozen=True, slots=True)
class Joined:
    """A new reader, and the secret of the session that began with it."""

    reader: Reader
    secret: str


def accept(house: House, secret: str, typed: str) -> None:
    """Mail a letter for joining to who accepts an invitation that was not mailed; raises NotFound, Invalid.

    Who does so too often is mailed nothing, and not told: this is done when the answer is out.
    """
    invitation = letters.look_at(house, secret)
    address = read_mail_address(typed)
    if invitation.kind != letters.INVITATION:
        raise NotFound("This link is no invitation.")
    try:
        with house.store.writing() as connection:
            limits.take_within(connection, house, "invitation accepted", invitation.hash, _ACCEPTED)
            limits.take_within(connection, house, "invited mailed", address.key, _MAILED)
            taken = addresses.owner_of(connection, address.key)
            kind = letters.JOIN if taken is None else letters.SIGN_IN
            message = letters.Message(taken, address.text, {"invitation": invitation.hash} if taken is None else {})
            begun = letters.write(connection, house, kind, message)
    except TooMany:
        return
    mails.send(house, kind, address.text, begun)


def join(house: House, secret: str, handle: str, name: str, browser: sessions.Browser) -> Joined:
    """Make a reader of who brings a letter for joining, and sign them in.

    Raises NotFound for a letter that is worth nothing, Invalid for a handle or name that cannot be, and Conflict for a
    handle or address that somebody has; then the letter stays good.
    """
    chosen, shown = read_handle(handle), read_name(name)
    with house.store.writing() as connection:
        letter = letters.found(connection, house, secret)
        if letter.kind not in _JOINS or (letter.kind == letters.INVITATION and not letter.address):
            raise NotFound("This link lets nobody join.")
        if letter.kind != letters.INVITATION:
            letters.use(connection, house, letter)
        reader = make_within(connection, house, letter, (chosen, shown))
        begun = sessions.begin_within(connection, house, reader, "link", browser)
    events.tell(logging.INFO, "joined", reader=reader.handle, role=reader.role, by=letter.kind)
    return Joined(reader, begun)


def make_within(connection: Connection, house: House, letter: Letter, called: tuple[str, str]) -> Reader:
    """Make a reader with a handle and a name, as the letter that let them join says.

    Raises Conflict for a handle or address that somebody has, and for an invitation that is worth nothing any more.
    """
    if readers.by_handle(connection, called[0]) is not None:
        raise Conflict(f"The handle “{called[0]}” is taken. Choose another.")
    invitation = _invitation(connection, house, letter)
    told = (invitation or letter).payload
    role = cast("Role", "admin" if letter.kind == letters.FIRST_RUN else told.get("role", "reader"))
    reader = readers.insert(connection, *called, role=role, at=house.clock())
    if invitation is not None:
        readers.change(connection, reader.id, invited_by=invitation.reader_id)
    if letter.address:
        address = read_mail_address(letter.address)
        if addresses.owner_of(connection, address.key) is not None:
            raise Conflict("This address has an account already: sign in with it.")
        addresses.insert(connection, addresses.Address(address.key, reader.id, address.text, house.clock()))
    return reader


def _invitation(connection: Connection, house: House, letter: Letter) -> Letter | None:
    """Give the invitation that a letter is or came of, used up now."""
    hash_ = letter.hash if letter.kind == letters.INVITATION else letter.payload.get("invitation", "")
    if not hash_:
        return None
    invitation = invitations.good(connection, house, hash_)
    if invitation is None:
        raise Conflict("The invitation was used, or taken back, meanwhile. Ask for another.")
    letters.use(connection, house, invitation)
    return invitation
