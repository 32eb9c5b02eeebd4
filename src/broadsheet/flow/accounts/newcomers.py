"""Joining with another site's word: who was proved to be somebody there chooses a handle and is a reader here."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from broadsheet.credentials.mail_address import MailAddress, read_mail_address
from broadsheet.credentials.oidc import Identity
from broadsheet.errors import Conflict, Refused
from broadsheet.flow import events
from broadsheet.flow.accounts import ceremonies, invitations, joining, letters, sessions
from broadsheet.flow.accounts.admission import admits, read_handle, read_name
from broadsheet.flow.accounts.joining import Joined
from broadsheet.flow.house import House
from broadsheet.store import addresses, identities
from broadsheet.store.connect import Connection
from broadsheet.store.identities import Linked
from broadsheet.store.letters import Letter


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who is about to join, as the other site calls them."""

    name: str
    going_to: str


def linked(identity: Identity, reader_id: int, at: datetime) -> Linked:
    """Give what is kept of an account elsewhere."""
    return Linked(identity.issuer, identity.subject, reader_id, identity.name, at)


def admit(connection: Connection, house: House, identity: Identity, begun: Mapping[str, str]) -> str:
    """Let somebody new go on to join, and give the secret of that for their browser.

    Raises Conflict when a reader has the mail address that the site has verified: it says that this is no newcomer,
    but links nothing. Raises Refused for who may not join.
    """
    address = read_mail_address(identity.email) if identity.email else None
    if address and addresses.owner_of(connection, address.key) is not None:
        raise Conflict(
            "There is an account here with your mail address. Sign in to it as before, by a mailed link or a passkey; "
            "then link the other site on your account page."
        )
    invitation = invitations.good(connection, house, begun["letter"]) if begun["letter"] else None
    if not (invitation or _admitted(house, address)):
        raise Refused("Nobody here has this account, and one joins by invitation. Ask somebody here to invite you.")
    payload = {
        "issuer": identity.issuer,
        "subject": identity.subject,
        "name": identity.name,
        "letter": begun["letter"],
        "next": begun["next"],
    }
    return ceremonies.begin_within(connection, house, ceremonies.JOINING, payload)


def look_at(house: House, secret: str) -> Newcomer:
    """Tell who is about to join in a browser; raises Refused when nobody is."""
    told = ceremonies.look_at(house, ceremonies.JOINING, secret).payload
    return Newcomer(told["name"], told["next"])


def join(house: House, secret: str, handle: str, name: str, browser: sessions.Browser) -> Joined:
    """Make a reader of who is about to join, and sign them in.

    Raises Refused when nobody is, Invalid for a handle or name that cannot be, and Conflict for a handle or an account
    that somebody has, or an invitation that was used meanwhile; then it can be tried again.
    """
    chosen, shown, at = read_handle(handle), read_name(name), house.clock()
    with house.store.writing() as connection:
        told = ceremonies.end_within(connection, house, ceremonies.JOINING, secret).payload
        if identities.owner_of(connection, told["issuer"], told["subject"]) is not None:
            raise Conflict("This account is a reader's here already: sign in with it.")
        invited = {"invitation": told["letter"]} if told["letter"] else {}
        letter = Letter("", letters.JOIN, at, at, payload=invited)
        reader = joining.make_within(connection, house, letter, (chosen, shown))
        identities.insert(connection, Linked(told["issuer"], told["subject"], reader.id, told["name"], at))
        begun = sessions.begin_within(connection, house, reader, "oidc", browser)
    events.tell(logging.INFO, "joined", reader=reader.handle, role=reader.role, by=told["issuer"])
    return Joined(reader, begun)


def _admitted(house: House, address: MailAddress | None) -> bool:
    return house.settings.admission == "open" or (address is not None and admits(house, address))
