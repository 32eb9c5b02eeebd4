"""Days and ranges of days as readers write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.index.days import OPEN_END, OPEN_START, day_number, read_days

READ = {
    "2025": (20250101, 20251231),
    "2025-02": (20250201, 20250231),
    "2025-2": (20250201, 20250231),
    "2025-02-03": (20250203, 20250203),
    "2025/2/3": (20250203, 20250203),
    " 2025 ": (20250101, 20251231),
    "2025-01..2025-06": (20250101, 20250631),
    "2025-01 .. 2025-06": (20250101, 20250631),
    "2025-01...2025-06": (20250101, 20250631),
    "2025-06..2025-01": (20250101, 20250631),
    "2024..": (20240101, OPEN_END),
    "..2024": (OPEN_START, 20241231),
    "2020..2024-03-05": (20200101, 20240305),
    "0001..9999": (10101, 99991231),
}
REFUSED = [
    "", " ", "..", " .. ", "...", "soon", "25", "20255", "2025-13", "2025-00", "2025-01-32", "2025-01-00", "2025--01",
    "2025-01-01-01", "-2025", "2025..soon", "soon..2025", "2025-01-15T10:00", "2025,2026", "2025..2026..2027",
    "9" * 10_000, "\0", "²⁰²⁵",
]  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_a_range_is_read(text: str) -> None:
    assert read_days(text) == READ[text]


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text)[:30])
def test_what_is_no_range_is_none(text: str) -> None:
    assert read_days(text) is None


@given(st.dates(), st.dates())
def test_a_range_holds_exactly_its_days(first: date, last: date) -> None:
    found = read_days(f"{first.isoformat()}..{last.isoformat()}")
    assert found == (day_number(min(first, last)), day_number(max(first, last)))


@given(st.dates())
def test_a_month_holds_its_days_and_no_other(day: date) -> None:
    low, high = read_days(day.isoformat()[:7]) or (0, 0)
    assert low <= day_number(day) <= high
    assert {number // 100 for number in (low, high)} == {day.year * 100 + day.month}


@given(st.text() | st.text(st.sampled_from("0123456789-/. ")))
def test_any_text_is_a_range_or_none(text: str) -> None:
    first, last = read_days(text) or (OPEN_START, OPEN_END)
    assert OPEN_START <= first <= last <= OPEN_END
