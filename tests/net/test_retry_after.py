"""Both forms of Retry-After, and what is neither."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.net.retry_after import http_date, rate_limit_reset, retry_after

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@given(st.integers(0, 10**9))
def test_both_forms_tell_the_same(seconds: int) -> None:
    at = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert retry_after(str(seconds), NOW) == retry_after(at, NOW) == seconds


@pytest.mark.parametrize(
    "told",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 06 Nov 1994 09:49:37 +0100",
    ],
)
def test_every_form_of_a_date_is_read(told: str) -> None:
    assert http_date(told) == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


def test_a_moment_that_has_passed_is_now() -> None:
    assert retry_after("Sun, 06 Nov 1994 08:49:37 GMT", NOW) == 0


@pytest.mark.parametrize("told", [None, "", "soon", "-5", "1.5", "٣", "Sun, 99 Nov 1994 08:49:37 GMT", "1e9"])
def test_what_is_neither_says_nothing(told: str | None) -> None:
    assert retry_after(told, NOW) is None


def test_a_number_without_end_is_a_long_time() -> None:
    assert (retry_after("9" * 5_000, NOW) or 0) > 10**11


@given(st.text())
def test_any_text_says_something_or_nothing(text: str) -> None:
    told = retry_after(text, NOW)
    assert told is None or told >= 0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW.timestamp()) + 90)}, 90),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "30"}, 30),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW.timestamp()) - 90)}, 0),
        ({"x-ratelimit-remaining": "7", "x-ratelimit-reset": "30"}, None),
        ({"x-ratelimit-remaining": "0"}, None),
        ({"ratelimit": '"api";r=0;t=55', "ratelimit-policy": '"fixed window";"api";q=500;w=300'}, 55),
        ({"ratelimit": '"api";r=17;t=55'}, None),
        ({"ratelimit": "nonsense"}, None),
        ({}, None),
    ],
)
def test_a_rate_limit_that_is_used_up_tells_when_it_is_new(headers: dict[str, str], seconds: float | None) -> None:
    assert rate_limit_reset(headers, NOW) == seconds
