"""Subscribing to a list: the page that asks how it shall come, and the letter that confirms an address."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.background import BackgroundTask
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.credentials.mail_address import read_mail_address
from broadsheet.entrance.asked import house_of
from broadsheet.entrance.lists import read_list
from broadsheet.entrance.proxies import counted_network
from broadsheet.entrance.visitor import reader_of, visitor_of
from broadsheet.errors import BroadsheetError, Conflict, Invalid, Refused
from broadsheet.flow.accounts.profile import addresses_of
from broadsheet.flow.subscribing import lists, managing
from broadsheet.flow.subscribing import signing_up as flow
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import DAYS, WAYS, Times, Way
from broadsheet.push.asked_for import FIELDS, TITLES
from broadsheet.store.letters import Letter
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.delivery import RHYTHM_WORDS, rhythms_of, times_of, typed_times, zones
from broadsheet.web.press import render

UNSEEN = {"Cache-Control": "no-store"}
_USUAL = "/trending"


def page(request: Request) -> Response:
    """Ask how, how often and when a list (`list`, the address of its page) shall come; `way` is mail or a service."""
    return show(request, request.query_params)


def begin(request: Request, form: QueryParams) -> Response:
    """Ask the same with an address filled in that was typed on another page; nothing is kept."""
    return show(request, form)


def ask(request: Request, form: QueryParams) -> Response:
    """Mail a link to the address, once the answer is out; the answer is the same for every address."""
    house, selection = house_of(request), list_of(request, form)
    try:
        rhythm, times = lists.check_rhythm(selection, form.get("rhythm", "daily")), times_of(form)
        address = read_mail_address(form.get("email", ""))
    except Invalid as error:
        return show(request, form, error)
    flow.count_asking(house, counted_network(request))
    task = BackgroundTask(flow.ask, house, address, selection, rhythm, times)
    return RedirectResponse("/subscribe/sent", status_code=303, headers=UNSEEN, background=task)


def sent(request: Request) -> Response:
    """Say that a link to confirm the address is on its way."""
    return render(request, "subscribe_sent.html", headers=UNSEEN)


def confirm(request: Request, form: QueryParams) -> Response:
    """Subscribe the address that a letter was mailed to, and lead to what comes there."""
    house = house_of(request)
    flow.count_confirming(house, counted_network(request))
    found = flow.confirm(house, form.get("letter", ""))
    return RedirectResponse(f"{managing.path_of(house, found)}?done=confirmed", status_code=303, headers=UNSEEN)


def letter(request: Request, found: Letter, secret: str) -> Response:
    """Show what a letter subscribes to, with a button: programs that look into mails follow links, and press none."""
    asked = flow.asked_by(found)
    title, path = lists.titled(house_of(request), asked.selection, None)
    facts = {"rhythm": RHYTHM_WORDS[asked.rhythm], "weekday": DAYS[asked.times.weekday], "title": title}
    return render_with_forms(
        request,
        "letter_subscribe.html",
        guests=True,
        headers=UNSEEN,
        asked=asked,
        list_url=path,
        secret=secret,
        **facts,
    )


def list_of(request: Request, form: QueryParams) -> Selection:
    """Read the list that a form or an address names; asks to sign in who wants one that is a reader's own."""
    try:
        wanted = read_list(form.get("list", "") or _USUAL)
        return lists.check(house_of(request), wanted, visitor_of(request).reader)
    except Refused:
        reader_of(request)
        raise


def show(request: Request, form: QueryParams, error: BroadsheetError | None = None) -> Response:
    """Show the page with what was typed; ``error`` says what was wrong with it."""
    house, reader, selection = house_of(request), visitor_of(request).reader, list_of(request, form)
    title, path = lists.titled(house, selection, reader)
    way = way_of(form) if reader else "mail"
    known = [each for each in managing.of_reader(house, reader) if each.state != "ended"] if reader else []
    addresses = [each.text for each in addresses_of(house, reader)] if reader else []
    to = form.get("email") or next(iter(addresses), "")
    usual = min(known, key=lambda each: (each.way != way, each.address != to), default=None)
    return render_with_forms(
        request,
        "subscribe.html",
        guests=True,
        status=200 if error is None else 409 if isinstance(error, Conflict) else 400,
        headers=UNSEEN,
        title=title,
        list_url=path,
        way=way,
        ways=[(TITLES[each], _url(path, each), each == way) for each in (WAYS if reader else WAYS[:1])],
        fields=FIELDS.get(way, ()),
        places=[each for each in known if each.way == way != "mail"],
        addresses=addresses,
        rhythms=rhythms_of(selection),
        zones=zones(),
        typed=_typed(form, usual.times if usual else Times()),
        guess=not known and error is None,
        problem=str(error) if error else "",
        wrong=getattr(error, "field", ""),
    )


def way_of(form: QueryParams) -> Way:
    """Read how a list shall come, `way`; by mail where nothing else is said."""
    return next((each for each in WAYS if each == form.get("way", "")), "mail")


def _url(path: str, way: Way) -> str:
    return "/subscribe?" + urlencode({"list": path} | ({"way": way} if way != "mail" else {}))


def _typed(form: QueryParams, times: Times) -> Mapping[str, Any]:
    """Give what fields hold; secrets of other services are shown to nobody, and so typed once more."""
    told = {name: form.get(name, "") for name in ("email", "to")}
    places = {f"place_{each.name}": "" for fields in FIELDS.values() for each in fields}
    shown = {f"place_{each.name}" for fields in FIELDS.values() for each in fields if not each.secret}
    places |= {name: form.get(name, "") for name in shown}
    return {**told, **places, **typed_times(form, times), "rhythm": form.get("rhythm", "daily")}
