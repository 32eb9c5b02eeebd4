"""The key of private feeds: it stands in an address, so it can do nothing but read feeds (TRUST E11).

One a reader. It is derived from the house's secret, so that its reader can look it up again; what is kept is a hash.
"""

import hmac
import logging
import secrets
from dataclasses import replace

from broadsheet.credentials.secret import Kind, derived_secret, hash_of
from broadsheet.errors import Invalid
from broadsheet.flow import events, keys
from broadsheet.flow.accounts import tokens as any_tokens
from broadsheet.flow.house import House
from broadsheet.model.account import FEED, Token
from broadsheet.model.reader import Reader
from broadsheet.store import tokens
from broadsheet.store.connect import Connection
from broadsheet.store.payload import moment


def make(house: House, reader: Reader) -> Token:
    """Make the key of a reader's private feeds; the one before is worthless from then on.

    Raises Invalid for a house that has no secret of its own: where nobody signs in, feeds take no key.
    """
    if not house.settings.secret_key:
        raise Invalid("Private feeds take the setting 'secret_key'.", field="secret_key")
    # The name says which key it is and makes it another one than any before, even within one microsecond.
    token = Token(0, reader.id, f"Private feeds {secrets.token_hex(8)}", (FEED,), house.clock())
    with house.store.writing() as connection:
        for old in _of(connection, reader):
            tokens.remove(connection, reader.id, old.id)
        kept = tokens.insert(connection, token, hash_of(_secret(house, token)))
    events.tell(logging.INFO, "token made", reader=reader.handle, token=kept.id, scopes=FEED)
    return kept


def current(house: House, reader: Reader) -> tuple[Token, str] | None:
    """Give a reader's key and its secret; None for none, and where the house's secret became another since."""
    with house.store.reading() as connection:
        found = next(iter(_of(connection, reader)), None)
        secret = _secret(house, found) if found else ""
        is_good = found is not None and tokens.by_hash(connection, hash_of(secret), house.clock()) is not None
    return (found, secret) if found and is_good else None


def reader_of(house: House, secret: str) -> Reader | None:
    """Give who reads with a key, as somebody who may do nothing else; None for one that is worth nothing."""
    found = any_tokens.find(house, secret, Kind.FEED)
    return None if found is None else replace(found[1], role="reader")


def _of(connection: Connection, reader: Reader) -> list[Token]:
    return [token for token in tokens.of_reader(connection, reader.id) if token.scopes == (FEED,)]


def _secret(house: House, token: Token) -> str:
    told = f"{token.reader_id} {token.name} {moment(token.at)}"
    return derived_secret(Kind.FEED, hmac.digest(keys.derived(house, "private feeds"), told.encode(), "sha256"))
