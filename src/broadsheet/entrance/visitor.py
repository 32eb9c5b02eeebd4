"""Who makes a request: the owner at the machine, a reader by their session, or anybody."""

import hmac
import logging
from dataclasses import dataclass, replace

from starlette.requests import Request

from broadsheet.entrance.feed_key import ONLY_FEEDS, feed_key
from broadsheet.entrance.machine import is_at_the_machine
from broadsheet.errors import Refused
from broadsheet.flow import events
from broadsheet.flow.accounts import sessions, tokens
from broadsheet.flow.accounts.owner import as_they_are
from broadsheet.flow.house import House
from broadsheet.flow.talking import notices
from broadsheet.model.account import Session, Token
from broadsheet.model.reader import ROLES, Reader, Role

# What a token must be made for, to do what a role may.
SCOPE_OF: dict[Role, str] = {"reader": "write", "moderator": "moderate", "admin": "admin"}
# The prefix makes browsers keep it to our host, our path and to TLS (RFC 6265bis, section 4.1.3.2).
COOKIE = "__Host-broadsheet"


class NotSignedIn(Refused):
    """Nobody is signed in; in public mode, doors lead to where one signs in."""


class NeedsPasskey(Refused):
    """Somebody signed in otherwise than by a passkey, which this takes."""


class NotFresh(NotSignedIn):
    """Somebody signed in too long ago for what they want to do."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is here; ``reader`` is None for anybody, and everybody may read.

    ``reader`` bears the role that may be used here and now, and so verbs and pages show no more than that: in public
    nobody moderates or administers by a mailed link alone (OWASP ASVS 5.0, 6.3.3), or with a token that was not made
    for it. ``role`` is the one they have.
    ``method`` is how they signed in (``model.account.METHODS``, or ``token``), ``session`` theirs in a browser that is
    not at the machine, ``scopes`` what a token is narrowed to. ``form_token`` is what forms of theirs carry; empty at
    the machine, where it belongs to a cookie of its own, and for anybody. ``notices`` is how many are unread.
    """

    reader: Reader | None = None
    role: Role = "reader"
    method: str = ""
    session: Session | None = None
    passkeys: int = 0
    scopes: tuple[str, ...] | None = None
    form_token: str = ""
    notices: int = 0

    def may(self, role: Role) -> bool:
        """Tell whether who is here may do what ``role`` may, perhaps with a passkey; to choose what a page leads to."""
        return self.reader is not None and replace(self.reader, role=self.role).may(role)

    @property
    def is_owner(self) -> bool:
        """Tell whether this is the owner at the machine, who never signs in or out."""
        return self.method == "machine"


def visitor_of(request: Request) -> Visitor:
    """Tell who makes a request; looked up once."""
    known: Visitor | None = getattr(request.state, "visitor", None)
    if known is None:
        known = request.state.visitor = _told(request, _look_up(request))
    return known


def reader_of(request: Request) -> Reader:
    """Give the reader who makes a request; raises NotSignedIn when it is anybody."""
    reader = visitor_of(request).reader
    if reader is None:
        raise NotSignedIn(_sentence(request))
    return reader


def is_public(request: Request) -> bool:
    """Tell whether readers come from elsewhere and sign in."""
    return bool(request.app.state.house.settings.public_url)


def _look_up(request: Request) -> Visitor:
    house: House = request.app.state.house
    if feed_key(request):
        raise Refused(ONLY_FEEDS)
    here = is_public(request) or is_at_the_machine(request)
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if here and scheme.lower() == "bearer":
        return _by_token(house, secret.strip(), reads=request.method in {"GET", "HEAD"})
    if is_public(request):
        return _by_session(request, house, request.cookies.get(COOKIE, ""))
    if not here:
        return Visitor()
    owner = as_they_are(house, request.app.state.owner_id)
    return Visitor(owner, owner.role if owner else "reader", method="machine")


def _told(request: Request, visitor: Visitor) -> Visitor:
    """Add how many notices are unread."""
    if visitor.reader is None:
        return visitor
    return replace(visitor, notices=notices.unseen(request.app.state.house, visitor.reader))


def _by_session(request: Request, house: House, secret: str) -> Visitor:
    found = sessions.find(house, secret)
    if found is None:
        return Visitor()
    key: bytes = request.app.state.form_key
    token = hmac.digest(key, f"session {found.session.hash}".encode(), "sha256").hex()
    has_proof = bool(found.passkeys) and found.session.method == "passkey"
    reader = found.reader if has_proof else replace(found.reader, role="reader")
    return Visitor(reader, found.reader.role, found.session.method, found.session, found.passkeys, form_token=token)


def _by_token(house: House, secret: str, *, reads: bool) -> Visitor:
    """Tell whose token it is; one that was made for writing alone shows what anybody may see."""
    found = tokens.find(house, secret)
    if found is None:
        events.tell(logging.WARNING, "sign-in failed", reason="a token that is not valid")
        raise NotSignedIn("This token is not valid (any more).")
    token, reader, passkeys = found
    if reads and token.scopes == ("write",):
        return Visitor(method="token", scopes=token.scopes)
    return Visitor(narrowed(reader, token, passkeys), reader.role, "token", passkeys=passkeys, scopes=token.scopes)


def narrowed(reader: Reader, token: Token, passkeys: int) -> Reader:
    """Give a reader with the role that their token was made for; more than a reader's takes a passkey beside it."""
    usable = [role for role in ROLES if SCOPE_OF[role] in token.scopes and reader.may(role)] if passkeys else []
    return replace(reader, role=max(usable, key=ROLES.index, default="reader"))


def _sentence(request: Request) -> str:
    if is_public(request):
        return "Sign in to do this."
    return (
        "This can be done only at the machine that Broadsheet runs on, in a browser at http://localhost or "
        "http://127.0.0.1, while Broadsheet listens there and nowhere else."
    )
