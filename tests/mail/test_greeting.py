"""Whether a mail server encrypts, asked of a real one on loopback."""

import ipaddress
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.mail.server import Postbox, postbox

from broadsheet.mail.greeting import greeting
from broadsheet.mail.smtp import SmtpMailer


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine, and its key, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "loopback")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("certificate") / "both.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(made.public_bytes(Encoding.PEM) + private)
    return file


def encrypt(server: Postbox, certificate: Path) -> None:
    """Have a server offer an encrypted line."""
    server.offers = "STARTTLS"
    server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.context.load_cert_chain(certificate)


def test_a_server_that_encrypts_is_told_from_one_that_does_not(certificate: Path) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    with postbox() as server:
        open_line = greeting(SmtpMailer(server.url, context=trusting))
        encrypt(server, certificate)
        encrypted = greeting(SmtpMailer(server.url, context=trusting))
        assert server.taken == []
    assert open_line == (False, "The server offers no encryption: whoever is on the way reads along.")
    assert encrypted[0] is True
    assert "TLSv1.3" in encrypted[1]


def test_a_certificate_that_nobody_vouches_for_is_told(certificate: Path) -> None:
    with postbox() as server:
        encrypt(server, certificate)
        told = greeting(SmtpMailer(server.url))
    assert told[0] is None
    assert "certificate" in told[1].lower()


def test_a_password_is_tried_and_never_shown() -> None:
    with postbox() as server:
        server.offers = "AUTH PLAIN"
        told = greeting(SmtpMailer(server.url.replace("smtp://", "smtp://me:secret@")))
    assert told[0] is None
    assert "no encryption" in told[1]
    assert "secret" not in told[1]


def test_where_nobody_listens_nothing_is_known() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    told = greeting(SmtpMailer(f"smtp://127.0.0.1:{port}", timeout_s=5))
    assert told[0] is None
    assert told[1].startswith("Nobody let us in")
