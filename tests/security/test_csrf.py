"""Forms of other pages change nothing, and neither does any GET (TRUST E5; ASVS 5.0, 3.5)."""

import hashlib
from collections.abc import Mapping
from typing import Any

import pytest
from starlette.routing import Route
from tests.contracts.store import rows
from tests.security.forms import Form, Site, addresses, gets, posts
from tests.security.world import VISITORS, Caller, World
from tests.web.conftest import PUBLIC

from broadsheet.web.csrf import FIELD, PUBLIC_COOKIE

Sites = dict[str, Site]
# What changes nothing, or is proved by the secret in its address, is taken from any page.
CHANGING = [route for route in posts() if getattr(route, "permission", "") not in {"read", "bearer"}]
KINDS = ("owner", "other reader", "admin", "anybody", "newcomer")
FORM = "application/x-www-form-urlencoded"


def form_of(sites: Sites, route: Route) -> tuple[str, Form]:
    """Give a form for the route from a page of the world, and who saw it there."""
    wanted = {"guest": ("anybody", "newcomer"), "moderator": ("admin",), "admin": ("admin",)}
    for kind in wanted.get(getattr(route, "permission", ""), ()) + KINDS:
        for form in sites[kind].forms.get(route.path, ()):
            if FIELD in form.fields:
                return kind, form
    raise AssertionError(
        f"No page of the world has a form with a field {FIELD!r} for POST {route.path}: give its template the hidden "
        "field with form_token, and put the thing that the form is about into tests/security/things.py."
    )


def digest(world: World) -> str:
    return hashlib.sha256(repr(rows(world.house.store)).encode()).hexdigest()


def forgeries(form: Form, others: str) -> dict[str, tuple[dict[str, str], Mapping[str, str]]]:
    """Give what other pages can send, as the fields and headers of it."""
    honest = dict(form.fields)
    plain = {name: value for name, value in honest.items() if name != FIELD}
    return {
        "no token": (plain, {}),
        "an empty token": ({**plain, FIELD: ""}, {}),
        "another's token": ({**plain, FIELD: others}, {}),
        "a longer token": ({**plain, FIELD: honest[FIELD] + "0"}, {}),
        "another origin": (honest, {"Origin": "https://evil.example"}),
        "an origin that begins as ours": (honest, {"Origin": f"{PUBLIC}.evil.example"}),
        "our host without TLS": (honest, {"Origin": PUBLIC.replace("https", "http")}),
        "an opaque origin": (honest, {"Origin": "null"}),
        "another site": (honest, {"Sec-Fetch-Site": "cross-site"}),
        "a neighbour": (honest, {"Sec-Fetch-Site": "same-site"}),
        "plain text": (honest, {"Content-Type": "text/plain"}),
        "JSON": (honest, {"Content-Type": "application/json"}),
        "parts": (honest, {"Content-Type": "multipart/form-data; boundary=x"}),
    }


@pytest.mark.parametrize("route", CHANGING, ids=lambda route: route.path)
def test_forms_of_other_pages_are_refused_and_change_nothing(world: World, sites: Sites, route: Route) -> None:
    from urllib.parse import urlencode

    kind, form = form_of(sites, route)
    other = "other reader" if kind != "other reader" else "owner"
    caller = world.caller(kind)
    browser = shown(caller, form)
    others = shown(world.caller(other if kind != "anybody" else "anybody"), form, either=True).fields.get(
        FIELD, "x" * 64
    )
    passed = []
    for name, (fields, headers) in forgeries(browser, others).items():
        version = world.version()
        body = urlencode(fields)
        answer = caller.client.post(form.action, content=body, headers={"Content-Type": FORM, **headers})
        if answer.status_code not in {403, 415} or world.version() != version:
            passed.append((name, answer.status_code, world.version() - version))
    assert passed == []
    beside = caller.client.post(f"{form.action}?{urlencode(browser.fields)}", headers={"Content-Type": FORM})
    assert beside.status_code == 403, "a token in the address was taken"


def shown(caller: Caller, form: Form, *, either: bool = False) -> Form:
    """Give the form as this browser is shown it now, with its own token and cookie."""
    from tests.security.forms import read_forms

    page = caller.client.get(form.page)
    found = [each for each in read_forms(page.text, form.page) if each.action == form.action]
    found = found or (list(read_forms(caller.client.get("/sign-in").text, "/sign-in")) if either else [])
    assert found or either, f"{form.page} shows {caller.kind} no form for {form.action} the second time."
    return found[0] if found else form


@pytest.mark.parametrize("route", CHANGING, ids=lambda route: route.path)
def test_the_same_form_from_our_own_page_is_taken(world: World, sites: Sites, route: Route) -> None:
    kind, form = form_of(sites, route)
    caller = world.caller(kind)
    own = {"Origin": PUBLIC, "Sec-Fetch-Site": "same-origin"}
    try:
        answer = caller.client.post(form.action, data=shown(caller, form).fields, headers=own)
    finally:
        world.restore()
    assert "This form " not in answer.text, "The form of our own page was taken for another's."
    assert answer.status_code < 500 or answer.status_code == 503  # who is asked elsewhere is not there


@pytest.mark.parametrize("kind", VISITORS)
def test_looking_at_everything_changes_nothing(world: World, kind: str) -> None:
    caller, before, version = world.caller(kind), digest(world), world.version()
    for route in gets():
        for url in addresses(world, route):
            for method in ("GET", "HEAD", "OPTIONS"):
                answer = caller.client.request(method, f"{url}?why=x&name=New&body=x&act=hide&token=x")
                assert answer.status_code < 500, (method, url)
    assert (digest(world), world.version()) == (before, version)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
def test_what_takes_forms_takes_nothing_else(world: World, sites: Sites, method: str) -> None:
    readable = {route.path for route in gets()}
    caller, version = world.caller("admin"), world.version()
    taken = []
    for route in CHANGING:
        kind, form = form_of(sites, route)
        if method in {"GET", "HEAD"} and route.path in readable:
            continue
        answer: Any = caller.client.request(method, form.action, params=form.fields)
        if answer.status_code not in {303, 308, 403, 404, 405}:
            taken.append((route.path, kind, answer.status_code))
    assert (taken, world.version()) == ([], version)


def test_guests_share_no_token(world: World) -> None:
    first, second = world.caller("anybody").client, world.caller("anybody").client
    tokens = {client.get("/sign-in").text.partition('name="token" value="')[2][:64] for client in (first, second)}
    assert len(tokens) == 2
    assert first.cookies[PUBLIC_COOKIE] != second.cookies[PUBLIC_COOKIE]
