"""Keys that the house makes of its secret, each for one purpose."""

import hmac
import secrets

from broadsheet.flow.house import House
from broadsheet.store import facts
from broadsheet.store.connect import Connection

_NAME = "house-key"


def derived(house: House, purpose: str) -> bytes:
    """Make the key for a purpose from the setting ``secret_key``: 32 bytes, equal in all processes and for good."""
    return hmac.digest(house.settings.secret_key.encode(), purpose.encode(), "sha256")


def kept_key(house: House, purpose: str) -> bytes | None:
    """Do what ``house_key`` does and write nothing; None in a house that has made no key yet."""
    key = house.settings.secret_key
    if not key:
        with house.store.reading() as connection:
            key = facts.by_name(connection, _NAME) or ""
    return hmac.digest(key.encode(), purpose.encode(), "sha256") if key else None


def house_key(house: House, purpose: str) -> bytes:
    """Make the key for a purpose, 32 bytes, of the setting ``secret_key`` or of what the house made once and keeps."""
    if (known := kept_key(house, purpose)) is not None:
        return known
    with house.store.writing() as connection:
        key = facts.by_name(connection, _NAME) or _made(connection)
    return hmac.digest(key.encode(), purpose.encode(), "sha256")


def blinded(connection: Connection, house: House, text: str) -> str:
    """Hash a text so that only this house can tell what it was; 32 hexadecimal digits.

    The key is the setting ``secret_key``, or one that the house makes once and keeps, which takes a writing connection.
    """
    key = house.settings.secret_key
    if not key:
        key = facts.by_name(connection, _NAME) or _made(connection)
    return hmac.digest(key.encode(), text.encode("utf-8", "surrogatepass"), "sha256").hex()[:32]


def _made(connection: Connection) -> str:
    key = secrets.token_urlsafe(32)
    facts.put(connection, _NAME, key, secret=True)
    return key
