"""Who is here: the owner at the machine, a reader by their session, or anybody."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from starlette.testclient import TestClient
from tests.readers import make_reader
from tests.web.conftest import NOW, Page, Public
from tests.web.owner import browser

from broadsheet.entrance.visitor import COOKIE
from broadsheet.flow.accounts import sessions
from broadsheet.flow.house import House
from broadsheet.store import sessions as store

SignIn = Callable[..., str]


def test_the_owner_at_the_machine_is_there_by_himself(house: House) -> None:
    with browser(house) as client:
        page = Page(client.get("/").text)
    assert "Owner" in page.text
    assert not [form for form in page.all("form") if form["action"] == "/sign-out"]


def test_nobody_who_comes_from_elsewhere_is_the_owner(house: House) -> None:
    for address, host in (("http://papers.example", "127.0.0.1"), ("http://127.0.0.1:8000", "0.0.0.0")):  # noqa: S104
        with browser(house, address, host) as client:
            page = client.get("/").text
        assert "Owner" not in page
        assert "Sign in" not in page


def test_a_session_makes_a_reader_and_its_end_anybody(public: Public, sign_in: SignIn) -> None:
    ada, client = make_reader(public.house, "ada"), public.client()
    assert "Sign in" in Page(client.get("/").text).text
    sign_in(client, ada)
    assert "Ada" in Page(client.get("/").text).text
    sessions.end_all(public.house, ada)
    assert "Sign in" in Page(client.get("/").text).text


def test_a_session_ends_by_itself(public: Public, sign_in: SignIn) -> None:
    ada, client = make_reader(public.house, "ada"), public.client()
    sign_in(client, ada)
    secret = client.cookies[COOKIE]
    for days, there in ((0, True), (29.9, True), (30, False)):
        at = replace(public.house, clock=lambda days=days: NOW + timedelta(days=days))
        assert (sessions.find(at, secret) is not None) is there


def test_the_database_holds_only_the_hash_of_a_session(public: Public) -> None:
    ada = make_reader(public.house, "ada")
    secret = sessions.begin(public.house, ada, "link", sessions.Browser())
    with public.house.store.reading() as connection:
        kept = store.of_reader(connection, ada.id, NOW)
    assert secret not in repr(kept)
    assert sessions.find(public.house, kept[0].hash) is None


def test_a_page_of_a_reader_is_kept_by_nobody_and_that_of_anybody_is_asked_for_again(
    public: Public, sign_in: SignIn
) -> None:
    client = public.client()
    answer = client.get("/")
    assert (answer.headers["cache-control"], answer.headers["vary"]) == ("no-cache", "Cookie, Accept-Encoding")
    known = {"If-None-Match": answer.headers["etag"]}
    assert client.get("/", headers=known).status_code == 304
    sign_in(client, make_reader(public.house, "ada"))
    answer = client.get("/", headers=known)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")
    assert "etag" not in answer.headers


def test_who_is_not_signed_in_is_led_to_where_one_signs_in(public: Public) -> None:
    client: TestClient = public.client()
    answer = client.post("/searches", data={"q": "tea"}, headers={"Referer": "https://papers.example/search?q=tea"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/search%3Fq%3Dtea")
