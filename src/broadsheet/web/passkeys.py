"""Passkeys in a browser: what its device is asked, and what it answers. A script of ours stands between them."""

from starlette.background import BackgroundTask
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.proxies import counted_network
from broadsheet.entrance.visitor import NeedsPasskey, reader_of, visitor_of
from broadsheet.flow.accounts import mails, passkeys
from broadsheet.flow.accounts.ceremonies import NEW_PASSKEY, PASSKEY
from broadsheet.flow.accounts.passkeys import Begun
from broadsheet.web import ceremony
from broadsheet.web.account import notified
from broadsheet.web.next import local_path
from broadsheet.web.permission import needs_fresh_sign_in
from broadsheet.web.sign_in import browser_of, signed_in

# A device's answer, each character of which a form may write as three; and the other fields.
MOST = 3 * 65_536 + 10_000


def ask_to_sign_in(request: Request, _: QueryParams) -> Response:
    """Say what to ask a device for that shall sign in."""
    begun = passkeys.ask_to_sign_in(house_of(request), counted_network(request), visitor_of(request).reader)
    return _asked(begun, PASSKEY)


def sign_in(request: Request, form: QueryParams) -> Response:
    """Sign in whose device answered."""
    secret = ceremony.brought(request, PASSKEY)
    session = passkeys.sign_in(house_of(request), secret, form.get("answer", ""), browser_of(request))
    answer = signed_in(request, session, local_path(form.get("next", "/")))
    ceremony.drop(answer, PASSKEY)
    return answer


def ask_to_add(request: Request, _: QueryParams) -> Response:
    """Say what to ask a device for that shall make a passkey."""
    _may_change(request)
    return _asked(passkeys.ask_to_add(house_of(request), reader_of(request)), NEW_PASSKEY)


def add(request: Request, form: QueryParams) -> Response:
    """Keep the passkey that a device made."""
    _may_change(request)
    secret, answer = ceremony.brought(request, NEW_PASSKEY), form.get("answer", "")
    passkeys.add(house_of(request), reader_of(request), secret, answer, form.get("name", ""))
    back = _back(request, "A passkey was added to your account")
    ceremony.drop(back, NEW_PASSKEY)
    return back


def rename(request: Request, form: QueryParams) -> Response:
    """Call a passkey something else."""
    _may_change(request)
    passkeys.rename(house_of(request), reader_of(request), form.get("passkey", ""), form.get("name", ""))
    return _back(request)


def remove(request: Request, form: QueryParams) -> Response:
    """Forget a passkey."""
    _may_change(request)
    session = visitor_of(request).session
    house, reader = house_of(request), reader_of(request)
    passkeys.remove(house, reader, form.get("passkey", ""), session=session.hash if session else "")
    return _back(request, "A passkey was removed from your account")


def _may_change(request: Request) -> None:
    """Let pass who has just signed in, and a moderator with a passkey only by that.

    Else whoever reads a moderator's mail could make a passkey of their own, and moderate. Raises NotFresh and
    NeedsPasskey.
    """
    needs_fresh_sign_in(request)
    visitor = visitor_of(request)
    if visitor.may("moderator") and visitor.passkeys and visitor.method != "passkey":
        raise NeedsPasskey("Sign in with a passkey that you have to change the passkeys of your account.")


def _asked(begun: Begun, kind: str) -> Response:
    answer = Response(begun.options, media_type="application/json", headers={"Cache-Control": "no-store"})
    ceremony.keep(answer, kind, begun.secret)
    return answer


def _back(request: Request, change: str = "") -> Response:
    house, answer = house_of(request), RedirectResponse("/account#passkeys", status_code=303)
    if change:
        answer.background = BackgroundTask(mails.tell, house, notified(house, reader_of(request)), change)
    return answer
