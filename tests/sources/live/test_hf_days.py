"""When a daily page turns, and which days are still to be looked at."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.sources.live import hf_days

AT = datetime(2026, 7, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
BEGIN = date(2026, 1, 1)
numbers = st.integers(0, 100)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-07-01T01:29:59", "2026-06-30"),
        ("2026-07-01T01:30:00", "2026-07-01"),
        ("2026-01-07T02:29:59", "2026-01-06"),
        ("2026-01-07T02:30:00", "2026-01-07"),
        # Clocks go forward on 8 March and back on 1 November.
        ("2026-03-08T02:29:59", "2026-03-07"),
        ("2026-03-09T01:30:00", "2026-03-09"),
        ("2026-11-01T01:30:00", "2026-11-01"),
        ("2026-11-02T02:29:59", "2026-11-01"),
    ],
)
def test_the_page_turns_at_half_past_nine_in_the_evening_in_new_york(at: str, day: str) -> None:
    assert str(hf_days.newest(datetime.fromisoformat(at).replace(tzinfo=UTC))) == day


@given(st.integers(0, 7 * 366 * 24 * 60))
def test_every_moment_is_in_one_day(minutes: int) -> None:
    at = datetime(2023, 5, 4, tzinfo=UTC) + timedelta(minutes=minutes)
    day = hf_days.newest(at)
    assert hf_days.ends(day - DAY) <= at < hf_days.ends(day)
    assert day <= at.date()
    assert not hf_days.is_over(day, at)


@given(st.lists(numbers))
def test_days_become_stretches_that_never_touch(days: list[int]) -> None:
    found: hf_days.Spans = ()
    for number in days:
        found = hf_days.joined(found, BEGIN + number * DAY)
    covered = [first + n * DAY for first, last in found for n in range((last - first).days + 1)]
    assert covered == sorted({BEGIN + number * DAY for number in days})
    assert all(one[1] + DAY < other[0] for one, other in pairwise(found))
    assert hf_days.spans([[str(first), str(last)] for first, last in found]) == found


@given(st.sets(numbers), st.sets(numbers), numbers, numbers)
def test_the_next_day_is_the_newest_that_is_neither_final_nor_just_looked_at(
    final: set[int], looked: set[int], oldest: int, newest: int
) -> None:
    spans: hf_days.Spans = ()
    for number in final:
        spans = hf_days.joined(spans, BEGIN + number * DAY)
    looks: dict[str, Any] = {str(BEGIN + number * DAY): {"at": AT.isoformat()} for number in looked}
    expected = [n for n in range(oldest, newest + 1) if n not in final and n not in looked]
    found = hf_days.next_open(spans, looks, AT, (BEGIN + oldest * DAY, BEGIN + newest * DAY))
    assert found == (BEGIN + max(expected) * DAY if expected else None)
