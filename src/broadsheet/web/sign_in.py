"""Signing in and out: the page that asks for an address, the letter that comes back, and the cookie."""

from starlette.background import BackgroundTask
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.credentials.mail_address import read_mail_address
from broadsheet.entrance.asked import house_of
from broadsheet.entrance.proxies import counted_network, rough_network
from broadsheet.entrance.visitor import COOKIE, is_public, reader_of, visitor_of
from broadsheet.flow.accounts import letters, mails, providers, sessions
from broadsheet.flow.accounts import sign_in as flow
from broadsheet.flow.accounts.profile import addresses_of
from broadsheet.web import subscribe
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.next import local_path
from broadsheet.web.press import render

_UNSEEN = {"Cache-Control": "no-store"}


def page(request: Request) -> Response:
    """Ask for the address that a link to sign in is mailed to; at the machine, lead on, for there nobody signs in."""
    going_to = local_path(request.query_params.get("next", "/"))
    if not is_public(request):
        return RedirectResponse(going_to, status_code=303)
    facts = {"going_to": going_to, "providers": providers.offered(house_of(request))}
    return render_with_forms(request, "sign_in.html", guests=True, headers=_UNSEEN, **facts)


def ask(request: Request, form: QueryParams) -> Response:
    """Mail a link to the address, once the answer is out; the answer is the same for every address."""
    address = read_mail_address(form.get("email", ""))
    house = house_of(request)
    flow.count_asking(house, counted_network(request))
    going_to = local_path(form.get("next", "/"))
    task = BackgroundTask(flow.ask, house, address, going_to)
    return RedirectResponse("/sign-in/sent", status_code=303, headers=_UNSEEN, background=task)


def sent(request: Request) -> Response:
    """Say that a link is on its way, if there is an account that it could open."""
    return render(request, "sign_in_sent.html", headers=_UNSEEN)


def letter(request: Request) -> Response:
    """Show what a letter is for, with a button: programs that look into mails follow links, and press none."""
    secret = request.path_params["secret"]
    found = letters.look_at(house_of(request), secret)
    if found.kind == letters.SUBSCRIBE:
        return subscribe.letter(request, found, secret)
    joins = found.kind in {letters.JOIN, letters.INVITATION} or (
        found.kind == letters.FIRST_RUN and not found.reader_id
    )
    return render_with_forms(
        request,
        "joining.html" if joins else "letter.html",
        guests=True,
        headers=_UNSEEN,
        letter=found,
        secret=secret,
        needs_address=found.kind == letters.INVITATION and not found.address,
        providers=providers.offered(house_of(request)) if found.kind == letters.INVITATION else {},
    )


def open_letter(request: Request, form: QueryParams) -> Response:
    """Sign in who brings a letter back."""
    house = house_of(request)
    flow.count_opening(house, counted_network(request))
    opened = flow.open_letter(house, form.get("letter", ""), browser_of(request))
    return signed_in(request, opened.secret, opened.going_to)


def add_address(request: Request, form: QueryParams) -> Response:
    """Keep an address that a reader has shown to be theirs."""
    house = house_of(request)
    flow.count_opening(house, counted_network(request))
    reader = reader_of(request)
    known = [address.text for address in addresses_of(house, reader)]
    flow.add_address(house, reader.id, form.get("letter", ""))
    task = BackgroundTask(mails.tell, house, known, "Another address was added to your account")
    return RedirectResponse("/account#addresses", status_code=303, background=task)


def sign_out(request: Request, _: QueryParams) -> Response:
    """End the session of this browser, and have it forget all that it kept of our pages."""
    visitor = visitor_of(request)
    if visitor.reader and visitor.session:
        sessions.end(house_of(request), visitor.reader, visitor.session.hash)
    answer = RedirectResponse("/", status_code=303, headers={**_UNSEEN, "Clear-Site-Data": '"cache"'})
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return answer


def browser_of(request: Request) -> sessions.Browser:
    """Tell where a session begins."""
    return sessions.Browser(request.headers.get("user-agent", ""), rough_network(request))


def signed_in(request: Request, secret: str, going_to: str) -> Response:
    """Hand a new session to the browser, end the one it had, and lead on to a path of ours."""
    visitor, house = visitor_of(request), house_of(request)
    if visitor.reader and visitor.session:
        sessions.end(house, visitor.reader, visitor.session.hash)
    answer = RedirectResponse(local_path(going_to), status_code=303, headers=_UNSEEN)
    age_s = house.settings.session_days * 86_400
    answer.set_cookie(COOKIE, secret, max_age=age_s, path="/", secure=True, httponly=True, samesite="lax")
    return answer
