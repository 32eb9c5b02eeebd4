"""A mail is packed as RFC 5322 has it, whatever others wrote into it."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mail.made import FACTS, LISTING, WORDS, hostile_digest, mail_with
from tests.mail.strict import strictly
from tests.mail.test_port import mail

from broadsheet.mail.packing import packed
from broadsheet.mail.port import Rendered
from broadsheet.mail.render import rendered

PLAIN = {"from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type"}
LISTED = {"list-unsubscribe", "list-unsubscribe-post", "list-id", "list-archive", "feedback-id"}
HOSTILE = st.lists(st.sampled_from(WORDS) | st.text(st.characters(codec=None), max_size=12), max_size=8).map("".join)


def header_names(raw: bytes) -> set[str]:
    return {name.lower() for name in strictly(raw)}


@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_subject_name_or_text_becomes_a_header_or_stops_the_mail(subject: str, name: str, text: str) -> None:
    told = strictly(packed(mail(subject=subject, sender_name=name, text=text)))
    assert {key.lower() for key in told} == PLAIN | {"content-transfer-encoding"}
    assert (told["To"], told["From"].addresses[0].addr_spec) == ("me@papers.example", "house@papers.example")
    assert (len(told["To"].addresses), len(told["From"].addresses)) == (1, 1)
    assert told["Message-ID"] == "<alert-1-begun@papers.example>"
    assert not told.is_multipart()


@given(
    subject=st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=90).map(" ".join),
    # The parser of the standard library puts a space between the encoded words of a name; this fits into one.
    name=st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=10),
)
def test_what_can_be_read_is_read_as_it_was_written(subject: str, name: str) -> None:
    told = strictly(packed(mail(subject=subject, sender_name=name)))
    assert told["Subject"] == " ".join(subject.split())[:200].strip()
    assert told["From"].addresses[0].display_name == name


def test_an_injected_line_stays_in_the_subject() -> None:
    told = strictly(packed(mail(subject="Trouble\r\nBcc: eve@evil.example")))
    assert told["Subject"] == "Trouble Bcc: eve@evil.example"
    assert "Bcc" not in told


def test_what_looks_like_an_encoded_word_is_shown_as_it_stands() -> None:
    subject = "=?utf-8?q?=0D=0ABcc=3A?= and =?utf-8?b?4oCu?="
    assert strictly(packed(mail(subject=subject)))["Subject"] == subject


@given(HOSTILE)
def test_both_parts_say_what_they_were_given(text: str) -> None:
    told = strictly(packed(mail(text=text, html=f"<p>{text}")))
    parts = list(told.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    wanted = "\n".join(text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode().split("\n"))
    got = parts[0].get_content().replace("\r\n", "\n")
    assert got == wanted.replace("\0", "�").rstrip("\n") + "\n"


def test_text_of_other_scripts_takes_the_shorter_coding() -> None:
    for text, way in (
        ("Napkins – folded", "quoted-printable"),
        ("折り紙" * 40, "base64"),
        ("x" * 3_000, "quoted-printable"),
    ):
        told = strictly(packed(mail(text=text)))
        assert (told["Content-Transfer-Encoding"], told.get_content().strip()) == (way, text)


def test_the_same_mail_is_the_same_bytes() -> None:
    one = mail_with(rendered(hostile_digest(1), FACTS))
    assert packed(one) == packed(one)
    assert packed(one) != packed(replace(one, key="20261121.abc"))


def test_a_list_is_left_by_https_first_and_by_mail_where_somebody_reads_it() -> None:
    told = strictly(packed(mail_with(Rendered("s", "t", "<p>h"))))
    assert told["List-Unsubscribe"] == (
        f"<{FACTS.unsubscribe_url}>, <mailto:{LISTING.unsubscribe_mail}?subject=unsubscribe>"
    )
    assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (told["List-Id"], told["List-Archive"]) == (f"<{LISTING.id}>", f"<{LISTING.archive}>")
    silent = replace(LISTING, unsubscribe_mail="", archive="", feedback="")
    told = strictly(packed(mail_with(Rendered("s", "t", "h"), listing=silent)))
    assert told["List-Unsubscribe"] == f"<{FACTS.unsubscribe_url}>"
    assert {"list-archive", "feedback-id"}.isdisjoint(name.lower() for name in told)


@pytest.mark.parametrize("what", ["subject", "text", "html", "sender_name"])
def test_m6_nothing_that_others_wrote_adds_a_header_or_a_recipient_or_stops_a_mail(what: str) -> None:
    """TRUST M6; 100,000 cases are tried by bench/digest_mails.py."""
    chance = random.Random(what)
    for _ in range(120):
        told = "".join(chance.choice(WORDS) for _ in range(chance.randint(1, 6)))
        raw = packed(mail_with(Rendered("s", "t", "<p>h"), **{what: told}))
        assert header_names(raw) == PLAIN | LISTED | {"x-auto-response-suppress"}
        assert strictly(raw)["To"] == "ada@example.org"
