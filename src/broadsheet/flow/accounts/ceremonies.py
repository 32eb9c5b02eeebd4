"""Ceremonies: what one browser has begun, it alone can end, once and in time.

The browser holds a secret, the house its hash, and with it whatever must come back unchanged.
"""

import logging
from collections.abc import Mapping
from datetime import timedelta

from broadsheet.credentials.secret import Kind, hash_of, is_secret, new_secret
from broadsheet.errors import Refused
from broadsheet.flow import events
from broadsheet.flow.house import House
from broadsheet.store import ceremonies
from broadsheet.store.ceremonies import Ceremony
from broadsheet.store.connect import Connection

# A sign-in at another site; joining after one; a passkey that is made, and one that signs in.
PROVIDER, JOINING, NEW_PASSKEY, PASSKEY = "provider", "joining", "new-passkey", "passkey"
LASTS = timedelta(minutes=15)


def begin(house: House, kind: str, payload: Mapping[str, str], reader_id: int | None = None) -> str:
    """Keep what begins and give the secret for the browser that began it."""
    with house.store.writing() as connection:
        return begin_within(connection, house, kind, payload, reader_id)


def begin_within(
    connection: Connection, house: House, kind: str, payload: Mapping[str, str], reader_id: int | None = None
) -> str:
    """Do what ``begin`` does inside a transaction for writing that is already open."""
    secret = new_secret(Kind.CEREMONY)
    ceremonies.insert(connection, Ceremony(hash_of(secret), kind, house.clock() + LASTS, reader_id, payload))
    return secret


def look_at(house: House, kind: str, secret: str) -> Ceremony:
    """Give what a browser began without ending it; raises Refused when there is nothing (any more)."""
    with house.store.reading() as connection:
        found = ceremonies.by_hash(connection, hash_of(secret), kind, house.clock()) if _may_be(secret) else None
    return _known(found, kind)


def end(house: House, kind: str, secret: str) -> Ceremony:
    """Give what a browser began, and forget it whatever comes of it; raises Refused when there is nothing."""
    with house.store.writing() as connection:
        found = ceremonies.take(connection, hash_of(secret), kind, house.clock()) if _may_be(secret) else None
    return _known(found, kind)


def end_within(connection: Connection, house: House, kind: str, secret: str) -> Ceremony:
    """Do what ``end`` does inside a transaction, so that what fails there can be tried again."""
    return _known(ceremonies.take(connection, hash_of(secret), kind, house.clock()) if _may_be(secret) else None, kind)


def _may_be(secret: str) -> bool:
    return is_secret(Kind.CEREMONY, secret)


def _known(found: Ceremony | None, kind: str) -> Ceremony:
    if found is None:
        events.tell(logging.WARNING, "sign-in failed", reason="begun in another browser, ended before, or too late")
        wanted = "use the passkey" if kind in {NEW_PASSKEY, PASSKEY} else "sign in"
        raise Refused(
            f"This was not begun in this browser, or took longer than {LASTS // timedelta(minutes=1)} minutes, or was "
            f"done already. Nothing was changed; go back and {wanted} again."
        )
    return found
