"""The matrix of authorisation: every route that asks who is there, for everybody who may come (TRUST E6)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from starlette.routing import BaseRoute, Mount, Route
from starlette.testclient import TestClient
from tests.contracts.store import rows
from tests.readers import add_passkey, make_reader
from tests.web.conftest import NOW, Public

from broadsheet.flow.accounts import standing, tokens
from broadsheet.model.reader import Reader
from broadsheet.web.csrf import FIELD
from broadsheet.web.permission import PERMISSIONS
from broadsheet.web.routes import routes

SignIn = Callable[..., str]
ASKING = [route for route in routes() if getattr(route, "permission", "read") != "read"]


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who comes: their role, how they signed in, whether they are suspended, and what a token of theirs is for."""

    role: str = ""
    method: str = ""
    passkey: bool = True
    suspended: bool = False
    scopes: tuple[str, ...] = ()


EVERYBODY = {
    "anybody": Somebody(),
    "reader": Somebody("reader", "link"),
    "suspended": Somebody("reader", "link", suspended=True),
    "moderator": Somebody("moderator", "passkey"),
    "moderator by link": Somebody("moderator", "link"),
    "moderator without passkey": Somebody("moderator", "oidc", passkey=False),
    "suspended moderator": Somebody("moderator", "passkey", suspended=True),
    "admin": Somebody("admin", "passkey"),
    "admin by link": Somebody("admin", "link"),
    "token that reads": Somebody("reader", "token", scopes=("read",)),
    "token that writes": Somebody("reader", "token", scopes=("read", "write")),
    "admin's token that writes": Somebody("admin", "token", scopes=("read", "write")),
    "admin's token that moderates": Somebody("admin", "token", scopes=("moderate",)),
    "admin's token for all": Somebody("admin", "token", scopes=("read", "write", "moderate", "admin")),
}
ALL = {"self", "reader", "moderator", "admin"}
# What each may of what asks for more than a page of ours; whoever is not named may nothing.
MAY: dict[str, set[str]] = {
    "reader": {"self", "reader"},
    "suspended": {"self"},
    "moderator": {"self", "reader", "moderator"},
    "moderator by link": {"self", "reader"},
    "moderator without passkey": {"self", "reader"},
    "suspended moderator": {"self"},
    "admin": ALL,
    "admin by link": {"self", "reader"},
    "token that writes": {"self", "reader"},
    "admin's token that writes": {"self", "reader"},
    "admin's token that moderates": {"moderator"},
    "admin's token for all": ALL,
}


def comes(public: Public, sign_in: SignIn, who: Somebody) -> tuple[TestClient, dict[str, str], str]:
    """Open a browser for somebody; gives it with headers and the token for forms."""
    client = public.client()
    if not who.role:
        return client, {}, ""
    reader: Reader = make_reader(public.house, "somebody", role=who.role)  # type: ignore[arg-type]
    if who.passkey:
        add_passkey(public.house, reader)
    if who.suspended and who.role == "reader":
        standing.suspend(public.house, reader, until=NOW + timedelta(days=1), why="It rained.")
    if who.method == "token":
        _, secret = tokens.make(public.house, reader, "A program", who.scopes, 30)
        headers = {"Authorization": f"Bearer {secret}"}
        assert client.get("/", headers=headers).status_code == 200
        return client, headers, ""
    token = sign_in(client, reader, who.method)
    if who.suspended:
        standing.suspend(public.house, reader, until=NOW + timedelta(days=1), why="It rained.")
    return client, {}, token


def url_of(route: Route) -> str:
    url = route.path
    for name in ("{slug:path}", "{slug}", "{name}", "{number}", "{secret}", "{day}", "{handle}"):
        url = url.replace(name, "1")
    return url.replace("{", "").replace("}", "")


@pytest.mark.parametrize("name", EVERYBODY)
def test_each_route_lets_in_whom_it_says_and_nobody_else(
    public: Public, sign_in: SignIn, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    who = EVERYBODY[name]
    client, headers, _ = comes(public, sign_in, who)
    unexpected, before = [], rows(public.house.store)
    for route in ASKING:
        assert isinstance(route, Route)
        permission = route.permission  # type: ignore[attr-defined]
        if permission in {"guest", "bearer"}:
            continue
        reads = "GET" in (route.methods or set())
        reading = name == "token that reads" and reads and permission in {"self", "reader"}
        may = reading or permission in MAY.get(name, set())
        caplog.clear()
        # What is no form is read by nobody, so whoever is let in gets no further than that.
        sent = {} if reads else {"content": "x", "headers": headers | {"Content-Type": "text/plain"}}
        answer = client.request("GET" if reads else "POST", url_of(route), **({"headers": headers} | sent))
        led = answer.headers.get("location", "").startswith("/sign-in")
        refused = "refused" in {record.message for record in caplog.records}
        if (refused, led) != (not may and bool(who.role), not who.role) or answer.status_code >= 500:
            unexpected.append((route.path, permission, refused, led, answer.status_code))
    assert unexpected == []
    assert rows(public.house.store) == before


def public_reader(public: Public) -> Reader:
    return standing.named(public.house, "somebody")


def test_whoever_asks_says_so_in_the_table() -> None:
    for route in routes():
        if not isinstance(route, Mount):
            assert isinstance(route, BaseRoute)
            assert getattr(route, "permission", "read") in PERMISSIONS
    assert {route.permission for route in ASKING} <= set(PERMISSIONS)  # type: ignore[attr-defined]


def test_a_suspended_reader_is_told_until_when_and_why(public: Public, sign_in: SignIn) -> None:
    client, _, token = comes(public, sign_in, EVERYBODY["suspended"])
    answer = client.post("/account", data={"name": "New", FIELD: token})
    assert answer.status_code == 403
    assert "suspended until 21 November 2026, 12:00 UTC" in answer.text
    assert "It rained." in answer.text


def test_a_suspension_ends_by_itself(public: Public, sign_in: SignIn) -> None:
    client, _, token = comes(public, sign_in, EVERYBODY["suspended"])
    standing.suspend(public.house, public_reader(public), until=NOW, why="")
    assert client.post("/account", data={"name": "New", FIELD: token}).status_code == 303


def test_a_moderator_is_told_to_add_a_passkey(public: Public, sign_in: SignIn) -> None:
    client, _, token = comes(public, sign_in, EVERYBODY["admin by link"])
    answer = client.post("/status/x/pause", data={FIELD: token})  # type: ignore[attr-defined]
    assert (answer.status_code, "sign in with a passkey" in answer.text) == (403, True)


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer x", "bearer bst_x", "Bearer bst_" + "A" * 38])
def test_a_token_that_is_none_opens_nothing_not_even_what_all_may_read(public: Public, header: str) -> None:
    for url in ("/", "/account", "/search?q=tea"):
        answer = public.client().get(url, headers={"Authorization": header})
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
