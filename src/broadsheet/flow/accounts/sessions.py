"""Being signed in: a browser holds a secret, the house its hash.

OWASP ASVS 5.0, chapter 7: a secret of 190 bits (7.2.3), a new one at each sign-in (7.2.4), ended for good (7.4.1).
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from broadsheet.credentials.secret import Kind, hash_of, is_secret, new_secret
from broadsheet.flow import events
from broadsheet.flow.house import House
from broadsheet.model.account import Session
from broadsheet.model.reader import Reader
from broadsheet.model.text import clean
from broadsheet.store import sessions
from broadsheet.store.connect import Connection

_LONGEST_AGENT = 200
_SEEN_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a session begins: the browser, as it calls itself, and the network it is in."""

    agent: str = ""
    network: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session with its reader, and how many passkeys they have."""

    session: Session
    reader: Reader
    passkeys: int


def begin(house: House, reader: Reader, method: str, browser: Browser) -> str:
    """Sign a reader in and give the secret for the browser's cookie; ``method`` is one of ``model.account.METHODS``."""
    with house.store.writing() as connection:
        return begin_within(connection, house, reader, method, browser)


def begin_within(connection: Connection, house: House, reader: Reader, method: str, browser: Browser) -> str:
    """Do what ``begin`` does inside a transaction for writing that is already open."""
    secret, at = new_secret(Kind.SESSION), house.clock()
    session = Session(
        hash=hash_of(secret),
        reader_id=reader.id,
        method=method,
        agent=clean(browser.agent)[:_LONGEST_AGENT],
        network=browser.network,
        at=at,
        seen_at=at,
        until=at + timedelta(days=house.settings.session_days),
    )
    sessions.insert(connection, session)
    events.tell(logging.INFO, "signed in", reader=reader.handle, method=method)
    return secret


def find(house: House, secret: str) -> SignedIn | None:
    """Give the session that a secret belongs to; None for one that is over, or never was, or whose reader is gone."""
    if not is_secret(Kind.SESSION, secret):
        return None
    at = house.clock()
    with house.store.reading() as connection:
        found = sessions.find(connection, hash_of(secret), at)
    if found is None or found[1].state == "gone":
        return None
    session, reader, passkeys = found
    return SignedIn(session, as_of(reader, at), passkeys)


def as_of(reader: Reader, at: datetime) -> Reader:
    """Give a reader as they stand at an instant: a suspension that has ended is none."""
    over = reader.state == "suspended" and reader.suspended_until is not None and reader.suspended_until <= at
    return replace(reader, state="active", suspended_until=None, suspended_why="") if over else reader


def seen(house: House, session: Session) -> None:
    """Note that a session was used, unless it was noted a moment ago."""
    at = house.clock()
    if at - session.seen_at >= _SEEN_AFTER:
        with house.store.writing() as connection:
            sessions.seen(connection, session.hash, at)


def listed(house: House, reader: Reader) -> list[Session]:
    """Give a reader's sessions, latest first."""
    with house.store.reading() as connection:
        return sessions.of_reader(connection, reader.id, house.clock())


def end(house: House, reader: Reader, hash_: str) -> bool:
    """End one session of a reader; tells whether there was one."""
    with house.store.writing() as connection:
        ended = sessions.end(connection, reader.id, only=hash_)
    events.tell(logging.INFO, "signed out", reader=reader.handle)
    return bool(ended)


def end_all(house: House, reader: Reader, *, but: str = "") -> int:
    """End all sessions of a reader, ``but`` the one with this hash; gives how many."""
    with house.store.writing() as connection:
        ended = sessions.end(connection, reader.id, but=but)
    events.tell(logging.INFO, "sessions ended", reader=reader.handle, sessions=ended)
    return ended
