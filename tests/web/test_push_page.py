"""The forms that push lists to Zotero, and bring a library in from there."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.flow.lists.loopback_zotero import KEY, Zotero, zotero
from tests.web.conftest import HOST, NOW, PUBLIC, SECRET_KEY, Page, Public, shelf
from tests.web.test_sign_in import with_address

from broadsheet.entrance.visitor import COOKIE
from broadsheet.flow.accounts import sessions
from broadsheet.flow.lists import keeping, labels
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.shelf.keep import keep
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.web.csrf import FIELD
from broadsheet.wiring import open_house


def test_a_label_of_ones_own_has_a_form_whose_key_is_shown_to_nobody(
    public: Public, sign_in: Callable[..., str]
) -> None:
    client, ada = public.client(), with_address(public.house)
    labels.make(public.house, ada, Wanted("Mine", "", "all"))
    token = sign_in(client, ada)
    assert "Push to Zotero" not in client.get("/readers/ada/labels/mine").text
    told = {"zotero_key": "NotAKey-butSecret!", FIELD: token}
    answer = client.post("/labels/mine/push", data=told)
    assert (answer.status_code, "NotAKey" in answer.text) == (400, False)
    assert "no key of Zotero" in Page(answer.text).text
    assert client.post("/labels/absent/push", data={**told, "zotero_key": "A" * 24}).status_code == 404
    stranger = public.client()
    assert stranger.post("/labels/mine/push", data={"zotero_key": "A" * 24}).status_code in {303, 401, 403}


def test_what_is_put_off_has_such_a_form_too(public: Public, sign_in: Callable[..., str]) -> None:
    client, ada = public.client(), with_address(public.house)
    token = sign_in(client, ada)
    keep(public.house.store, shelf(), at=NOW)
    assert "Push to Zotero" not in client.get("/reading").text
    keeping.mark(public.house, ada, "2502.00001", "later")
    keeping.mark(public.house, ada, "2502.00002", "hidden")
    page = Page(client.get("/reading").text)
    assert [form["action"] for form in page.all("form")].count("/reading/push") == 1
    assert "/reading/push" not in client.get("/reading?state=hidden").text
    told = {"zotero_key": "NotAKey-butSecret!", "state": "later", FIELD: token}
    answer = client.post("/reading/push", data=told)
    assert (answer.status_code, "NotAKey" in answer.text) == (400, False)
    for state in ("hidden", "", "x"):
        assert client.post("/reading/push", data={**told, "state": state}).status_code == 400


@pytest.fixture
def beside(tmp_path: Path) -> Iterator[tuple[Public, Zotero]]:
    """A house in public, and a Zotero on loopback that it may ask."""
    with zotero() as server, ExitStack() as opened:
        settings = Settings(
            home=tmp_path,
            public_url=PUBLIC,
            secret_key=SECRET_KEY,
            mail_from=f"post@{HOST}",
            private_addresses=True,
            addresses=f"zotero={server.base}",
        )
        house = opened.enter_context(open_house(settings, clock=lambda: NOW))
        keep(house.store, shelf(), at=NOW)
        yield Public(house, create_app(house), opened), server


def test_a_library_is_brought_in_beside_what_is_pasted(beside: tuple[Public, Zotero]) -> None:
    public, server = beside
    client, ada = public.client(), with_address(public.house)
    secret = sessions.begin(public.house, ada, "link", sessions.Browser("A browser", "192.0.2.0/24"))
    client.cookies.set(COOKIE, secret, domain=HOST)
    form = Page(client.get("/account/import").text)
    assert "/account/import/zotero" in {each.get("action") for each in form.all("form")}
    server.put("One", "NAPKINS1", number="arXiv:2502.00001")
    server.put("Nobody has this")
    told = {"zotero_key": KEY, "library": "", "collection": "", "label": ""}
    told[FIELD] = form.all("input", name=FIELD)[0]["value"]
    answer = client.post("/account/import/zotero", data=told)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    page = Page(answer.text)
    assert "2 papers found in the library at Zotero" in page.text
    assert "/readers/ada/labels/napkins1" in page.links()
    # A reader who does not operate the house brings no unknown paper in.
    assert "1 paper not here" in page.text
    assert KEY not in answer.text
    for wrong in ({"zotero_key": "x"}, {"library": "x"}, {"collection": "x"}):
        refused = client.post("/account/import/zotero", data={**told, **wrong})
        assert (refused.status_code, KEY in refused.text) == (400, False)
