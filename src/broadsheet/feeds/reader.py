"""Who reads a feed: whoever visits, or whose token a feed reader sends as a password, as it knows no other way."""

import base64
import binascii

from starlette.requests import Request

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.machine import is_at_the_machine
from broadsheet.entrance.visitor import COOKIE, NotSignedIn, is_public, visitor_of
from broadsheet.flow.accounts import tokens
from broadsheet.model.reader import Reader


def reading(request: Request) -> Reader | None:
    """Tell who reads, None for anybody; raises NotSignedIn for a token that is not valid or not for reading.

    The token may stand as a password (RFC 7617), with any name beside it. Only here: browsers send a password again by
    themselves, which must never be enough to change something.
    """
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic" or not (is_public(request) or is_at_the_machine(request)):
        return visitor_of(request).reader
    found = tokens.find(house_of(request), _password(secret))
    if found is None or "read" not in found[0].scopes:
        raise NotSignedIn("The password must be one of your tokens, made for reading.")
    return found[1]


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
