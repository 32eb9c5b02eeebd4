"""Who may do what: each address that changes something says whom it is for."""

import logging
from typing import Literal

from starlette.requests import Request

from broadsheet.entrance.visitor import SCOPE_OF, NeedsPasskey, NotFresh, Visitor, is_public, reader_of, visitor_of
from broadsheet.errors import NotFound, Refused
from broadsheet.flow import events
from broadsheet.model.reader import Role

# ``read``: shows what anybody may see and changes nothing. ``guest``: anybody may, from a page of ours. ``bearer``:
# whoever has the secret that stands in the address, from wherever; it is in no cookie, so no other page can send it.
# ``self``: any reader who is signed in, for what is their own. The others: readers who are signed in and not suspended,
# and may do what the role may.
Permission = Literal["read", "guest", "bearer", "self", "reader", "moderator", "admin"]
PERMISSIONS: tuple[Permission, ...] = ("read", "guest", "bearer", "self", "reader", "moderator", "admin")
# Nobody asks who comes: what the secret in an address is worth is told by the verb that it is brought to.
UNASKED = frozenset[Permission]({"read", "bearer"})

_ROLES: dict[Role, str] = {"reader": "readers", "moderator": "moderators", "admin": "administrators"}


def admit(request: Request, permission: Permission) -> Visitor:
    """Let a request pass that has the permission, and tell who makes it.

    Raises NotSignedIn for anybody where a reader is needed, Refused for a reader who may not, NeedsPasskey for one who
    may with a passkey, and NotFound for guests where nobody comes from elsewhere.
    """
    visitor = visitor_of(request)
    if permission == "guest" and not is_public(request):
        raise NotFound("Nobody signs in here: whoever sits at the machine is its owner.")
    if permission == "read" or permission == "guest" or permission == "bearer":  # noqa: PLR1714 - mypy narrows this
        return visitor
    reader = reader_of(request)
    refusal = _out_of_scope(request, visitor, "reader" if permission == "self" else permission)
    if permission != "self":
        refusal = refusal or _refusal(request, visitor, permission)
    if refusal:
        events.tell(logging.WARNING, "refused", reader=reader.handle, wanted=permission, path=request.url.path)
        raise refusal
    return visitor


def needs_passkey(request: Request, visitor: Visitor, role: Role) -> bool:
    """Tell whether a passkey is missing: in public, nobody moderates or administers by a mailed link alone.

    OWASP ASVS 5.0, 6.3.3. A program comes with a token, which was made by who had signed in so.
    """
    if role == "reader" or not is_public(request):
        return False
    return not visitor.passkeys or visitor.method not in {"passkey", "token"}


def is_fresh(request: Request) -> bool:
    """Tell whether who is here signed in a moment ago; the owner at the machine always did."""
    visitor = visitor_of(request)
    at = request.app.state.house.clock()
    return visitor.is_owner or (visitor.session is not None and visitor.session.is_fresh(at))


def needs_fresh_sign_in(request: Request) -> None:
    """Let pass who has just signed in; raises NotFresh for others, and for tokens.

    For whatever changes how one signs in, makes tokens or deletes (OWASP ASVS 5.0, 7.5.1).
    """
    reader_of(request)
    needs_browser(request)
    if not is_fresh(request):
        raise NotFresh("Sign in again to do this: it is some time since you did.")


def needs_browser(request: Request) -> None:
    """Let pass who is here themselves; raises Refused for a program, which shall not change how it was let in."""
    if visitor_of(request).method == "token":
        raise Refused("A program cannot do this with a token. Do it in a browser, where you are signed in.")


def _refusal(request: Request, visitor: Visitor, role: Role) -> Refused | None:
    if visitor.reader is None or visitor.reader.state == "suspended":
        return Refused(_suspended(visitor))
    if not visitor.may(role):
        return Refused(f"Only {_ROLES[role]} may do this.")
    if needs_passkey(request, visitor, role):
        return NeedsPasskey(f"Here {_ROLES[role]} sign in with a passkey.")
    return None


def _out_of_scope(request: Request, visitor: Visitor, role: Role) -> Refused | None:
    if visitor.scopes is None:
        return None
    wanted = "read" if role == "reader" and request.method in {"GET", "HEAD"} else SCOPE_OF[role]
    if wanted in visitor.scopes:
        return None
    return Refused(f"This token was not made for that; it takes one with the scope “{wanted}”.")


def _suspended(visitor: Visitor) -> str:
    reader = visitor.reader
    until = reader.suspended_until if reader else None
    why = reader.suspended_why if reader else ""
    ends = f" until {until:%d %B %Y, %H:%M} UTC" if until else ""
    return f"Your account is suspended{ends}: you may read, and take what is yours along. {why}".strip()
