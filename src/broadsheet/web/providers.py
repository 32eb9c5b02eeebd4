"""Signing in with another site's word: there, back, and on to an account, a new one or the one that is open.

No form leads away from us, as our policy has it (CSP ``form-action``): a page does, by itself. Who comes back is shown
a page with one button, for following a link changes nothing here; with JavaScript it presses itself.
"""

from urllib.parse import parse_qsl

from starlette.background import BackgroundTask
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.credentials.secret import hash_of
from broadsheet.entrance.asked import house_of
from broadsheet.entrance.proxies import counted_network
from broadsheet.entrance.visitor import reader_of, visitor_of
from broadsheet.errors import Invalid
from broadsheet.flow.accounts import mails, newcomers, providers
from broadsheet.flow.accounts.ceremonies import JOINING, PROVIDER
from broadsheet.flow.accounts.providers import Back, Purpose
from broadsheet.web import ceremony
from broadsheet.web.account import notified
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.next import local_path
from broadsheet.web.permission import needs_fresh_sign_in
from broadsheet.web.press import render
from broadsheet.web.sign_in import browser_of, signed_in

_UNSEEN = {"Cache-Control": "no-store"}
_LONGEST_ANSWER, _MOST_FIELDS = 16_384, 50


def begin(request: Request, form: QueryParams) -> Response:
    """Lead to another site, to sign in there; ``letter`` is an invitation to join by."""
    letter = form.get("letter", "")
    purpose = Purpose(local_path(form.get("next", "/")), letter=hash_of(letter) if letter else "")
    return _lead_on(request, request.path_params["name"], purpose)


def link(request: Request, form: QueryParams) -> Response:
    """Lead to another site, to link the account there to this one."""
    needs_fresh_sign_in(request)
    return _lead_on(request, form.get("site", ""), Purpose(reader_id=reader_of(request).id))


def back(request: Request) -> Response:
    """Take up who comes back, and hand what they bring to ``finish``."""
    name = request.path_params["name"]
    called = providers.called(house_of(request), name)
    facts = {"name": name, "called": called, "answer": request.url.query}
    return render_with_forms(request, "returning.html", guests=True, headers=_UNSEEN, **facts)


def finish(request: Request, form: QueryParams) -> Response:
    """Sign in who came back, link their account, or let them join."""
    house = house_of(request)
    providers.count_asking(house, counted_network(request))
    came_back = Back(ceremony.brought(request, PROVIDER), _answer(form))
    reader = visitor_of(request).reader
    ended = providers.finish(house, request.path_params["name"], came_back, browser_of(request), reader)
    if ended.session:
        answer = signed_in(request, ended.session, ended.going_to)
    else:
        answer = RedirectResponse(ended.going_to, status_code=303, headers=_UNSEEN)
    if ended.joining:
        ceremony.keep(answer, JOINING, ended.joining)
    elif reader and not ended.session:
        known = notified(house, reader)
        answer.background = BackgroundTask(mails.tell, house, known, "Another site can sign you in now")
    ceremony.drop(answer, PROVIDER)
    return answer


def joining(request: Request) -> Response:
    """Ask somebody new how others shall know them."""
    newcomer = newcomers.look_at(house_of(request), ceremony.brought(request, JOINING))
    return render_with_forms(request, "joining_with.html", guests=True, headers=_UNSEEN, newcomer=newcomer)


def join(request: Request, form: QueryParams) -> Response:
    """Make a reader of somebody new, and sign them in."""
    house, secret = house_of(request), ceremony.brought(request, JOINING)
    newcomer = newcomers.look_at(house, secret)
    joined = newcomers.join(house, secret, form.get("handle", ""), form.get("name", ""), browser_of(request))
    answer = signed_in(request, joined.secret, newcomer.going_to)
    ceremony.drop(answer, JOINING)
    return answer


def unlink(request: Request, form: QueryParams) -> Response:
    """Forget an account elsewhere."""
    needs_fresh_sign_in(request)
    session = visitor_of(request).session
    house, reader = house_of(request), reader_of(request)
    issuer, subject = form.get("issuer", ""), form.get("subject", "")
    providers.unlink(house, reader, issuer, subject, session=session.hash if session else "")
    task = BackgroundTask(mails.tell, house, notified(house, reader), "Another site signs you in no more")
    return RedirectResponse("/account#providers", status_code=303, background=task)


def _lead_on(request: Request, name: str, purpose: Purpose) -> Response:
    house = house_of(request)
    providers.count_asking(house, counted_network(request))
    begun = providers.begin(house, name, purpose)
    answer = render(request, "leaving.html", headers=_UNSEEN, called=begun.site, url=begun.url)
    ceremony.keep(answer, PROVIDER, begun.secret)
    return answer


def _answer(form: QueryParams) -> list[tuple[str, str]]:
    """Read the query that a browser came back with."""
    told = form.get("answer", "")
    if told.count("&") >= _MOST_FIELDS or len(told) > _LONGEST_ANSWER:
        raise Invalid("This is no answer of another site. Go back and sign in again.", field="answer")
    return parse_qsl(told, keep_blank_values=True)
