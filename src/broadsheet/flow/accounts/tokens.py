"""Tokens: what a reader gives their programs instead of themselves.

Shown once, kept as a hash, known by a prefix that scanners of code look for, narrowed to scopes (TRUST E11).
"""

import logging
from collections.abc import Collection
from datetime import timedelta

from broadsheet.credentials.secret import Kind, hash_of, is_secret, new_secret
from broadsheet.errors import Conflict, Invalid, NotFound
from broadsheet.flow import events
from broadsheet.flow.accounts.admission import read_name
from broadsheet.flow.accounts.sessions import as_of
from broadsheet.flow.house import House
from broadsheet.model.account import SCOPES, Token
from broadsheet.model.reader import Reader, Role
from broadsheet.store import passkeys, readers, tokens

MOST = 50
LONGEST_DAYS = 366
_USED_AFTER = timedelta(hours=1)
_NEEDS: dict[str, Role] = {"moderate": "moderator", "admin": "admin"}


def make(house: House, reader: Reader, name: str, scopes: Collection[str], days: int) -> tuple[Token, str]:
    """Make a token that lasts so many days, 1 to 366, and give it with its secret, which nobody sees again.

    Raises Invalid for a name, scopes or days that cannot be, and Conflict for one token too many.
    """
    chosen = tuple(scope for scope in SCOPES if scope in scopes)
    if (
        not chosen
        or not set(scopes) <= set(SCOPES)
        or not all(reader.may(_NEEDS.get(each, "reader")) for each in chosen)
    ):
        raise Invalid("A token is for at least one of the things that you may do yourself.", field="scopes")
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(f"A token lasts 1 to {LONGEST_DAYS} days.", field="days")
    at, secret = house.clock(), new_secret(Kind.API_TOKEN)
    token = Token(0, reader.id, read_name(name), chosen, at, at + timedelta(days=days))
    with house.store.writing() as connection:
        if tokens.count(connection, reader.id) >= MOST:
            raise Conflict(f"You have {MOST} tokens. Revoke one that is not used any more.")
        kept = tokens.insert(connection, token, hash_of(secret))
    events.tell(logging.INFO, "token made", reader=reader.handle, token=kept.id, scopes=" ".join(chosen))
    return kept, secret


def find(house: House, secret: str, kind: Kind = Kind.API_TOKEN) -> tuple[Token, Reader, int] | None:
    """Give the token of a secret with its reader and how many passkeys they have; None for one that is worth nothing.

    One of another kind than the one that is wanted is worth nothing. That it was used is noted once an hour.
    """
    if not is_secret(kind, secret):
        return None
    at = house.clock()
    with house.store.reading() as connection:
        token = tokens.by_hash(connection, hash_of(secret), at)
        reader = readers.by_id(connection, token.reader_id) if token else None
        count = passkeys.count(connection, token.reader_id) if token else 0
    if token is None or reader is None or reader.state == "gone":
        return None
    if token.used_at is None or at - token.used_at >= _USED_AFTER:
        with house.store.writing() as connection:
            tokens.used(connection, token.id, at)
    return token, as_of(reader, at), count


def listed(house: House, reader: Reader) -> list[Token]:
    """Give a reader's tokens, latest first."""
    with house.store.reading() as connection:
        return tokens.of_reader(connection, reader.id)


def revoke(house: House, reader: Reader, number: int) -> None:
    """Make a token worthless at once; raises NotFound when the reader has none of this number."""
    with house.store.writing() as connection:
        gone = tokens.remove(connection, reader.id, number)
    if not gone:
        raise NotFound("There is no such token of yours.")
    events.tell(logging.INFO, "token revoked", reader=reader.handle, token=number)
