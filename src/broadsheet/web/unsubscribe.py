"""Unsubscribing by the link in a digest: one click from a mail program (RFC 8058), or a button on our page."""

from collections.abc import Callable, Mapping

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from broadsheet.entrance.asked import house_of
from broadsheet.errors import NotFound
from broadsheet.flow.house import House
from broadsheet.flow.subscribing import managing
from broadsheet.flow.subscribing import unsubscribing as flow
from broadsheet.model.subscription import Subscriber
from broadsheet.web.press import render
from broadsheet.web.subscribe import UNSEEN


def page(request: Request) -> Response:
    """Ask whether digests shall stop; only its button stops them, for programs follow the links in mails."""
    secret = request.path_params["token"]
    return _page(request, flow.look_at(house_of(request), secret))


def one_click(request: Request, form: QueryParams) -> Response:
    """Stop all digests of the link at once: for mail programs as RFC 8058 has it, and for the button of our page."""
    found = flow.one_click(house_of(request), request.path_params["token"])
    if "page" in form:
        return _page(request, found)
    return PlainTextResponse("You are unsubscribed.\n", headers=UNSEEN)


def act(request: Request, _: QueryParams) -> Response:
    """Pause digests instead of stopping them (`pause`), or let them come again (`undo`)."""
    house, secret = house_of(request), request.path_params["token"]
    verb = _ACTS.get(request.path_params["act"])
    if verb is None:
        raise NotFound("There is nothing of this name to do here.")
    verb(house, flow.look_at(house, secret))
    return RedirectResponse(f"/unsubscribe/{secret}", status_code=303, headers=UNSEEN)


_ACTS: Mapping[str, Callable[[House, Subscriber], object]] = {"pause": managing.pause, "undo": managing.resume}


def _page(request: Request, subscriber: Subscriber) -> Response:
    return render(
        request,
        "unsubscribe.html",
        headers=UNSEEN,
        action=request.url.path,
        subscriber=subscriber,
        place=_masked(subscriber),
        count=len(managing.show(house_of(request), subscriber).lists),
    )


def _masked(subscriber: Subscriber) -> str:
    """Name a place so that its owner knows it and nobody to whom a mail was forwarded learns it: a…@example.org."""
    name, at, host = subscriber.address.rpartition("@")
    return f"{name[:1]}…@{host}" if subscriber.way == "mail" and at else ""
