"""What stands before every page that changes something: permission, and forms of our own only."""

from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from typing import Any

import pytest
from starlette.routing import Mount, Route
from starlette.testclient import TestClient
from tests.contracts.store import rows
from tests.empty_store import empty_home
from tests.web.conftest import NOW, Page
from tests.web.owner import HERE, browser, token
from tests.web.serving import serving

from broadsheet.flow.house import House
from broadsheet.flow.reading import saved_searches as flow
from broadsheet.model.harvest import Source
from broadsheet.model.query import Query
from broadsheet.model.record import Problem
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.store import gaps, problems, sources
from broadsheet.web.csrf import COOKIE, FIELD
from broadsheet.web.form import MAX_BODY, MAX_FIELDS
from broadsheet.web.permission import PERMISSIONS
from broadsheet.web.routes import routes
from broadsheet.wiring import open_house

KEPT = Source(
    id=1, name="kept", kind="arxiv", every_s=3600, at=NOW, next_at=NOW + timedelta(hours=1), failures=1, trouble="Busy."
)
READING = {"GET", "HEAD"}
WRITES = [
    ("/searches", {"q": "tea", "name": "New"}),
    ("/searches/kept", {"name": "Other"}),
    ("/searches/kept/delete", {}),
    ("/status/kept/pause", {}),
    ("/status/kept/resume", {}),
    ("/status/kept/run", {}),
    ("/status/kept/problems/1/retry", {}),
    ("/status/kept/problems/1/ignore", {}),
    ("/status/kept/gaps/1/ignore", {}),
]
# Saved searches, and what only administrators may; the matrix of all routes and readers is in test_permission.py.
OWNS = [
    route
    for route in routes()
    if getattr(route, "permission", "") in {"admin", "reader"} and route.path.startswith(("/se", "/status/{name}"))
]


@pytest.fixture
def house(tmp_path: Any) -> Iterator[House]:
    """A house of the test's own, with one saved search, one source that failed, and one problem."""
    with open_house(Settings(home=empty_home(tmp_path / "home")), clock=lambda: NOW) as opened:
        flow.save(opened, "Kept", Query(text="kettle"))
        with opened.store.writing() as connection:
            sources.add(connection, KEPT)
            gaps.found(connection, "day", "kept", ["2026-11-19"], NOW)
            problems.note(connection, [Problem("kept", "1", "no-title", "None.", "{'title': 'Tea'}")], at=NOW)
        yield opened


@pytest.fixture
def owner(house: House) -> Iterator[TestClient]:
    with browser(house) as client:
        yield client


def changed(house: House) -> bool:
    """Tell whether the searches, the source or the problem are other than at the start."""
    with house.store.reading() as connection:
        others = sources.everything(connection), problems.count(connection), len(gaps.page(connection, 9))
    names = [(saved.slug, saved.name) for saved in flow.list_saved(house)]
    return (names, *others) != ([("kept", "Kept")], (KEPT,), 1, 1)


def test_every_route_that_can_write_declares_its_permission() -> None:
    for route in routes():
        if isinstance(route, Mount):
            continue
        assert isinstance(route, Route)
        if (route.methods or set()) - READING:
            assert getattr(route, "permission", None) in PERMISSIONS, route.path
    assert {route.path for route in OWNS} == {
        "/searches",
        "/searches/{slug}",
        "/searches/{slug}/delete",
        "/status/{name}/pause",
        "/status/{name}/resume",
        "/status/{name}/run",
        "/status/{name}/problems/{number}/retry",
        "/status/{name}/problems/{number}/ignore",
        "/status/{name}/gaps/{number}/ignore",
    }


@pytest.mark.parametrize(("url", "form"), WRITES)
def test_the_owner_may_write(owner: TestClient, house: House, url: str, form: dict[str, str]) -> None:
    answer = owner.post(url, data=form | {FIELD: token(owner)}, headers={"Origin": HERE})
    assert (answer.status_code, changed(house)) == (303, True)


