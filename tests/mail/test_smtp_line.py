"""Many mails over one line, encrypted and signed in where the server asks for it."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from tests.mail.certificates import make_certificate
from tests.mail.server import Postbox, postbox
from tests.mail.test_port import mail

from broadsheet.errors import InDoubt, Invalid, Unavailable
from broadsheet.mail.smtp import SmtpMailer
from broadsheet.mail.ways import Deferred

# It does not know that a line may be encrypted from the first byte on.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


class Taken:
    """What a server took, and whether the line was encrypted by STARTTLS; one that is from the start takes no other."""

    def __init__(self) -> None:
        self.mails: list[tuple[bool, str, str, bytes]] = []

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802 - aiosmtpd's
        encrypted = getattr(session, "ssl", None) is not None
        self.mails.append((encrypted, envelope.mail_from, envelope.rcpt_tos[0], envelope.content))  # type: ignore[attr-defined]
        return "250 taken"


def let_in(_server: object, _session: object, _envelope: object, _how: str, told: object) -> AuthResult:
    """Let in who knows the password."""
    good = isinstance(told, LoginPassword) and told.password == b"s3cret/+"
    return AuthResult(success=good, handled=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@contextmanager
def serving(certificate: Path, *, at_once: bool) -> Iterator[tuple[Taken, int]]:
    """Serve mail with TLS from the first byte on, or by STARTTLS, and to who signs in only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    taken = Taken()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told = {"ssl_context": context} if at_once else {"tls_context": context, "require_starttls": True}
    controller = Controller(
        taken,
        hostname="127.0.0.1",
        port=port,
        authenticator=let_in,
        auth_required=True,
        auth_require_tls=not at_once,
        **told,
    )
    controller.start()
    try:
        yield taken, port
    finally:
        controller.stop()


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_mails_go_over_one_encrypted_line_of_who_signed_in(certificate: Path, scheme: str) -> None:
    trusting = ssl.create_default_context(cafile=certificate)
    with serving(certificate, at_once=scheme == "smtps") as (taken, port):
        url = f"{scheme}://me:s3cret%2F%2B@127.0.0.1:{port}"
        with SmtpMailer(url, context=trusting).line() as line:
            for number in range(3):
                line.send(mail(key=f"digest-{number}", return_path="back@papers.example"))
    assert [(encrypted, sender, to) for encrypted, sender, to, _ in taken.mails] == [
        (scheme == "smtp", "back@papers.example", "me@papers.example")
    ] * 3


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_that_nobody_vouches_for_gets_no_mail(certificate: Path, scheme: str) -> None:
    with serving(certificate, at_once=scheme == "smtps") as (taken, port), pytest.raises(Unavailable):
        SmtpMailer(f"{scheme}://me:x@127.0.0.1:{port}").send(mail())
    assert taken.mails == []


def test_a_password_that_smtp_cannot_carry_is_told_of(certificate: Path) -> None:
    trusting = ssl.create_default_context(cafile=certificate)
    with serving(certificate, at_once=True) as (_, port), pytest.raises(Invalid) as raised:
        SmtpMailer(f"smtps://me:%C3%BC@127.0.0.1:{port}", context=trusting).send(mail())
    assert raised.value.field == "smtp_url"


def test_a_wrong_password_is_for_the_operator_to_mend(certificate: Path) -> None:
    trusting = ssl.create_default_context(cafile=certificate)
    with serving(certificate, at_once=True) as (_, port), pytest.raises(Invalid) as raised:
        SmtpMailer(f"smtps://me:wrong@127.0.0.1:{port}", context=trusting).send(mail())
    assert (raised.value.field, "wrong" in str(raised.value)) == ("smtp_url", False)


@pytest.fixture
def server() -> Iterator[Postbox]:
    with postbox() as opened:
        yield opened


def test_one_refusal_does_not_end_the_line(server: Postbox) -> None:
    with SmtpMailer(server.url).line() as line:
        server.refusing = "550 5.1.1 nobody"
        with pytest.raises(Invalid) as raised:
            line.send(mail())
        server.refusing = "450 later"
        with pytest.raises(Deferred):
            line.send(mail())
        server.refusing = ""
        line.send(mail())
    assert (raised.value.field, len(server.taken)) == ("to", 1)
    assert sum(command.startswith("ehlo") for command in server.commands) == 1


def test_a_server_that_hung_up_between_mails_is_called_again(server: Postbox) -> None:
    with SmtpMailer(server.url).line() as line:
        server.verdict = ""
        with pytest.raises(InDoubt):
            line.send(mail())
        server.verdict = "250 taken"
        line.send(mail(key="another"))
        server.refusing_mail = "421 too long idle"
        with pytest.raises(Unavailable):
            line.send(mail())
        server.refusing_mail = ""
        line.send(mail(key="one-more"))
    assert len(server.taken) == 3


def test_the_end_of_a_mail_is_told_before_it_goes_out_and_may_be_kept_back(server: Postbox) -> None:
    seen: list[int] = []

    def stop() -> None:
        raise KeyError

    with SmtpMailer(server.url).line() as line:
        line.send(mail(), before_end=lambda: seen.append(len(server.taken)))
        with pytest.raises(KeyError):
            line.send(mail(), before_end=stop)
        line.send(mail(key="another"))
    assert (seen, len(server.taken)) == ([0], 2)
