"""A passkey from end to end: a real Chromium with a device made of software, over TLS, at the name readers use."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import Public
from tests.web.visiting import CHROMIUM, visiting

from broadsheet.flow.accounts import invitations

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@pytest.fixture
def page(public: Public, tmp_path: Path) -> Iterator[Any]:
    """A page of a browser to which the house is at its public address."""
    with visiting(public.app, tmp_path) as opened:
        yield opened


def plug_in(page: Any) -> None:
    """Give the browser a device that keeps passkeys, and that somebody always unlocks."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def test_somebody_joins_adds_a_passkey_and_signs_in_with_it_to_moderate(public: Public, page: Any) -> None:
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    plug_in(page)
    letter = invitations.invite(public.house, None, typed="ada@example.org", role="moderator")
    page.goto(letter)
    page.fill("#name", "Ada Lovelace")
    page.fill("#handle", "ada")
    page.click("main button:has-text('Join')")

    page.goto("/moderation")
    page.click("text=Add one on your account page")
    page.fill("#new-passkey", "My laptop")
    page.click("button:has-text('Add a passkey')")
    page.wait_for_selector("text=never used")
    assert "My laptop" in page.inner_text("#passkeys")

    page.goto("/moderation")
    assert page.inner_text("h1") == "A passkey, please"
    page.click("button:has-text('Sign in with a passkey')")
    page.wait_for_url("**/moderation")
    page.wait_for_selector("h1:has-text('Moderation')")

    page.click(".who summary")
    page.click("text=Sign out")
    page.goto("/sign-in?next=/account")
    page.click("button:has-text('Sign in with a passkey')")
    page.wait_for_url("**/account")
    assert "last used" in page.inner_text("#passkeys")
    assert "by passkey" in page.inner_text("#sessions")
    assert (page.evaluate("window.blocked"), heard) == ([], [])


def test_a_device_that_has_none_of_our_passkeys_says_so_and_nothing_is_changed(page: Any) -> None:
    page.goto("/sign-in")
    assert page.inner_text("[data-passkeys]") == ""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE | {"isUserVerified": False}})
    page.click("button:has-text('Sign in with a passkey')")
    page.wait_for_selector("text=No passkey was used")
    assert page.is_enabled("button:has-text('Sign in with a passkey')")
