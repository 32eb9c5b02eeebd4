"""Who may do what by a program: every address of the API, asked by everybody who should not be answered."""

from typing import Any

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient
from tests.api.conftest import FULL, Town
from tests.readers import make_reader

from broadsheet.api.v1.app import ROOMS
from broadsheet.flow.accounts import tokens
from broadsheet.flow.house import House
from broadsheet.flow.lists import labels as labelling
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.paper import show
from broadsheet.flow.reading import saved_searches
from broadsheet.flow.talking.say import say
from broadsheet.model.query import Query
from broadsheet.site import create_app

VALUES = {"paper_id": FULL, "number": "1", "emoji": "🎉", "slug": "kept", "mark": "read", "kind": "category",
          "target": "cs.CL", "name": "2026-03-06"}  # fmt: skip
# What everybody may read.
OPEN = {"/lists/{kind}", "/lists/{kind}/{name:path}", "/papers", "/papers/{paper_id:path}/comments",
        "/papers/{paper_id:path}", "/suggest", "/facets", "/status"}  # fmt: skip
# A body that each of these takes; the others take none.
BODIES: dict[str, Any] = {
    "/papers/{paper_id:path}/comments": {"body": "Well boiled."},
    "/comments/{number}": {"body": "Well boiled."},
    "/submissions": {"asked": "2401.00001"},
    "/labels": {"name": "Mine"},
    "/labels/{slug}": {"name": "Mine"},
    "/searches": {"name": "Mine", "query": {"q": "steam"}},
    "/searches/{slug}": {"name": "Mine", "query": {"q": "steam"}},
}
ROUTES = sorted(
    {
        (method, route.path)
        for room in ROOMS
        for route in room.router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
)
WRITES = [(method, path) for method, path in ROUTES if method != "GET"]
PRIVATE = [(method, path) for method, path in ROUTES if method == "GET" and path not in OPEN]


def asked(path: str) -> str:
    for name, value in VALUES.items():
        path = path.replace(f"{{{name}:path}}", value).replace(f"{{{name}}}", value)
    return "/api/v1" + path


def ids(routes: list[tuple[str, str]]) -> list[str]:
    return [f"{method} {path}" for method, path in routes]


def test_every_address_of_the_table_is_in_the_document(town: Town) -> None:
    told = town.get("/api/v1/openapi.json").json()["paths"]
    documented = {(method.upper(), path) for path, methods in told.items() for method in methods}
    assert documented == {(method, path.replace(":path", "")) for method, path in ROUTES}


@pytest.mark.parametrize(("method", "path"), WRITES, ids=ids(WRITES))
def test_nothing_is_changed_without_a_token_that_may_write(town: Town, method: str, path: str) -> None:
    url, body = asked(path), BODIES.get(path)
    anybody = town.client.request(method, url, json=body)
    assert (anybody.status_code, anybody.headers["www-authenticate"]) == (401, "Bearer")
    assert town.ask(method, url, "hf_" + "a" * 34, body).status_code == 401
    reads = town.ask(method, url, town.reads, body)
    assert (reads.status_code, reads.json()["type"]) == (403, "/docs/api#refused")


@pytest.mark.parametrize(("method", "path"), WRITES, ids=ids(WRITES))
def test_who_is_suspended_changes_nothing(town: Town, suspended: str, method: str, path: str) -> None:
    assert town.ask(method, asked(path), suspended, BODIES.get(path)).status_code == 403


@pytest.mark.parametrize(("method", "path"), PRIVATE, ids=ids(PRIVATE))
def test_what_is_private_is_told_to_its_reader_alone(town: Town, only_writes: str, method: str, path: str) -> None:
    url = asked(path)
    assert town.client.get(url).status_code == 401
    mine = town.ask(method, url, town.reads)
    assert mine.status_code in {200, 404}
    if path != "/me":
        assert town.ask(method, url, only_writes).status_code == 403
    assert "etag" not in mine.headers
    assert mine.headers["cache-control"] in {"private, no-store", "no-store"}


@pytest.mark.parametrize("path", sorted(OPEN))
def test_a_token_that_was_not_made_for_reading_reads_nothing_of_its_own(
    town: Town, only_writes: str, path: str
) -> None:
    url = asked(path.replace("{kind}", "day")) + (f"?ids={FULL}" if path == "/papers" else "")
    assert town.get(url).status_code == 200
    status = town.ask("GET", url, only_writes).status_code
    assert status == (200 if path in {"/suggest", "/facets", "/status"} else 403)


def test_what_another_reader_has_is_as_if_it_were_not_there(town: Town, bea: str) -> None:
    number = say(town.house, town.ann, show(town.house, FULL).id, "Said by Ann").id
    labelling.make(town.house, town.ann, Wanted("Secret"))
    saved_searches.save(town.house, "Secret", Query(text="secret"), reader=town.ann)
    for method, url, body in (
        ("PATCH", f"/comments/{number}", {"body": "Said by Bea"}),
        ("DELETE", f"/comments/{number}", None),
        ("GET", "/labels/secret", None),
        ("PATCH", "/labels/secret", {"seen_by": "all"}),
        ("DELETE", "/labels/secret", None),
        ("PUT", f"/labels/secret/papers/{FULL}", {"note": "Bea"}),
        ("DELETE", f"/labels/secret/papers/{FULL}", None),
        ("GET", "/searches/secret", None),
        ("PUT", "/searches/secret", {"name": "Bea", "query": {"q": "bea"}}),
        ("DELETE", "/searches/secret", None),
        ("GET", "/lists/label/ann/secret", None),
        ("GET", "/lists/saved/secret", None),
        ("PUT", "/following/label/ann/secret", None),
    ):
        assert town.ask(method, f"/api/v1{url}", bea, body).status_code == 404, url
    assert town.get("/api/v1/lists/label/ann/secret").status_code == 404
    (said,) = [
        each for each in town.get(f"/api/v1/papers/{FULL}/comments").json()["comments"] if each["number"] == number
    ]
    assert said["body"] == "Said by Ann"


def test_a_program_at_the_machine_is_not_its_owner(at_home: House) -> None:
    with TestClient(create_app(at_home), base_url="http://localhost") as client:
        assert client.get("/api/v1/lists/day").status_code == 200
        for method, path in (*WRITES, *PRIVATE):
            assert client.request(method, asked(path), json=BODIES.get(path)).status_code == 401, path
        assert client.get("/api/v1/lists/following").status_code == 401


def test_a_moderator_s_token_without_that_scope_shows_no_more_than_a_reader_s(town: Town) -> None:
    mod = make_reader(town.house, "mod", role="moderator")
    _, secret = tokens.make(town.house, mod, "Reads", ["read"], 1)
    assert town.ask("GET", "/api/v1/me", secret).json()["role"] == "reader"


@pytest.fixture(scope="module")
def suspended(town: Town) -> str:
    late = make_reader(town.house, "idle")
    _, secret = tokens.make(town.house, late, "Late", ["read", "write"], 1)
    with town.house.store.writing() as connection:
        connection.exec_driver_sql("UPDATE readers SET state = 'suspended' WHERE handle = 'idle'")
    return secret


@pytest.fixture(scope="module")
def only_writes(town: Town) -> str:
    return tokens.make(town.house, town.ann, "Only writes", ["write"], 1)[1]


@pytest.fixture(scope="module")
def bea(town: Town) -> str:
    return tokens.make(town.house, make_reader(town.house, "bea"), "Bea", ["read", "write"], 1)[1]
