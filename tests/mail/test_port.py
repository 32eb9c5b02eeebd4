"""A mail is set as RFC 5322 has it, whatever others wrote into it."""

from email import policy
from email.parser import BytesParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import NOW

from broadsheet.errors import Invalid
from broadsheet.mail.port import Mail, message_of


def mail(**facts: str) -> Mail:
    given = {"key": "alert-1-begun", "sender": "house@papers.example", "to": "me@papers.example"}
    return Mail(**{**given, "subject": "Trouble", "text": "It fails.", **facts}, at=NOW)


@given(st.text(), st.text())
def test_no_subject_or_text_becomes_a_header_or_stops_the_mail(subject: str, text: str) -> None:
    raw = message_of(mail(subject=subject, text=text)).as_bytes(policy=policy.SMTP)
    told = BytesParser(policy=policy.default).parsebytes(raw)
    assert set(told.keys()) <= {
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
        *("MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
    }
    assert (told["To"], told["From"]) == ("me@papers.example", "house@papers.example")
    assert told["Message-ID"] == "<alert-1-begun@papers.example>"


def test_an_injected_line_stays_in_the_subject() -> None:
    told = message_of(mail(subject="Trouble\r\nBcc: eve@evil.example"))
    assert told["Subject"] == "Trouble Bcc: eve@evil.example"
    assert "Bcc" not in told


@pytest.mark.parametrize(
    "address",
    [
        "",
        "me",
        "@host",
        "me@",
        "a@b@c",
        "me@host\r\nBcc: x@y",
        "Me <me@host>",
        "me@host, x@y",
        "é@host",
        "x" * 300 + "@h",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    for facts in ({"to": address}, {"sender": address}):
        with pytest.raises(Invalid):
            message_of(mail(**facts))
