"""Signing in with another site's word, through the pages: there and back, linked or new, and whatever goes wrong."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient
from tests.contracts.store import rows
from tests.credentials.loopback_provider import LoopbackProvider, come_back, providing
from tests.empty_store import empty_home
from tests.readers import make_reader
from tests.web.conftest import NOW, PUBLIC, SECRET_KEY, Page, Public
from tests.web.owner import browser

from broadsheet.entrance.visitor import COOKIE
from broadsheet.errors import Invalid
from broadsheet.flow.accounts import invitations, sessions
from broadsheet.flow.house import House
from broadsheet.model.reader import Reader
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.store import addresses, identities
from broadsheet.store.identities import Linked
from broadsheet.web.csrf import FIELD
from broadsheet.wiring import open_house

SignIn = Callable[..., str]


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackProvider]:
    monkeypatch.setattr("tests.credentials.loopback_provider.CLIENT", "broadsheet")
    monkeypatch.setattr("tests.credentials.loopback_provider.SECRET", "s%c+r:e=t")
    with providing(lambda: NOW) as provider:
        provider.redirect_uris.add(f"{PUBLIC}/sign-in/with/lab")
        yield provider


@pytest.fixture
def public(tmp_path: Path, site: LoopbackProvider) -> Iterator[Public]:
    """A house in public mode that knows the site as “Lab”; anybody may join."""
    settings = Settings(
        home=empty_home(tmp_path / "public"),
        public_url=PUBLIC,
        secret_key=SECRET_KEY,
        admission="open",
        private_addresses=True,
        providers=f"Lab={site.issuer}",
        provider_clients="Lab=broadsheet",
        provider_secrets="Lab=s%c+r:e=t",
    )
    with open_house(settings, clock=lambda: NOW) as house, ExitStack() as opened:
        yield Public(house, create_app(house), opened)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page answered: its status, and where it leads or what it says."""

    status: int
    said: str


def linked(public: Public, site: LoopbackProvider, handle: str = "ada") -> Reader:
    reader = make_reader(public.house, handle)
    with public.house.store.writing() as connection:
        identities.insert(connection, Linked(site.issuer, "ada-1815", reader.id, "Ada", NOW))
    return reader


def hidden(page: Page) -> dict[str, str]:
    return {field["name"]: field.get("value", "") for field in page.all("input", type="hidden")}


def leave(client: TestClient, going_to: str = "/", **more: str) -> str:
    """Press the button of the sign-in page; gives the address at the site that the browser goes to by itself."""
    page = Page(client.get(f"/sign-in?next={going_to}").text)
    assert page.all("form", action="/sign-in/with/lab")
    sent = {FIELD: hidden(page)[FIELD], "next": going_to, **more}
    return onward(client.post("/sign-in/with/lab", data=sent))


def onward(answer: Any) -> str:
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    [refresh] = Page(answer.text).all("meta", **{"http-equiv": "refresh"})
    return refresh["content"].removeprefix("0;url=")


def arrive(client: TestClient, back: str) -> Answer:
    """Come back with an address of ours and press the button there."""
    assert back.startswith(f"{PUBLIC}/sign-in/with/lab?")
    page = Page(client.get(back.removeprefix(PUBLIC)).text)
    answer = client.post("/sign-in/with/lab/finish", data=hidden(page))
    return Answer(answer.status_code, answer.headers.get("location", Page(answer.text).text))


def sign_in_there(client: TestClient, going_to: str = "/") -> Answer:
    return arrive(client, come_back(leave(client, going_to)))


def test_somebody_who_is_linked_signs_in_and_goes_on(public: Public, site: LoopbackProvider) -> None:
    linked(public, site)
    client = public.client()
    assert sign_in_there(client, "/search?q=tea") == Answer(303, "/search?q=tea")
    assert "by another site" in Page(client.get("/account").text).text
    assert "code" not in urlsplit(str(client.get("/").url)).query


def test_the_page_that_leads_away_shows_the_way_too_and_no_form_leaves_us(public: Public) -> None:
    client = public.client()
    page = Page(client.get("/sign-in").text)
    assert all(form["action"].startswith("/") for form in page.all("form"))
    answer = client.post("/sign-in/with/lab", data={FIELD: hidden(page)[FIELD]})
    assert onward(answer) in Page(answer.text).links()
    told = answer.headers["set-cookie"].lower().split("; ")
    assert told[0].startswith("__host-broadsheet-provider=bsc_")
    assert {"httponly", "secure", "samesite=strict", "path=/"} <= set(told)


def test_following_a_link_changes_nothing_and_the_button_works_once(public: Public, site: LoopbackProvider) -> None:
    linked(public, site)
    client = public.client()
    back = come_back(leave(client))
    before = rows(public.house.store)
    for method in ("GET", "HEAD", "GET"):
        assert client.request(method, back.removeprefix(PUBLIC)).status_code == 200
    assert rows(public.house.store) == before
    assert arrive(client, back) == Answer(303, "/")
    replayed = arrive(client, back)
    assert (replayed.status, "done already" in replayed.said) == (403, True)


