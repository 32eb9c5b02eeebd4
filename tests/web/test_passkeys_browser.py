"""A passkey from end to end: a real Chromium with a device made of software, over TLS, at the name readers use."""

import shutil
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID
from tests.web.conftest import HOST, PUBLIC, Public
from tests.web.serving import CHROMIUM_FLAGS, serving

from broadsheet.flow.accounts import invitations

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
WATCH = """
    window.blocked = [];
    document.addEventListener('securitypolicyviolation', event => window.blocked.push(event.violatedDirective));
"""
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


def certificate(folder: Path) -> tuple[str, str, str]:
    """Make a certificate for our name; gives its file, its key's, and the hash by which Chromium shall trust it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert, private = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return str(cert), str(private), b64encode(sha256(public).digest()).decode()


@pytest.fixture
def page(public: Public, tmp_path: Path) -> Iterator[Any]:
    """A page of a browser to which the house is at its public address."""
    playwright = pytest.importorskip("playwright.sync_api")
    cert, key, trusted = certificate(tmp_path)
    with (
        serving(public.app, ssl_certfile=cert, ssl_keyfile=key) as address,
        playwright.sync_playwright() as running,
    ):
        rules = [f"--host-resolver-rules=MAP {HOST} {urlsplit(address).netloc}"]
        trust = [f"--ignore-certificate-errors-spki-list={trusted}"]
        opened = running.chromium.launch(executable_path=CHROMIUM, args=[*CHROMIUM_FLAGS, *rules, *trust])
        context = opened.new_context(base_url=PUBLIC)
        context.add_init_script(WATCH)
        page = context.new_page()
        page.set_default_timeout(60_000)
        yield page
        opened.close()


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
