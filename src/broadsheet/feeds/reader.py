"""Who reads a feed: whoever visits, or whose token a feed reader sends as a password, as it knows no other way."""

import base64
import binascii
import logging

from starlette.requests import Request

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.machine import is_at_the_machine
from broadsheet.entrance.visitor import COOKIE, NotSignedIn, is_public, narrowed, visitor_of
from broadsheet.errors import Refused
from broadsheet.flow import events
from broadsheet.flow.accounts import feed_keys, tokens
from broadsheet.model.reader import Reader

_WRONG = "The address of this feed is not valid (any more). Its reader makes another on their account page."


class NotAKey(Refused):
    """The address carries a key of private feeds that is worth nothing (any more)."""


def reading(request: Request) -> Reader | None:
    """Tell who reads, None for anybody; raises NotSignedIn for a token that is not valid or not for reading.

    The key of private feeds stands in the address; raises NotAKey for one that is worth nothing. The token may stand as
    a password (RFC 7617), with any name beside it. Only here: browsers send a password again by themselves, which must
    never be enough to change something.
    """
    keys = request.query_params.getlist("token")
    if keys:
        return _by_key(request, keys)
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic" or not (is_public(request) or is_at_the_machine(request)):
        visitor = visitor_of(request)
        if visitor.scopes is not None and "read" not in visitor.scopes:
            raise NotSignedIn("The token must be one that was made for reading.")
        return visitor.reader
    found = tokens.find(house_of(request), _password(secret))
    if found is None or "read" not in found[0].scopes:
        raise NotSignedIn("The password must be one of your tokens, made for reading.")
    token, reader, passkeys = found
    return narrowed(reader, token, passkeys)


def _by_key(request: Request, keys: list[str]) -> Reader:
    found = feed_keys.reader_of(house_of(request), keys[0]) if is_public(request) and len(keys) == 1 else None
    if found is None:
        events.tell(logging.WARNING, "sign-in failed", reason="a key of private feeds that is not valid")
        raise NotAKey(_WRONG)
    return found


def anybody(request: Request) -> bool:
    """Tell whether nobody in particular asks, as far as what was sent says; nobody is looked up."""
    if "authorization" in request.headers:
        return False
    return COOKIE not in request.cookies if is_public(request) else not is_at_the_machine(request)


def _password(secret: str) -> str:
    try:
        told = base64.b64decode(secret.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
    return told.partition(":")[2]
