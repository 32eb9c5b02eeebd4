"""The account page: what a reader says of themselves, how they sign in, and with which keys their programs come."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from starlette.background import BackgroundTask
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.visitor import is_public, reader_of, visitor_of
from broadsheet.errors import NotFound
from broadsheet.flow.accounts import feed_keys, invitations, mails, passkeys, profile, providers, sessions, tokens
from broadsheet.flow.house import House
from broadsheet.model.account import SCOPES
from broadsheet.model.reader import Reader, Role
from broadsheet.web import private_feeds
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.permission import is_fresh, needs_browser, needs_fresh_sign_in, needs_passkey

_UNSEEN = {"Cache-Control": "no-store"}
_NEEDS: Mapping[str, Role] = {"moderate": "moderator", "admin": "admin"}
_DAYS = (7, 30, 90, 365)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its name in the address, its title, its template, and what that shows.

    ``only_public`` for what makes sense only where readers sign in.
    """

    name: str
    title: str
    template: str
    facts: Callable[[House, Reader], object]
    only_public: bool = False


# Each room that has something of a reader's adds its section.
SECTIONS: tuple[Section, ...] = (
    Section("profile", "You", "account_profile.html", lambda _, reader: reader),
    Section("addresses", "Mail addresses", "account_addresses.html", profile.addresses_of, only_public=True),
    Section("passkeys", "Passkeys", "account_passkeys.html", passkeys.listed, only_public=True),
    Section("providers", "Other sites", "account_providers.html", providers.standing, only_public=True),
    Section("sessions", "Where you are signed in", "account_sessions.html", sessions.listed, only_public=True),
    Section("tokens", "Tokens for programs", "account_tokens.html", tokens.listed),
    Section("feeds", "Private feed addresses", "account_feeds.html", private_feeds.shown, only_public=True),
    Section("invitations", "Invitations", "account_invitations.html", invitations.listed, only_public=True),
    Section("belongings", "What is yours", "account_belongings.html", lambda _, reader: reader),
)


def page(request: Request) -> Response:
    """Show a reader their account."""
    return _page(request)


def describe(request: Request, form: QueryParams) -> Response:
    """Keep a name and what a reader says of themselves."""
    needs_browser(request)
    profile.describe(house_of(request), reader_of(request), form.get("name", ""), form.get("about", ""))
    return _back("profile")


def add_address(request: Request, form: QueryParams) -> Response:
    """Mail a letter to another address of a reader's."""
    needs_fresh_sign_in(request)
    profile.ask_to_add(house_of(request), reader_of(request), form.get("email", ""))
    return RedirectResponse("/sign-in/sent", status_code=303)


def remove_address(request: Request, form: QueryParams) -> Response:
    """Forget an address of a reader's."""
    needs_fresh_sign_in(request)
    session = visitor_of(request).session
    house, reader = house_of(request), reader_of(request)
    known = notified(house, reader)
    profile.remove_address(house, reader, form.get("address", ""), session=session.hash if session else "")
    answer = _back("addresses")
    answer.background = BackgroundTask(mails.tell, house, known, "An address was removed from your account")
    return answer


def end_session(request: Request, form: QueryParams) -> Response:
    """End one session of a reader's, or all but this one."""
    needs_browser(request)
    house, reader, visitor = house_of(request), reader_of(request), visitor_of(request)
    chosen = form.get("session", "")
    if chosen:
        sessions.end(house, reader, chosen)
    else:
        sessions.end_all(house, reader, but=visitor.session.hash if visitor.session else "")
    return _back("sessions")


def make_token(request: Request, form: QueryParams) -> Response:
    """Make a token and show it, this once."""
    needs_fresh_sign_in(request)
    house, reader = house_of(request), reader_of(request)
    days = form.get("days", "")
    lasts = int(days) if days in {str(each) for each in _DAYS} else 0
    _, secret = tokens.make(house, reader, form.get("name", ""), _scopes(request, form.getlist("scope")), lasts)
    answer = _page(request, new_token=secret)
    answer.background = BackgroundTask(mails.tell, house, notified(house, reader), "A token for programs was made")
    return answer


def revoke_token(request: Request, _: QueryParams) -> Response:
    """Make a token worthless."""
    needs_browser(request)
    tokens.revoke(house_of(request), reader_of(request), _number(request))
    return _back("tokens")


def make_feeds(request: Request, _: QueryParams) -> Response:
    """Make the key of a reader's private feeds, which makes the one before worthless."""
    needs_fresh_sign_in(request)
    house, reader = house_of(request), reader_of(request)
    feed_keys.make(house, reader)
    answer = _back("feeds")
    answer.background = BackgroundTask(mails.tell, house, notified(house, reader), "Private feed addresses were made")
    return answer


def invite(request: Request, form: QueryParams) -> Response:
    """Make an invitation: show its address this once, and mail it where an address was given."""
    needs_browser(request)
    typed = form.get("email", "")
    made = invitations.invite(house_of(request), reader_of(request), typed=typed)
    return _back("invitations") if typed.strip() else _page(request, new_invitation=made)


def take_back(request: Request, form: QueryParams) -> Response:
    """Take an invitation back."""
    needs_browser(request)
    invitations.take_back(house_of(request), reader_of(request), form.get("invitation", ""))
    return _back("invitations")


def notified(house: House, reader: Reader) -> list[str]:
    """Give the addresses at which a reader is told of changes."""
    return [address.text for address in profile.addresses_of(house, reader)]


def _page(request: Request, *, new_token: str = "", new_invitation: str = "") -> Response:
    house, reader = house_of(request), reader_of(request)
    shown = [each for each in SECTIONS if is_public(request) or not each.only_public]
    return render_with_forms(
        request,
        "account.html",
        headers=_UNSEEN,
        sections=[(each, each.facts(house, reader)) for each in shown],
        new_token=new_token,
        new_invitation=new_invitation,
        scopes=_scopes(request, SCOPES),
        days=_DAYS,
        is_fresh=is_fresh(request),
        may_invite=invitations.may_invite(house, reader),
        at=house.clock(),
        must_add_passkey=needs_passkey(request, visitor_of(request), visitor_of(request).role),
    )


def _scopes(request: Request, wanted: Iterable[str]) -> list[str]:
    """Give those scopes of the wanted ones that the reader may give a token, signed in as they are."""
    reader = reader_of(request)
    return [scope for scope in wanted if reader.may(_NEEDS.get(scope, "reader"))]


def _number(request: Request) -> int:
    number: str = request.path_params["number"]
    if not number.isascii() or not number.isdecimal() or len(number) > 15:  # noqa: PLR2004 - what a number is here
        raise NotFound("There is nothing of this number.")
    return int(number)


def _back(part: str) -> Response:
    return RedirectResponse(f"/account#{part}", status_code=303)