def test_nobody_is_signed_in_by_what_another_browser_began(
    public: Public, site: LoopbackProvider, caplog: pytest.LogCaptureFixture
) -> None:
    linked(public, site, "eve")
    eve, victim = public.client(), public.client()
    planted = come_back(leave(eve))
    for _ in range(2):
        answer = arrive(victim, planted)
        assert answer.status == 403
        assert "Nothing was changed" in answer.said
        assert COOKIE not in victim.cookies
        leave(victim)
    assert "sign-in failed" in {record.message for record in caplog.records}


def test_forms_of_another_site_begin_and_end_nothing(public: Public, site: LoopbackProvider) -> None:
    linked(public, site)
    client = public.client()
    back = come_back(leave(client))
    fields = hidden(Page(client.get(back.removeprefix(PUBLIC)).text))
    for path in ("/sign-in/with/lab", "/sign-in/with/lab/finish", "/join/with"):
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            assert client.post(path, data=fields, headers=headers).status_code == 403
        assert client.post(path, data=fields | {FIELD: "x"}).status_code == 403
    assert client.post("/sign-in/with/lab/finish", data=fields, headers={"Origin": PUBLIC}).status_code == 303


def test_who_cancels_there_finds_a_calm_page_here(
    public: Public, site: LoopbackProvider, caplog: pytest.LogCaptureFixture
) -> None:
    site.back = {"error": "access_denied", "code": ""}
    answer = sign_in_there(public.client())
    assert (answer.status, "Lab was told not to say who you are" in answer.said) == (403, True)
    assert [record.message for record in caplog.records] == ["sign-in failed"]


@pytest.mark.parametrize("lie", [{"nonce": "x"}, {"iss": "https://evil.example"}, {"aud": "another"}, {"exp": 1}])
def test_whatever_proves_nothing_is_a_calm_page(public: Public, site: LoopbackProvider, lie: dict[str, Any]) -> None:
    linked(public, site)
    site.claims = lie
    client = public.client()
    answer = sign_in_there(client)
    assert (answer.status, "did not prove who you are" in answer.said) == (403, True)
    assert COOKIE not in client.cookies


def test_a_site_that_is_away_is_told_of_before_and_after(
    public: Public, site: LoopbackProvider, caplog: pytest.LogCaptureFixture
) -> None:
    client = public.client()
    back = come_back(leave(client))
    site.statuses = {"/token": 502}
    answer = arrive(client, back)
    assert (answer.status, "Lab does not answer as it should" in answer.said) == (503, True)
    site.statuses = {"/.well-known/openid-configuration": 500}
    public.app.state.house = replace(public.house, ask=fresh(public.house))
    page = Page(client.get("/sign-in").text)
    broken = client.post("/sign-in/with/lab", data={FIELD: hidden(page)[FIELD]})
    assert (broken.status_code, "sign in in another way" in broken.text) == (503, True)
    assert [record.message for record in caplog.records] == ["other site failed"] * 2


def fresh(house: House) -> Any:
    """Ask as the house does, remembering nothing."""
    return lambda question: house.ask(replace(question, fresh=True))


def test_somebody_new_chooses_a_handle_and_joins(public: Public, site: LoopbackProvider) -> None:
    site.person = {"sub": "bo", "name": 'Bo "<b>" Chen'}
    client = public.client()
    assert sign_in_there(client, "/trending") == Answer(303, "/join/with")
    page = Page(client.get("/join/with").text)
    assert page.all("input", name="name")[0]["value"] == 'Bo "<b>" Chen'
    assert public.client().get("/join/with").status_code == 403
    sent = hidden(page) | {"name": "Bo Chen", "handle": "bo"}
    assert public.client().post("/join/with", data=sent).status_code == 403
    make_reader(public.house, "taken")
    assert client.post("/join/with", data=sent | {"handle": "taken"}).status_code == 409
    joined = client.post("/join/with", data=sent)
    assert (joined.status_code, joined.headers["location"]) == (303, "/trending")
    assert "Bo Chen" in Page(client.get("/account").text).text
    assert sign_in_there(public.client()) == Answer(303, "/")


def test_an_invitation_is_accepted_with_an_account_elsewhere(public: Public, site: LoopbackProvider) -> None:
    closed = replace(public.house, settings=replace(public.house.settings, admission="invitation"))
    public.app.state.house = closed
    client = public.client()
    answer = sign_in_there(client)
    assert (answer.status, "joins by invitation" in answer.said) == (403, True)
    letter = invitations.invite(closed, None).removeprefix(PUBLIC)
    page = Page(client.get(letter).text)
    assert page.all("form", action="/sign-in/with/lab")
    sent = {FIELD: hidden(page)[FIELD], "letter": letter.rpartition("/")[2]}
    back = come_back(onward(client.post("/sign-in/with/lab", data=sent)))
    assert arrive(client, back) == Answer(303, "/join/with")
    sent = hidden(Page(client.get("/join/with").text)) | {"name": "Ada", "handle": "ada"}
    assert client.post("/join/with", data=sent).status_code == 303
    assert client.get(letter).status_code == 404


