"""Private feed addresses on the account page: made, seen and revoked by who has just signed in."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

from tests.web.conftest import Page, Public
from tests.web.test_account import later
from tests.web.test_sign_in import mails, with_address

from broadsheet.flow.lists import labels
from broadsheet.flow.lists.labels import Wanted
from broadsheet.model.account import FRESH
from broadsheet.web.csrf import FIELD

_ADDRESS = re.compile(r"<code>(https://[^<]+)</code>")


def test_a_reader_makes_sees_and_revokes_private_feed_addresses(public: Public, sign_in: Callable[..., str]) -> None:
    client, ada = public.client(), with_address(public.house)
    labels.make(public.house, ada, Wanted("Mine", "", "me"))
    token = sign_in(client, ada)
    assert not _ADDRESS.findall(client.get("/account").text)
    assert client.post("/account/feeds", data={FIELD: token}).headers["location"] == "/account#feeds"
    assert any("Private feed addresses were made" in text for text in mails(public.house))
    page = client.get("/account")
    found = [unescape(each) for each in _ADDRESS.findall(page.text)]
    assert len(found) == 2
    assert page.headers["cache-control"] == "no-store"
    stranger = public.client()
    assert all(stranger.get(each).status_code == 200 for each in found)
    later(public, seconds=FRESH / timedelta(seconds=1) + 60)
    assert "bsr_" not in client.get("/account").text
    assert client.post("/account/feeds", data={FIELD: token}).status_code in {303, 401, 403}
    later(public)
    (revoke,) = {form["action"] for form in Page(client.get("/account").text).all("form") if "revoke" in form["action"]}
    assert client.post(revoke, data={FIELD: token}).status_code == 303
    assert all(stranger.get(each).status_code == 401 for each in found)
    assert "Make private feed addresses" in client.get("/account").text


def test_pages_of_private_lists_lead_to_their_addresses(public: Public, sign_in: Callable[..., str]) -> None:
    client, ada = public.client(), with_address(public.house)
    for name, seen_by in (("Mine", "me"), ("Ours", "all")):
        labels.make(public.house, ada, Wanted(name, "", seen_by))
    sign_in(client, ada)
    assert 'href="/account#feeds"' in client.get("/readers/ada/labels/mine").text
    assert 'href="/account#feeds"' not in client.get("/readers/ada/labels/ours").text
