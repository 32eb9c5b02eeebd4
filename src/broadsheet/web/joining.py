"""Joining: the forms behind an invitation or a mailed letter."""

from starlette.background import BackgroundTask
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.credentials.mail_address import read_mail_address
from broadsheet.entrance.asked import house_of
from broadsheet.entrance.proxies import counted_network
from broadsheet.flow.accounts import joining as flow
from broadsheet.flow.accounts import letters, profile
from broadsheet.flow.accounts.sign_in import count_opening
from broadsheet.web.sign_in import browser_of, signed_in


def accept(request: Request, form: QueryParams) -> Response:
    """Mail a letter to who accepts an invitation, once the answer is out."""
    house, secret, typed = house_of(request), form.get("letter", ""), form.get("email", "")
    count_opening(house, counted_network(request))
    read_mail_address(typed)
    letters.look_at(house, secret)
    return RedirectResponse(
        "/sign-in/sent", status_code=303, background=BackgroundTask(flow.accept, house, secret, typed)
    )


def join(request: Request, form: QueryParams) -> Response:
    """Make a reader of who brings a letter, sign them in, and mail a letter to the first administrator's address."""
    house, typed = house_of(request), form.get("email", "")
    count_opening(house, counted_network(request))
    if typed:
        read_mail_address(typed)
    joined = flow.join(house, form.get("letter", ""), form.get("handle", ""), form.get("name", ""), browser_of(request))
    answer = signed_in(request, joined.secret, "/account" if typed else "/")
    if typed:
        answer.background = BackgroundTask(profile.ask_to_add, house, joined.reader, typed)
    return answer
