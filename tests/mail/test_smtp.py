"""Mails through a real server on loopback."""

import socket

import pytest
from tests.mail.server import postbox
from tests.mail.test_port import mail

from broadsheet.errors import InDoubt, Invalid, Unavailable
from broadsheet.mail.smtp import SmtpMailer
from broadsheet.mail.ways import Deferred


def test_a_mail_arrives_as_it_was_written() -> None:
    with postbox() as server:
        SmtpMailer(server.url).send(mail(text="Häkchen\n.\n..dots\n"))
    (taken,) = server.taken
    assert b"Subject: Trouble" in taken
    assert any(command.upper().startswith("RCPT TO:<ME@PAPERS.EXAMPLE>") for command in server.commands)


@pytest.mark.parametrize(
    ("answer", "kind"), [("450 later", Unavailable), ("421 closing", Unavailable), ("550 nobody here", Invalid)]
)
def test_a_refusal_says_whether_to_try_again(answer: str, kind: type[Exception]) -> None:
    with postbox() as server:
        server.refusing = answer
        with pytest.raises(kind, match="mail server"):
            SmtpMailer(server.url).send(mail())
        assert server.taken == []


@pytest.mark.parametrize("farewell", ["421 closing", "500 what", "no"])
def test_what_was_taken_stays_taken_whatever_is_said_to_quit(farewell: str) -> None:
    with postbox() as server:
        server.farewell = farewell
        SmtpMailer(server.url).send(mail())
        assert len(server.taken) == 1


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [("", InDoubt), ("no", InDoubt), ("451 later", Deferred), ("421 closing", Unavailable), ("554 spam", Invalid)],
)
def test_a_mail_that_went_out_is_in_doubt_unless_the_server_says(verdict: str, kind: type[Exception]) -> None:
    with postbox() as server:
        server.verdict = verdict
        with pytest.raises(kind, match="mail server") as raised:
            SmtpMailer(server.url).send(mail())
        assert (type(raised.value), len(server.taken)) == (kind, 1)


def test_nobody_there_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unavailable) as raised:
        SmtpMailer(f"smtp://127.0.0.1:{port}", timeout_s=5).send(mail())
    assert type(raised.value) is Unavailable


def test_no_password_goes_over_an_open_line() -> None:
    with postbox() as server:
        server.offers = "AUTH PLAIN LOGIN"
        url = server.url.replace("smtp://", "smtp://me:secret@")
        with pytest.raises(Invalid, match="no encryption"):
            SmtpMailer(url).send(mail())
        assert not [command for command in server.commands if "AUTH" in command.upper()]
    assert "secret" not in repr(SmtpMailer(url))


@pytest.mark.parametrize("url", ["", "http://host", "smtp://", "smtp://host:x", "host:25", "smtp://h\n:25"])
def test_what_is_no_mail_server_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(Invalid, match="smtp_url"):
        SmtpMailer(url)
