"""Letters: a secret goes out in a mail or is handed over, and whoever brings it back is believed, once."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from broadsheet.credentials.secret import Kind, hash_of, is_secret, new_secret
from broadsheet.errors import NotFound
from broadsheet.flow import events
from broadsheet.flow.house import House
from broadsheet.store import letters
from broadsheet.store.connect import Connection
from broadsheet.store.letters import Letter

# What a letter is for, which prefix its secret has, and for how long it may come back.
SIGN_IN, JOIN, ADDRESS, INVITATION, FIRST_RUN = "sign-in", "join", "address", "invitation", "first-run"
SUBSCRIBE = "subscribe"
_SECRETS = {
    SIGN_IN: Kind.MAIL_LINK,
    JOIN: Kind.MAIL_LINK,
    ADDRESS: Kind.MAIL_LINK,
    INVITATION: Kind.INVITATION,
    FIRST_RUN: Kind.FIRST_RUN,
    SUBSCRIBE: Kind.MAIL_LINK,
}
LASTS = {
    SIGN_IN: timedelta(minutes=15),
    JOIN: timedelta(hours=1),
    ADDRESS: timedelta(hours=1),
    INVITATION: timedelta(days=7),
    FIRST_RUN: timedelta(hours=24),
    SUBSCRIBE: timedelta(days=7),
}


@dataclass(frozen=True, slots=True)
class Message:
    """What a letter says to us when it comes back: whose it is, where it was mailed to, and what to remember."""

    reader_id: int | None = None
    address: str = ""
    payload: Mapping[str, str] = field(default_factory=dict)


def write(connection: Connection, house: House, kind: str, message: Message) -> str:
    """Keep a letter of a kind and give its secret, which is in no other place."""
    secret, at = new_secret(_SECRETS[kind]), house.clock()
    letter = Letter(
        hash=hash_of(secret),
        kind=kind,
        at=at,
        until=at + LASTS[kind],
        reader_id=message.reader_id,
        address=message.address,
        payload=dict(message.payload),
    )
    letters.insert(connection, letter)
    return secret


def url_of(house: House, secret: str) -> str:
    """Give the address that brings a secret back."""
    return f"{house.settings.public_url.rstrip('/')}/letters/{secret}"


def look_at(house: House, secret: str) -> Letter:
    """Give the letter of a secret without using it up; raises NotFound when it is worth nothing (any more)."""
    with house.store.reading() as connection:
        return found(connection, house, secret)


def found(connection: Connection, house: House, secret: str) -> Letter:
    """Do what ``look_at`` does with a connection that is already open."""
    known = any(is_secret(kind, secret) for kind in set(_SECRETS.values()))
    letter = letters.by_hash(connection, hash_of(secret), house.clock()) if known else None
    if letter is None:
        events.tell(logging.WARNING, "sign-in failed", reason="a link that is not valid")
        raise NotFound("This link is not valid any more: it works once and for a limited time. Ask for a new one.")
    return letter


def use(connection: Connection, house: House, letter: Letter) -> None:
    """Use a letter up; raises NotFound when somebody was faster."""
    if not letters.use(connection, letter.hash, house.clock()):
        raise NotFound("This link was used just now. Ask for a new one where you sign in.")
