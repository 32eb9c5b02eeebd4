"""A mail says whom it is from, whom it is for, and where it comes back to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import NOW

from broadsheet.errors import Invalid
from broadsheet.mail.packing import packed
from broadsheet.mail.port import Mail, one_line, storable

BAD = (
    *("", "me", "@host", "me@", "a@b@c", "me@host\r\nBcc: x@y", "Me <me@host>", "me@host, x@y", "é@host"),
    *("me@host\0", "me@ho\u202est", "me(x)@host", '"me"@host', "<me@host>", "me;you@host", "x" * 300 + "@h"),
)


def mail(**facts: str) -> Mail:
    given = {"key": "alert-1-begun", "sender": "house@papers.example", "to": "me@papers.example"}
    return Mail(**{**given, "subject": "Trouble", "text": "It fails.", **facts}, at=NOW)


def test_a_mail_comes_back_to_its_sender_where_nothing_else_is_said() -> None:
    assert mail().envelope == ("house@papers.example", "me@papers.example")
    assert mail(return_path="house+b1@papers.example").envelope == ("house+b1@papers.example", "me@papers.example")


@pytest.mark.parametrize("address", BAD, ids=range(len(BAD)))
def test_what_is_no_address_is_refused(address: str) -> None:
    for facts, field in (({"to": address}, "to"), ({"sender": address}, "mail_from")):
        with pytest.raises(Invalid) as refused:
            packed(mail(**facts))
        assert refused.value.field == field
        with pytest.raises(Invalid):
            assert mail(**facts).envelope
    if address:
        with pytest.raises(Invalid):
            assert mail(return_path=address).envelope


@given(st.text(st.characters(codec=None), max_size=60))
def test_one_line_is_one_line_that_can_be_stored_and_stays_as_it_is(text: str) -> None:
    line = one_line(text)
    assert one_line(line) == line
    assert line.replace("\u200c", "").replace("\u200d", "").isprintable()
    assert storable(line) == line


def test_emoji_and_persian_keep_what_joins_them() -> None:
    assert one_line("👩\u200d💻 نیم\u200cروز") == "👩\u200d💻 نیم\u200cروز"
    assert one_line("a\u202eb\u200bc\x00d") == "a b c�d"