def test_a_mail_address_that_the_site_tells_signs_in_nobody_who_has_it_here(
    public: Public, site: LoopbackProvider
) -> None:
    ada = make_reader(public.house, "ada")
    with public.house.store.writing() as connection:
        addresses.insert(connection, addresses.Address("ada@example.org", ada.id, "ada@example.org", NOW))
    answer = sign_in_there(public.client())
    assert (answer.status, "then link the other site" in answer.said) == (409, True)
    site.person["email_verified"] = False
    assert sign_in_there(public.client()) == Answer(303, "/join/with")


def test_an_account_elsewhere_is_linked_and_unlinked_on_the_account_page(
    public: Public, site: LoopbackProvider, sign_in: SignIn
) -> None:
    client = public.client()
    form_token = sign_in(client, make_reader(public.house, "ada"))
    sent = {FIELD: form_token, "site": "lab"}
    back = come_back(onward(client.post("/account/providers", data=sent)))
    assert arrive(client, back) == Answer(303, "/account#providers")
    page = Page(client.get("/account").text)
    assert "Lab" in page.text
    [account] = [{"issuer": each["value"]} for each in page.all("input", name="issuer")]
    sent = {FIELD: form_token, "subject": "ada-1815", **account}
    refused = client.post("/account/providers/unlink", data=sent)
    assert (refused.status_code, "only way to sign in" in refused.text) == (409, True)
    other = public.client()
    assert sign_in_there(other) == Answer(303, "/")
    with public.house.store.writing() as connection:
        addresses.insert(connection, addresses.Address("a@example.org", 1, "a@example.org", NOW))
    assert client.post("/account/providers/unlink", data=sent).status_code == 303
    assert other.get("/account").headers["location"].startswith("/sign-in")


def test_an_account_is_not_linked_to_whoever_is_signed_in_when_one_comes_back(
    public: Public, site: LoopbackProvider, sign_in: SignIn
) -> None:
    client = public.client()
    form_token = sign_in(client, make_reader(public.house, "ada"))
    back = come_back(onward(client.post("/account/providers", data={FIELD: form_token, "site": "lab"})))
    sign_in(client, make_reader(public.house, "bo"))
    answer = arrive(client, back)
    assert (answer.status, "Another reader began this" in answer.said) == (403, True)
    with public.house.store.reading() as connection:
        assert identities.owner_of(connection, site.issuer, "ada-1815") is None


def test_sites_are_linked_only_by_who_has_just_signed_in(public: Public, site: LoopbackProvider) -> None:
    ada = linked(public, site)
    old = replace(public.house, clock=lambda: NOW.replace(hour=11))
    client = public.client()
    client.cookies.set(COOKIE, sessions.begin(old, ada, "oidc", sessions.Browser()), domain="papers.example")
    page = Page(client.get("/account").text)
    assert page.all("form", action="/account/providers/unlink") == []
    form_token = page.all("input", name=FIELD)[0]["value"]
    for path in ("/account/providers", "/account/providers/unlink"):
        answer = client.post(path, data={FIELD: form_token, "site": "lab"})
        assert answer.headers["location"].startswith("/sign-in")


def test_an_answer_beyond_measure_and_a_site_that_is_none_are_refused(public: Public) -> None:
    client = public.client()
    assert client.get("/sign-in/with/nowhere").status_code == 404
    fields = hidden(Page(client.get("/sign-in/with/lab?x=1").text))
    for answer in ("&" * 50, "a=" + "b" * 16_384):
        sent = fields | {"answer": answer}
        assert client.post("/sign-in/with/lab/finish", data=sent).status_code == 400
    assert client.post("/sign-in/with/nowhere", data=fields).status_code == 404


def test_what_comes_back_is_shown_to_no_script(public: Public) -> None:
    text = public.client().get('/sign-in/with/lab?code="><script>alert(1)</script>').text
    found = re.findall(r'name="answer" value="([^"]*)"', text)
    assert ("<script>alert" in text, "script" in unescape(found[0])) == (False, True)


def test_a_house_with_settings_that_do_not_fit_does_not_open(public: Public) -> None:
    settings = replace(public.house.settings, provider_clients="")
    with pytest.raises(Invalid, match="provider_clients"):
        create_app(replace(public.house, settings=settings))


def test_at_the_machine_no_other_site_is_asked(house: House) -> None:
    with browser(house) as client:
        assert "Other sites" not in client.get("/account").text
        assert client.get("/sign-in/with/lab").status_code == 404
