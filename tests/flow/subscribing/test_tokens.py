"""Tokens in the links of digests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.credentials.secret import PATTERN
from broadsheet.errors import NotFound
from broadsheet.flow.house import House
from broadsheet.flow.subscribing.tokens import is_good, number_of, token
from broadsheet.flow.subscribing.unsubscribing import known_by

KEY = bytes(range(32))


def test_a_token_is_good_for_its_purpose_number_and_nonce_alone() -> None:
    told = token(KEY, "unsubscribe", 7, "n")
    assert is_good(KEY, told, "unsubscribe", 7, "n")
    assert not is_good(KEY, told, "manage", 7, "n")
    assert not is_good(KEY, told, "unsubscribe", 8, "n")
    assert not is_good(KEY, told, "unsubscribe", 7, "m")
    assert not is_good(bytes(32), told, "unsubscribe", 7, "n")
    assert not is_good(KEY, told.lower(), "unsubscribe", 7, "n")


def test_a_token_tells_its_number_and_holds_a_secret_that_logs_leave_out() -> None:
    told = token(KEY, "view", 1234, "n")
    assert number_of(told) == 1234
    assert PATTERN.search(told)
    assert told.isascii()
    assert "/" not in told


@pytest.mark.parametrize("told", ["", "7", "x.y", ".x", "-1.x", "\u0661.x", "9" * 19 + ".x", "1 .x"])
def test_what_is_no_token_has_no_number(told: str) -> None:
    with pytest.raises(NotFound):
        number_of(told)


@given(st.text(st.characters()))
def test_nothing_made_up_is_good(told: str) -> None:
    assert not is_good(KEY, told, "manage", 7, "n")


def test_a_link_that_nobody_made_is_looked_at_without_a_trace(house: House) -> None:
    before = house.store.moment()
    with pytest.raises(NotFound):
        known_by(house, token(KEY, "manage", 7, "n"), "manage")
    assert house.store.moment() == before