def test_the_tests_write_to_every_route_that_writes() -> None:
    assert len(WRITES) == len(OWNS)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9000"},
        {"Origin": "http://localhost:8000"},
        {"Origin": "https://127.0.0.1:8000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": HERE},
        {"Host": "evil.example"},
        {"Host": "evil.example:8000", "Origin": "http://evil.example:8000"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "localhost.evil.example"},
        {"Host": "evil@127.0.0.1"},
        {"Host": "127.0.0.1:8000, evil.example"},
        {"Host": "0.0.0.0"},  # noqa: S104 - that it is refused is the test
        {"Host": "192.168.1.2:8000"},
        {"Host": "2130706433"},
        {"Host": ""},
        {"Forwarded": "for=192.0.2.60"},
        {"X-Forwarded-For": "192.0.2.60"},
        {"X-Forwarded-For": ""},
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-Host": "papers.example"},
        {"X-Real-IP": "127.0.0.1"},
        {"Via": "1.1 proxy"},
        {"CF-Connecting-IP": "192.0.2.60"},
    ],
)
@pytest.mark.parametrize(("url", "form"), WRITES)
def test_who_is_not_at_the_machine_may_not_write(
    owner: TestClient, house: House, url: str, form: dict[str, str], headers: dict[str, str]
) -> None:
    answer = owner.post(url, data=form | {FIELD: token(owner)}, headers=headers)
    assert (answer.status_code, changed(house)) == (403, False)
    assert Page(answer.text).all("h1")


@pytest.mark.parametrize("given", [None, "", "0" * 64, "é\ud800\0", "x" * 10_000, [1]])
def test_a_form_without_its_token_is_refused(owner: TestClient, house: House, given: Any) -> None:
    token(owner)
    form = {"q": "tea", "name": "New"} | ({} if given is None else {FIELD: str(given).encode("utf-8", "replace")})
    answer = owner.post("/searches", data=form)
    assert (answer.status_code, changed(house)) == (403, False)
    assert "reload the page" in Page(answer.text).text


@pytest.mark.parametrize("cookie", [None, "", "x", "A" * 43, "A" * 10_000])
def test_a_token_is_worth_nothing_without_its_cookie(owner: TestClient, house: House, cookie: str | None) -> None:
    given = token(owner)
    owner.cookies.clear()
    headers = {} if cookie is None else {"Cookie": f"{COOKIE}={cookie}"}
    answer = owner.post("/searches", data={"q": "tea", "name": "New", FIELD: given}, headers=headers)
    assert (answer.status_code, changed(house)) == (403, False)


def test_a_token_of_another_browser_is_refused(owner: TestClient, house: House) -> None:
    other = TestClient(owner.app, base_url=HERE, follow_redirects=False)
    token(owner)
    answer = owner.post("/searches", data={"q": "tea", "name": "New", FIELD: token(other)})
    assert (answer.status_code, changed(house)) == (403, False)


def test_a_token_ends_with_its_process_and_a_reload_mends_it(owner: TestClient, house: House) -> None:
    old = token(owner)
    cookie = owner.cookies[COOKIE]
    with browser(house) as restarted:
        restarted.cookies.set(COOKIE, cookie, domain="127.0.0.1")
        answer = restarted.post("/searches", data={"q": "tea", "name": "New", FIELD: old})
        assert (answer.status_code, changed(house)) == (403, False)
        new = token(restarted)
        assert restarted.post("/searches", data={"q": "tea", "name": "New", FIELD: new}).status_code == 303


def test_two_tabs_share_a_token(owner: TestClient) -> None:
    assert token(owner) == token(owner) != ""


def test_the_cookie_stays_in_this_browser_and_this_site(owner: TestClient) -> None:
    told = owner.get("/searches").headers["set-cookie"].lower()
    assert told.startswith(f"{COOKIE}=")
    assert {"httponly", "samesite=strict", "path=/"} <= set(told.split("; "))
    assert "domain" not in told
    assert "set-cookie" not in owner.get("/searches").headers


