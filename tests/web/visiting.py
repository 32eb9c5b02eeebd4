"""A real Chromium to which a house in public mode is at the name that readers use, over TLS."""

import shutil
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
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
from starlette.applications import Starlette
from tests.web.conftest import HOST, PUBLIC
from tests.web.serving import CHROMIUM_FLAGS, serving

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
WATCH = """
    window.blocked = [];
    document.addEventListener('securitypolicyviolation', event => window.blocked.push(event.violatedDirective));
"""


@contextmanager
def visiting(app: Starlette, folder: Path, **options: Any) -> Iterator[Any]:
    """Open a page of a browser that finds the application at its public address; ``options`` are of its context."""
    playwright = pytest.importorskip("playwright.sync_api")
    cert, key, trusted = certificate(folder)
    with serving(app, ssl_certfile=cert, ssl_keyfile=key) as address, playwright.sync_playwright() as running:
        rules = [f"--host-resolver-rules=MAP {HOST} {urlsplit(address).netloc}"]
        trust = [f"--ignore-certificate-errors-spki-list={trusted}"]
        opened = running.chromium.launch(executable_path=CHROMIUM, args=[*CHROMIUM_FLAGS, *rules, *trust])
        context = opened.new_context(base_url=PUBLIC, **options)
        context.add_init_script(WATCH)
        page = context.new_page()
        page.set_default_timeout(60_000)
        yield page
        opened.close()


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
