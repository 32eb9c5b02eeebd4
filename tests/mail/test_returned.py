"""What came back, in the shapes in which servers write it; made up here in each one's form."""

from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.mail.returned import LONGEST_WORDS, read_return
from broadsheet.mail.sections import MOST_BYTES, sections

SHAPES = sorted((Path(__file__).parent / "returned").glob("*.eml"))
TAG = "b42-abcdefghijklmnopqrstuvwxyz"
ADDRESS = f"papers+{TAG}@broadsheet.example"


def shape(file: Path) -> bytes:
    text = file.read_bytes().replace(b"@TO@", ADDRESS.encode()).replace(b"@UPPER@", ADDRESS.upper().encode())
    return text.replace(b"@QP@", ADDRESS.encode().replace(b"xyz", b"x=\nyz"))


def test_m8_there_are_more_than_fifty_shapes() -> None:
    assert len(SHAPES) >= 50


@pytest.mark.parametrize("file", SHAPES, ids=[file.stem for file in SHAPES])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_m8_each_shape_is_told_for_what_it_is_and_whose(file: Path, end: bytes) -> None:
    kind = file.stem.rpartition(".")[2]
    found = read_return(shape(file).replace(b"\n", end))
    assert found.kind == kind, found
    if kind != "none":
        assert found.token == TAG
        assert "ann@" not in found.words
    assert len(found.words) <= LONGEST_WORDS


@pytest.mark.parametrize("headers", ["", "Auto-Submitted: auto-generated\n", "Subject: unsubscribe\n"])
def test_a_mail_to_the_address_of_a_wish_is_one(headers: str) -> None:
    address = ADDRESS.replace("+b42", "+U7")
    mail = f"From: ann@lab.example\nTo: {address}\n{headers}\nPlease.\n"
    found = read_return(mail.encode())
    assert (found.kind, found.token) == ("unsubscribe", TAG.replace("b42", "u7"))


def test_no_robot_that_answers_unsubscribes_and_no_mail_that_quotes_such_an_address() -> None:
    address = ADDRESS.replace("+b42", "+u7")
    away = f"From: ann@lab.example\nTo: {address}\nAuto-Submitted: auto-replied\n\nI am away.\n"
    quoting = f"From: ann@lab.example\nTo: bo@lab.example\n\n> List-Unsubscribe: <mailto:{address}>\n"
    assert [read_return(mail.encode()).kind for mail in (away, quoting)] == ["none", "none"]


def test_our_own_words_in_a_copy_of_the_mail_say_nothing() -> None:
    bounce = (
        f"From: MAILER-DAEMON@x.example\nTo: {ADDRESS}\nSubject: failure notice\n\n{{}}\n--- Below this line is a copy"
    )
    said = bounce.format("450 try later") + " of the message.\n\n550 5.1.1 User unknown, a paper\n"
    assert read_return(said.encode()).kind == "soft"


def test_words_lie_in_one_line_without_control_characters() -> None:
    mail = (
        f"From: MAILER-DAEMON@x.example\nTo: {ADDRESS}\nSubject: failure notice\n\n550 User\x1b[31m unknown \u202e x\n"
    )
    words = read_return(mail.encode()).words
    assert words.isprintable()
    assert "550 User" in words


@given(st.binary(max_size=2_000))
def test_any_bytes_give_something(mail: bytes) -> None:
    assert read_return(mail).kind in {"hard", "soft", "complaint", "unsubscribe", "none"}


@given(st.sampled_from(SHAPES), st.integers(0, 4_000), st.integers(0, 60), st.binary(max_size=40))
def test_a_mail_cut_anywhere_and_filled_with_anything_gives_something(
    file: Path, start: int, length: int, filling: bytes
) -> None:
    mail = shape(file)
    assert len(read_return(mail[:start] + filling + mail[start + length :]).words) <= LONGEST_WORDS


def _nested(depth: int) -> bytes:
    rows = [f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth)]
    return "".join(rows).encode()


HOSTILE = {
    "nested": _nested(20_000),
    "messages-in-messages": b"Content-Type: message/rfc822\n\n" * 20_000,
    "one-line": b"x" * 3_000_000,
    "one-header": b"Content-Type: multipart/report; " + b';"' * 400_000,
    "continued": b"Content-Type: text/plain;\n" + b' a="\n' * 200_000,
    "headers": b"To: a@b.example\n" * 200_000,
    "boundaries": b"Content-Type: a/b; boundary=x\n\n" + b"--x\n" * 200_000,
    "groups": b"Final-Recipient: rfc822; a\nAction: failed\n\n" * 60_000,
    "spaces": b"Subject:" + b" " * 400_000 + b"\n\n" + b"mailbox " * 60_000,
    "addresses": b"From: mailer-daemon\nSubject: failed\n\n550 " + b"a" * 200_000 + b"@" * 50_000,
    "dashes": b"From: mailer-daemon\nSubject: failed\n\n" + b"-" * 200_000,
    "tags": b"From: mailer-daemon\nContent-Type: text/html\n\n" + b"<" * 250_000,
    "base64": b"Content-Transfer-Encoding: base64\n\n" + b64encode(b"Action: failed\n" * 50_000),
    "odd-base64": b"Content-Transfer-Encoding: base64\n\nQ",
    "charsets": b"Content-Type: text/plain; charset=punycode\n\n" + b"a-" * 120_000,
    "nul": b"\0" * 300_000,
}


@pytest.mark.parametrize("mail", HOSTILE.values(), ids=HOSTILE)
def test_hostile_mails_are_read_as_far_as_is_reasonable(mail: bytes) -> None:
    found = sections(mail)
    assert len(found) <= 64
    assert sum(len(part.text) for part in found) <= MOST_BYTES + 64
    assert read_return(mail).token == ""
