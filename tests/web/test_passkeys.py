"""Passkeys on the pages: added, renamed and removed on the account page, and what moderators need them for."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.testclient import TestClient
from tests.credentials.soft_key import SoftKey
from tests.readers import make_reader
from tests.web.conftest import HOST, NOW, PUBLIC, Page, Public
from tests.web.owner import browser, token
from tests.web.test_sign_in import mails

from broadsheet.entrance.visitor import COOKIE
from broadsheet.flow.house import House
from broadsheet.model.reader import Reader
from broadsheet.store import addresses
from broadsheet.web.csrf import FIELD

SignIn = Callable[..., str]


def somebody(public: Public, handle: str = "ada", role: str = "reader") -> Reader:
    reader = make_reader(public.house, handle, role=role)  # type: ignore[arg-type]
    with public.house.store.writing() as connection:
        text = f"{handle}@example.org"
        addresses.insert(connection, addresses.Address(text, reader.id, text, NOW))
    return reader


def add(client: TestClient, form_token: str, name: str = "My laptop") -> SoftKey:
    """Add a passkey as the script of the account page does."""
    key, asked = SoftKey(), client.post("/account/passkeys/ask", data={FIELD: form_token})
    assert (asked.status_code, asked.headers["cache-control"]) == (200, "no-store")
    sent = {FIELD: form_token, "name": name, "answer": key.create(asked.text, PUBLIC)}
    answer = client.post("/account/passkeys", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account#passkeys")
    return key


def use(client: TestClient, key: SoftKey, going_to: str = "/") -> tuple[int, str]:
    """Sign in as the script of the page does; gives the status and where it leads, or what it says."""
    form_token = Page(client.get("/sign-in").text).all("input", name=FIELD)[0]["value"]
    asked = client.post("/sign-in/passkey/ask", data={FIELD: form_token})
    sent = {FIELD: form_token, "next": going_to, "answer": key.get(asked.text, PUBLIC)}
    answer = client.post("/sign-in/passkey", data=sent)
    return answer.status_code, answer.headers.get("location", answer.text)


def test_a_passkey_is_added_listed_used_renamed_and_removed(public: Public, sign_in: SignIn) -> None:
    client = public.client()
    form_token = sign_in(client, somebody(public))
    assert "nothing that could be stolen" in Page(client.get("/account").text).text
    key = add(client, form_token)
    assert "My laptop" in Page(client.get("/account").text).text
    other = public.client()
    assert use(other, key, "/search?q=tea") == (303, "/search?q=tea")
    page = Page(other.get("/account").text)
    assert "last used" in page.text
    known = page.all("input", name="passkey")[0]["value"]
    mine = page.all("input", name=FIELD)[0]["value"]
    assert (
        other.post("/account/passkeys/rename", data={FIELD: mine, "passkey": known, "name": "Old"}).status_code == 303
    )
    assert "Old" in Page(other.get("/account").text).text
    assert other.post("/account/passkeys/remove", data={FIELD: mine, "passkey": known}).status_code == 303
    assert Page(other.get("/account").text).all("input", name="passkey") == []
    assert client.get("/account").headers["location"] == "/sign-in?next=/account"


def test_the_secret_of_a_challenge_is_for_our_host_over_tls_and_no_other_site_sends_it(public: Public) -> None:
    client = public.client()
    form_token = Page(client.get("/sign-in").text).all("input", name=FIELD)[0]["value"]
    told = client.post("/sign-in/passkey/ask", data={FIELD: form_token}).headers["set-cookie"].lower().split("; ")
    assert told[0].startswith("__host-broadsheet-passkey=bsc_")
    assert {"httponly", "secure", "samesite=strict", "path=/", "max-age=900"} <= set(told)


def test_an_answer_that_was_used_or_was_asked_for_in_another_browser_is_a_calm_page(
    public: Public, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    client = public.client()
    key = add(client, sign_in(client, somebody(public)))
    mine, theirs = public.client(), public.client()
    tokens = {each: Page(each.get("/sign-in").text).all("input", name=FIELD)[0]["value"] for each in (mine, theirs)}
    asked = mine.post("/sign-in/passkey/ask", data={FIELD: tokens[mine]})
    theirs.post("/sign-in/passkey/ask", data={FIELD: tokens[theirs]})
    answer = key.get(asked.text, PUBLIC)
    for each, status in ((theirs, 403), (mine, 303), (mine, 403)):
        form_token = Page(each.get("/sign-in").text).all("input", name=FIELD)[0]["value"]
        got = each.post("/sign-in/passkey", data={FIELD: form_token, "answer": answer})
        assert got.status_code == status
        assert status == 303 or "Nothing was changed" in got.text or "Try again" in got.text
    assert {"passkey refused", "sign-in failed"} <= {record.message for record in caplog.records}


@pytest.mark.parametrize("answer", ["", "{}", "null", "x" * 70_000, json.dumps({"id": "é", "response": {}})])
@pytest.mark.parametrize("path", ["/sign-in/passkey", "/account/passkeys"])
def test_what_is_no_answer_is_refused_calmly(public: Public, sign_in: SignIn, path: str, answer: str) -> None:
    client = public.client()
    form_token = sign_in(client, somebody(public))
    client.post(f"{path}/ask", data={FIELD: form_token})
    got = client.post(path, data={FIELD: form_token, "name": "My laptop", "answer": answer})
    assert (got.status_code, "Try again" in got.text) == (403, True)


def test_passkeys_are_changed_only_by_who_has_just_signed_in(public: Public, sign_in: SignIn) -> None:
    client = public.client()
    form_token = sign_in(client, somebody(public))
    add(client, form_token)
    known = Page(client.get("/account").text).all("input", name="passkey")[0]["value"]
    client.app.state.house = replace(public.house, clock=lambda: NOW + timedelta(minutes=15))  # type: ignore[attr-defined]
    page = Page(client.get("/account").text)
    assert (page.all("form", action="/account/passkeys"), page.all("input", name="passkey")) == ([], [])
    for path in ("", "/ask", "/rename", "/remove"):
        sent = {FIELD: form_token, "passkey": known, "name": "Eve's", "answer": "{}"}
        assert client.post(f"/account/passkeys{path}", data=sent).headers["location"].startswith("/sign-in")


def test_a_reader_is_told_by_mail_of_a_new_and_of_a_removed_passkey(public: Public, sign_in: SignIn) -> None:
    client = public.client()
    form_token = sign_in(client, somebody(public))
    add(client, form_token)
    known = Page(client.get("/account").text).all("input", name="passkey")[0]["value"]
    client.post("/account/passkeys/remove", data={FIELD: form_token, "passkey": known})
    told = mails(public.house)
    assert ["A passkey was added" in mail for mail in told].count(True) == 1
    assert ["A passkey was removed" in mail for mail in told].count(True) == 1


def test_a_moderator_who_came_by_a_link_is_asked_for_a_passkey_and_led_back(public: Public, sign_in: SignIn) -> None:
    client = public.client()
    ada = somebody(public, role="moderator")
    form_token = sign_in(client, ada, "link")
    answer = client.get("/moderation?x=1")
    page = Page(answer.text)
    assert (answer.status_code, "You have none yet" in page.text) == (403, True)
    assert "/account#passkeys" in page.links()
    key = add(client, form_token)
    page = Page(client.get("/moderation?x=1").text)
    assert page.all("input", name="next")[0]["value"] == "/moderation?x=1"
    assert page.all("form", action="/sign-in/passkey", hidden="")
    assert "Passkeys need JavaScript" in page.text
    sent = {FIELD: form_token, "act": "x"}
    answer = client.post("/moderation/dismiss", data=sent, headers={"Referer": f"{PUBLIC}/moderation"})
    assert Page(answer.text).all("input", name="next")[0]["value"] == "/moderation"
    assert use(client, key, "/moderation?x=1") == (303, "/moderation?x=1")
    assert client.get("/moderation").status_code == 200


def test_who_reads_a_moderators_mail_makes_no_passkey_beside_theirs(public: Public, sign_in: SignIn) -> None:
    ada = somebody(public, role="moderator")
    client, thief = public.client(), public.client()
    key = add(client, sign_in(client, ada, "link"))
    stolen = sign_in(thief, ada, "link")
    for path in ("", "/ask", "/rename", "/remove"):
        answer = thief.post(f"/account/passkeys{path}", data={FIELD: stolen, "name": "x", "answer": "{}"})
        assert (answer.status_code, "Sign in with a passkey that you have" in Page(answer.text).text) == (403, True)
    assert use(client, key) == (303, "/")
    add(client, Page(client.get("/account").text).all("input", name=FIELD)[0]["value"], "Second")


def test_a_token_moderates_only_if_it_was_made_after_signing_in_with_a_passkey(public: Public, sign_in: SignIn) -> None:
    ada = somebody(public, role="moderator")
    client = public.client()
    form_token = sign_in(client, ada, "link")
    key = add(client, form_token)
    assert Page(client.get("/account").text).all("input", value="moderate") == []
    wanted = {"name": "A program", "scope": ["read", "moderate"], "days": "30"}
    made = client.post("/account/tokens", data={FIELD: form_token, **wanted})
    assert moderates(public, made.text) == 403
    use(client, key)
    page = Page(client.get("/account").text)
    assert page.all("input", value="moderate")
    made = client.post("/account/tokens", data={FIELD: page.all("input", name=FIELD)[0]["value"], **wanted})
    assert moderates(public, made.text) == 200


def moderates(public: Public, page: str) -> int:
    """Give the status of the queue for a program with the token that a page shows."""
    secret = page.partition("<pre>")[2].partition("</pre>")[0]
    return public.client().get("/moderation", headers={"Authorization": f"Bearer {secret}"}).status_code


def test_signing_in_with_a_passkey_starts_a_new_session_and_ends_the_old_one(public: Public, sign_in: SignIn) -> None:
    client = public.client()
    key = add(client, sign_in(client, somebody(public)))
    before = client.cookies[COOKIE]
    assert use(client, key)[0] == 303
    assert client.cookies[COOKIE] != before
    stolen = public.client()
    stolen.cookies.set(COOKIE, before, domain=HOST)
    assert stolen.get("/account").headers["location"].startswith("/sign-in")


def test_a_sign_in_leads_to_no_other_site(public: Public, sign_in: SignIn) -> None:
    client = public.client()
    key = add(client, sign_in(client, somebody(public)))
    for odd in ("https://evil.example", "//evil.example", "/\\evil.example"):
        assert use(client, key, odd) == (303, "/")


def test_at_the_machine_there_are_no_passkeys(house: House) -> None:
    with browser(house) as client:
        assert "Passkeys" not in client.get("/account").text
        form_token = token(client)
        assert client.post("/account/passkeys/ask", data={FIELD: form_token}).status_code == 400
        assert client.post("/sign-in/passkey/ask", data={FIELD: form_token}).status_code == 404
