"""What comes where: a reader's own places on one page, and a single one for whoever holds the link in its digests."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.lists import read_list
from broadsheet.entrance.visitor import reader_of
from broadsheet.errors import Conflict, Invalid, NotFound
from broadsheet.flow.house import House
from broadsheet.flow.subscribing import lists, managing, places
from broadsheet.flow.subscribing import signing_up as subscribing
from broadsheet.model.local_time import next_time
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import DAYS, RHYTHMS, Rhythm, Subscriber
from broadsheet.push.asked_for import FIELDS, TITLES
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.delivery import RHYTHM_WORDS, rhythms_of, times_of, zones
from broadsheet.web.permission import is_fresh
from broadsheet.web.press import render
from broadsheet.web.subscribe import UNSEEN, list_of, show, way_of

_MOST_DIGITS = 15
# What is said when something was done, by the word in the address that one is led to.
_DONE: Mapping[str, str] = {
    "confirmed": "You are subscribed. Nothing more to do: the first digest comes when there is something new.",
    "subscribed": "Subscribed.",
    "times": "Kept: digests come so from now on.",
    "add": "The list is added.",
    "rhythm": "The list comes in this rhythm from now on.",
    "remove": "The list is ended.",
    "pause": "Paused: nothing is sent until you resume.",
    "resume": "Digests come again.",
    "end": "Ended: nothing is sent here any more.",
    "secret": "There is a new signing secret. The one before signs too until the next.",
    "try": "A message was sent there. If it has not arrived in a minute, look at what was typed.",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One place as it is shown: what comes there, where its forms are sent to, and the day of its next digest."""

    managed: managing.Managed
    action: str
    next_day: date | None
    title: str


def page(request: Request) -> Response:
    """Show a reader all places that digests go to, what comes there, and when."""
    house, reader = house_of(request), reader_of(request)
    known = [_place(house, each, f"/account/places/{each.id}") for each in managing.of_reader(house, reader)]
    facts = {**_facts(request), "is_fresh": is_fresh(request), "secret_of": partial(places.signing_secret, house)}
    return render_with_forms(request, "subscriptions.html", headers=UNSEEN, places=known, **facts)


def add(request: Request, form: QueryParams) -> Response:
    """Let a list come to an address of a reader's, to a chat or a program, or to a place where others come already."""
    try:
        found = _added(request, form, list_of(request, form))
    except (Invalid, Conflict) as error:
        return show(request, form, error)
    return RedirectResponse(f"/subscriptions?done=subscribed#place-{found.id}", status_code=303, headers=UNSEEN)


def act(request: Request, form: QueryParams) -> Response:
    """Do one thing with a place of a reader's: change its times or a list's rhythm, end a list, pause, resume, end."""
    house, reader = house_of(request), reader_of(request)
    told: str = request.path_params["number"]
    found = managing.one_of(house, reader, _number(told))
    done = _do(request, _OWN, found, form)
    return RedirectResponse(f"/subscriptions?done={done}#place-{found.id}", status_code=303, headers=UNSEEN)


def by_link(request: Request) -> Response:
    """Show what comes to one place, to whoever holds its secret link."""
    house, secret = house_of(request), request.path_params["token"]
    place = _place(house, managing.by_token(house, secret), f"/subscriptions/{secret}")
    return render(request, "managed.html", headers=UNSEEN, place=place, **_facts(request))


def act_by_link(request: Request, form: QueryParams) -> Response:
    """Do one thing with a place, by its secret link: what its reader may, and `add` a list that anybody may see."""
    house, secret = house_of(request), request.path_params["token"]
    done = _do(request, _BY_LINK, managing.by_token(house, secret), form)
    return RedirectResponse(f"/subscriptions/{secret}?done={done}", status_code=303, headers=UNSEEN)


def _added(request: Request, form: QueryParams, wanted: Selection) -> Subscriber:
    house, reader, way = house_of(request), reader_of(request), way_of(form)
    rhythm, times = lists.check_rhythm(wanted, form.get("rhythm", "daily")), times_of(form)
    if form.get("to"):
        found = managing.one_of(house, reader, _number(form["to"]))
        managing.add(house, found, wanted, rhythm, reader=reader)
        return found
    if way == "mail":
        return subscribing.subscribe(house, reader, wanted, rhythm, times, address=form.get("email") or None)
    fields = {each.name: form.get(f"place_{each.name}", "") for each in FIELDS[way]}
    try:
        return subscribing.subscribe_place(house, reader, way, fields, wanted, rhythm, times)
    except Invalid as error:
        raise Invalid(str(error), field=f"place_{error.field}" if error.field in fields else error.field) from None


def _facts(request: Request) -> dict[str, Any]:
    return {
        "done": _DONE.get(request.query_params.get("done", ""), ""),
        "days": DAYS,
        "zones": zones(),
        "rhythms_of": rhythms_of,
        "rhythm_words": RHYTHM_WORDS,
    }


def _place(house: House, subscriber: Subscriber, action: str) -> Place:
    managed = managing.show(house, subscriber)
    kinds = {each.subscription.rhythm for each in managed.lists} - {"now"}
    next_day = _next_day(house, subscriber, kinds) if subscriber.state == "active" else None
    return Place(managed, action, next_day, TITLES[subscriber.way])


def _next_day(house: House, subscriber: Subscriber, kinds: Iterable[Rhythm]) -> date | None:
    return min((next_time(subscriber.times, kind, house.clock())[0] for kind in kinds), default=None)


def _do(request: Request, acts: "_Acts", subscriber: Subscriber, form: QueryParams) -> str:
    """Do what the address names, and give its name."""
    act: str = request.path_params["act"]
    if act not in acts:
        raise NotFound("There is nothing of this name to do here.")
    acts[act](house_of(request), subscriber, form)
    return act


def _number(told: str) -> int:
    if not (told.isascii() and told.isdecimal() and len(told) <= _MOST_DIGITS):
        raise NotFound("There is nothing of this number.")
    return int(told)


def _rhythm(form: QueryParams) -> Rhythm:
    found = next((each for each in RHYTHMS if each == form.get("rhythm", "")), None)
    if found is None:
        raise Invalid("Choose one of the rhythms.", field="rhythm")
    return found


def _set_times(house: House, subscriber: Subscriber, form: QueryParams) -> None:
    managing.set_times(house, subscriber, times_of(form), repeats="once" not in form)


def _change_rhythm(house: House, subscriber: Subscriber, form: QueryParams) -> None:
    managing.change_rhythm(house, subscriber, _number(form.get("subscription", "")), _rhythm(form))


def _add(house: House, subscriber: Subscriber, form: QueryParams) -> None:
    managing.add(house, subscriber, read_list(form.get("list", "")), _rhythm(form), reader=None)


_Acts = Mapping[str, Callable[[House, Subscriber, QueryParams], object]]
_SHARED: _Acts = {
    "times": _set_times,
    "rhythm": _change_rhythm,
    "remove": lambda house, subscriber, form: managing.remove(house, subscriber, _number(form.get("subscription", ""))),
    "pause": lambda house, subscriber, _: managing.pause(house, subscriber),
    "resume": lambda house, subscriber, _: managing.resume(house, subscriber),
    "end": lambda house, subscriber, _: managing.end(house, subscriber),
}
_OWN: _Acts = {
    **_SHARED,
    "try": lambda house, subscriber, _: places.try_out(house, subscriber),
    "secret": lambda house, subscriber, _: places.renew_secret(house, subscriber),
}
_BY_LINK: _Acts = {**_SHARED, "add": _add}
