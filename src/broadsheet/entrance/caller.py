"""Which program calls: one with a reader's token, or anybody's. It is never taken for the owner at the machine."""

import logging
from dataclasses import dataclass

from starlette.requests import Request

from broadsheet.credentials.secret import Kind, is_secret
from broadsheet.entrance.asked import house_of
from broadsheet.entrance.feed_key import ONLY_FEEDS, feed_key
from broadsheet.entrance.machine import is_at_the_machine
from broadsheet.entrance.visitor import narrowed
from broadsheet.errors import Refused
from broadsheet.flow import events
from broadsheet.flow.accounts import tokens
from broadsheet.model.account import Token
from broadsheet.model.reader import Reader


class NoToken(Refused):
    """Nobody knows who asks, and that is needed."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A reader and the token they came with."""

    reader: Reader
    token: Token


def caller_of(request: Request) -> Caller | None:
    """Tell who calls; None for anybody.

    A token of another house, such as one for the hub itself, is sent by its clients to whatever address they are
    given: it says nothing here. Raises NoToken for one of ours that is worth nothing (any more).
    """
    scheme, _, told = request.headers.get("authorization", "").partition(" ")
    secret = told.strip()
    if is_secret(Kind.FEED, secret) or feed_key(request):
        raise NoToken(ONLY_FEEDS)
    if scheme.lower() != "bearer" or not is_secret(Kind.API_TOKEN, secret):
        return None
    house = house_of(request)
    if not (house.settings.public_url or is_at_the_machine(request)):
        return None
    found = tokens.find(house, secret)
    if found is None:
        events.tell(logging.WARNING, "sign-in failed", reason="a token that is not valid")
        raise NoToken("This token is not valid (any more).")
    token, reader, passkeys = found
    return Caller(narrowed(reader, token, passkeys), token)


def read_by(request: Request) -> Reader | None:
    """Give the reader who reads, None for anybody; raises NoToken, and Refused for a token that is not for reading."""
    caller = caller_of(request)
    if caller is None:
        return None
    in_scope(request, caller, "read")
    return caller.reader


def known(request: Request) -> Caller:
    """Give the reader whose token it is, whatever that is for; raises NoToken without one."""
    caller = caller_of(request)
    if caller is None:
        raise NoToken("This takes a token: Authorization: Bearer bst_… Make one on your account's page.")
    return caller


def written_by(request: Request) -> Reader:
    """Give the reader who changes something; raises NoToken, and Refused for a token or a reader that may not."""
    caller = known(request)
    in_scope(request, caller, "write")
    if not caller.reader.may("reader"):
        raise Refused("Your account is suspended: you may read, and take what is yours along.")
    return caller.reader


def in_scope(request: Request, caller: Caller, wanted: str) -> None:
    """Let pass a token that was made for what is wanted; raises Refused for others."""
    if wanted not in caller.token.scopes:
        events.tell(logging.WARNING, "refused", reader=caller.reader.handle, wanted=wanted, path=request.url.path)
        raise Refused(f"This token was not made for that; it takes one with the scope “{wanted}”.")
