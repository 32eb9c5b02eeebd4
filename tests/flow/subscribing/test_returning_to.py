"""Addresses that mails come back to tell what came back, and nobody else can make one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import Invalid, NotFound
from broadsheet.flow.subscribing import returning_to
from broadsheet.settings import Settings

KEY, OTHER = b"k" * 32, b"o" * 32
SITE = Settings(bounce_address="bounces@papers.example")
NO_TAGS = (
    "",
    "b",
    "b7",
    "b7-",
    "x7-" + "a" * 26,
    "b07-" + "a" * 26,
    "b7-" + "a" * 25,
    "b7-" + "1" * 26,
    "b٣-" + "a" * 26,
)


@given(st.sampled_from(["b", "u"]), st.integers(1, 10**12), st.text(max_size=20))
def test_a_tag_tells_what_it_is_of_and_is_good_in_either_case(
    what: returning_to.Returning, number: int, nonce: str
) -> None:
    told = returning_to.tag(KEY, what, number, nonce)
    for written in (told, told.upper()):
        assert returning_to.read_tag(written) == (what, number)
        assert returning_to.is_good(KEY, written, nonce)
    assert not returning_to.is_good(OTHER, told, nonce)
    assert not returning_to.is_good(KEY, told, f"{nonce}x")
    assert not returning_to.is_good(KEY, told.replace(what, "u" if what == "b" else "b", 1), nonce)
    assert not returning_to.is_good(KEY, told.replace(str(number), str(number + 1), 1), nonce)


def test_128_bits_prove_a_tag_and_each_of_them_counts() -> None:
    told = returning_to.tag(KEY, "b", 7, "n")
    proof = told.partition("-")[2]
    assert len(proof) == 26  # of five bits each, the last of which holds three
    for at in range(len(proof)):
        changed = "a" if proof[at] != "a" else "q"
        assert not returning_to.is_good(KEY, f"b7-{proof[:at]}{changed}{proof[at + 1 :]}", "n")


@pytest.mark.parametrize("told", NO_TAGS, ids=range(len(NO_TAGS)))
def test_what_is_no_tag_is_never_good(told: str) -> None:
    assert not returning_to.is_good(KEY, told, "n")
    with pytest.raises(NotFound):
        returning_to.read_tag(told)


def test_a_tag_stands_in_the_address_that_mails_come_back_to() -> None:
    told = returning_to.tag(KEY, "b", 10**12 - 1, "n")
    address = returning_to.tagged(SITE, told)
    assert address == f"bounces+{told}@papers.example"
    assert returning_to.tag_of(address) == told
    assert len(address.partition("@")[0]) <= 64


@pytest.mark.parametrize("address", ["", "bounces", "bounces@papers.example", "+b7-aa", "a@b+c"])
def test_other_addresses_tell_nothing(address: str) -> None:
    assert returning_to.tag_of(address) == ""


def test_without_a_mailbox_for_them_there_is_no_such_address() -> None:
    assert returning_to.tagged(Settings(), "b7-x") == ""
    returning_to.check_return_address(Settings())
    returning_to.check_return_address(SITE)


@pytest.mark.parametrize("address", ["bounces", "a@b@c.example", "é@papers.example", f"{'b' * 24}@papers.example"])
def test_a_mailbox_that_cannot_take_tags_is_refused(address: str) -> None:
    with pytest.raises(Invalid) as refused:
        returning_to.check_return_address(Settings(bounce_address=address))
    assert refused.value.field == "bounce_address"
