"""A mail address is read as people type it, and two ways to write one mailbox are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import NOW

from broadsheet.credentials.mail_address import read_mail_address
from broadsheet.errors import Invalid
from broadsheet.mail.port import Mail

READ = {
    "ada@example.org": ("ada@example.org", "ada@example.org"),
    "  Ada.Lovelace@Example.ORG ": ("Ada.Lovelace@example.org", "ada.lovelace@example.org"),
    "ada+papers@example.org": ("ada+papers@example.org", "ada+papers@example.org"),
    "o'brien@sub.example.co.uk": ("o'brien@sub.example.co.uk", "o'brien@sub.example.co.uk"),
    "x@bücher.example": ("x@xn--bcher-kva.example", "x@xn--bcher-kva.example"),
    "x@BÜCHER.example": ("x@xn--bcher-kva.example", "x@xn--bcher-kva.example"),
    "x@xn--bcher-kva.example": ("x@xn--bcher-kva.example", "x@xn--bcher-kva.example"),
    "x@παράδειγμα.example": ("x@xn--hxajbheg2az3al.example", "x@xn--hxajbheg2az3al.example"),
    "x@例え.jp": ("x@xn--r8jz45g.jp", "x@xn--r8jz45g.jp"),
    f"{'a' * 64}@example.org": (f"{'a' * 64}@example.org", f"{'a' * 64}@example.org"),
}

REFUSED = {
    "nothing": "",
    "no @": "ada.example.org",
    "nobody": "@example.org",
    "nowhere": "ada@",
    "two": "ada@example.org, eve@example.org",
    "two without a space": "ada@example.org,eve@example.org",
    "two with a semicolon": "ada@example.org;eve@example.org",
    "two @": "ada@eve@example.org",
    "a display name": "Ada <ada@example.org>",
    "brackets": "<ada@example.org>",
    "a comment": "ada(x)@example.org",
    "a scheme": "mailto:ada@example.org",
    "a header": "ada@example.org\r\nBcc: eve@example.org",
    "a line at the end": "ada@example.org\n",
    "a tab before": "\tada@example.org",
    "a zero": "ada\0@example.org",
    "a space within": "a da@example.org",
    "quotes": '"ada"@example.org',
    "a dot first": ".ada@example.org",
    "a dot last": "ada.@example.org",
    "two dots": "a..da@example.org",
    "letters that mailers may not take": "adä@example.org",
    "a full-width letter": "\uff41da@example.org",
    "half a letter": "\ud800@example.org",
    "half a letter in the domain": "ada@\ud800.org",
    "a right-to-left mark": "ada@exam\u202eple.org",
    "an invisible joiner": "ada@exam\u200dple.org",
    "a letter that once became two": "ada@fa\u00df.example",
    "a sigma that once became another": "ada@\u03bf\u03c2.example",
    "a full-width domain": "ada@\uff45xample.org",
    "a ligature": "ada@\ufb01sh.org",
    "one word": "ada@localhost",
    "an IP address": "ada@192.0.2.7",
    "an IP address in brackets": "ada@[192.0.2.7]",
    "an empty label": "ada@example..org",
    "a dot at the end": "ada@example.org.",
    "a hyphen first": "ada@-example.org",
    "an underscore": "ada@ex_ample.org",
    "a slash": "ada@example.org/x",
    "a port": "ada@example.org:25",
    "too long before the @": f"{'a' * 65}@example.org",
    "too long a label": f"ada@{'a' * 64}.org",
    "too long": f"ada@{'a.' * 125}org",
    "too long in ASCII": f"{'a' * 64}@{'ü.' * 24}org",
    "endless": "a" * 1_000_000 + "@example.org",
    "an endless domain": "a@" + "ü" * 1_000_000,
}


@pytest.mark.parametrize(("typed", "read"), READ.items(), ids=[f"number {n}" for n in range(len(READ))])
def test_an_address_is_read_in_its_normal_form(typed: str, read: tuple[str, str]) -> None:
    address = read_mail_address(typed)
    assert (address.text, address.key) == read
    assert address.domain == read[1].partition("@")[2]


@pytest.mark.parametrize("typed", REFUSED.values(), ids=REFUSED)
def test_what_is_no_single_plain_address_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="not a mail address") as refusal:
        read_mail_address(typed)
    assert refusal.value.field == "email"
    assert len(str(refusal.value)) < 200


def test_254_characters_are_an_address_and_255_are_none() -> None:
    longest = f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 58}.e"
    assert len(longest) == 253
    assert read_mail_address(longest + "f").text == longest + "f"
    with pytest.raises(Invalid):
        read_mail_address(longest + "fg")


@given(st.emails() | st.text() | st.from_regex(r"[!-~]{1,70}@([a-zü-]{1,70}\.){1,4}[a-z]{2}"))
def test_what_is_read_can_be_mailed_to_and_reads_as_itself(typed: str) -> None:
    try:
        address = read_mail_address(typed)
    except Invalid:
        return
    assert read_mail_address(address.text) == address
    assert read_mail_address(address.key).key == address.key
    mail = Mail(key="k", sender="broadsheet@example.org", to=address.text, subject="s", text="t", at=NOW)
    assert mail.envelope == ("broadsheet@example.org", address.text)