@pytest.mark.parametrize(
    ("host", "address", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000", True),
        ("127.0.0.1", "http://localhost:8000", True),
        ("127.0.0.1", "http://LOCALHOST", True),
        ("localhost", "http://localhost:8000", True),
        ("::1", "http://[::1]:8000", True),
        ("127.0.0.1", "http://papers.example", False),
        ("127.0.0.1", "http://192.168.1.2:8000", False),
        ("0.0.0.0", "http://127.0.0.1:8000", False),  # noqa: S104 - that it is refused is the test
        ("::", "http://[::1]:8000", False),
        ("192.168.1.2", "http://127.0.0.1:8000", False),
        ("papers.example", "http://localhost:8000", False),
        ("", "http://localhost:8000", False),
    ],
)
def test_forms_are_shown_to_the_owner_only(house: House, host: str, address: str, *, shown: bool) -> None:
    with browser(house, address, host) as client:
        given = token(client)
        listed = client.get("/searches")
        assert (bool(given), "Rename or delete" in listed.text) == (shown, shown)
        assert "Kept" in listed.text
        assert (COOKIE in client.cookies) is shown
        form = {"q": "tea", "name": "New", FIELD: given}
        assert client.post("/searches", data=form).status_code == (303 if shown else 403)


def test_the_setting_decides_where_nothing_is_said(tmp_path: Any) -> None:
    settings = Settings(home=tmp_path / "home", host="0.0.0.0")  # noqa: S104 - that it is refused is the test
    with open_house(settings) as house, TestClient(create_app(house), base_url=HERE) as client:
        assert token(client) == ""


def test_what_speaks_http_1_0_is_a_proxy(house: House) -> None:
    with serving(create_app(house)) as address:
        for version, shown in ((10, False), (11, True)):
            connection = HTTPConnection(address.removeprefix("http://"), timeout=30)
            connection._http_vsn, connection._http_vsn_str = version, f"HTTP/1.{version % 10}"  # type: ignore[attr-defined]
            connection.request("GET", "/searches")
            assert ("Rename or delete" in connection.getresponse().read().decode()) is shown
            connection.close()


def test_no_get_changes_anything(owner: TestClient, house: House) -> None:
    before = rows(house.store)
    form = f"{FIELD}={token(owner)}&q=tea&name=New&replace=1"
    for route in routes():
        url = getattr(route, "path", "/").replace("{slug:path}", "x").replace("{day}", "x")
        url = url.replace("{slug}", "kept").replace("{name}", "kept").replace("{number}", "1")
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
            assert owner.request(method, f"{url}?{form}").status_code < 500
    assert rows(house.store) == before


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data; boundary=x", "x" * 1_000])
@pytest.mark.parametrize("url", ["/search", "/searches"])
def test_only_forms_are_read(owner: TestClient, house: House, url: str, kind: str) -> None:
    body = f"{FIELD}={token(owner)}&q=tea&name=New"
    assert owner.post(url, content=body, headers={"Content-Type": kind}).status_code == 415
    assert not changed(house)


def test_a_form_is_bounded(owner: TestClient, house: House) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for body in ("q=" + "x" * MAX_BODY, "&".join(f"cat={n}" for n in range(MAX_FIELDS + 1))):
        assert owner.post("/searches", content=f"{FIELD}={token(owner)}&{body}", headers=headers).status_code == 413
    assert not changed(house)


def test_who_may_not_write_is_told_before_the_body_is_read(house: House) -> None:
    with browser(house, "http://papers.example") as client:
        answer = client.post("/searches", content=b"x" * (MAX_BODY + 1))
    assert answer.status_code == 403
    assert "at the machine that Broadsheet runs on" in Page(answer.text).text
