"""Days, weeks and months part all papers (H8)."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import Invalid
from broadsheet.model.weeks import Month, Week, home_day, month_of, read_month, read_week, week_of

FIRST, LAST = date(2020, 1, 1), date(2030, 12, 31)
DAYS = [FIRST + timedelta(days=count) for count in range((LAST - FIRST).days + 1)]


def test_h8_every_day_of_eleven_years_is_in_one_week_and_one_month() -> None:
    weeks, months = {week_of(day) for day in DAYS}, {month_of(day) for day in DAYS}
    in_weeks = Counter(day for week in weeks for day in week.days)
    in_months = Counter(day for month in months for day in month.days)
    assert {in_weeks[day] for day in DAYS} == {in_months[day] for day in DAYS} == {1}
    assert {week_of(day) for week in weeks for day in week.days} == weeks
    assert len(DAYS) == 4018
    assert len(months) == 132


def test_h8_2020_and_2026_have_a_week_53_and_their_neighbours_have_not() -> None:
    longest = {year: max(week.number for week in map(week_of, DAYS) if week.year == year) for year in range(2020, 2031)}
    assert [year for year, number in longest.items() if number == 53] == [2020, 2026]
    assert week_of(date(2026, 12, 28)) == week_of(date(2027, 1, 3)) == Week(2026, 53)
    assert week_of(date(2027, 1, 4)) == Week(2027, 1)
    assert week_of(date(2021, 1, 1)) == Week(2020, 53)
    assert str(Week(2026, 53)) == "2026-W53"


@given(st.dates(date(1, 1, 1), date(9999, 12, 26)))
def test_a_week_and_a_month_are_read_as_they_are_written(day: date) -> None:
    assert read_week(str(week_of(day))) == week_of(day)
    assert read_month(str(month_of(day))) == month_of(day)
    assert day in week_of(day).days
    assert day in month_of(day).days


@pytest.mark.parametrize(
    "text", ["", "2025-W53", "2026-W54", "2026-W00", "2026-w01", "2026-W1", "0000-W01", "٢٠٢٦-W01"]
)
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_week(text)
    assert refused.value.field == "week"


@pytest.mark.parametrize("text", ["", "2026-13", "2026-00", "2026-1", "2026-12-01", "0000-01"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_month(text)
    assert refused.value.field == "month"


def test_the_calendar_ends_without_an_error() -> None:
    assert Month(9999, 12).days[-1] == date.max
    assert date.max in week_of(date.max).days


days_told = st.lists(st.sampled_from(DAYS), max_size=3)
published = st.one_of(
    st.sampled_from(["", "2022", "2022-05", "2022-13-40", "May 2022", "2024-02-30T10:00:00Z"]),
    st.sampled_from(DAYS).map(lambda day: day.isoformat()),
    st.sampled_from(DAYS).map(lambda day: f"{day}T23:59:59Z"),
)


@given(st.lists(st.tuples(days_told, published), max_size=60))
def test_h8_daily_weekly_and_monthly_pages_hold_every_paper_once(papers: list[tuple[list[date], str]]) -> None:
    homes = [home_day(days, at) for days, at in papers]
    undated = [number for number, day in enumerate(homes) if day is None]
    for page_of in (lambda day: day, week_of, month_of):
        pages: dict[object, list[int]] = {}
        for number, day in enumerate(homes):
            if day is not None:
                pages.setdefault(page_of(day), []).append(number)
        on_pages = Counter(undated) + Counter(number for page in pages.values() for number in page)
        assert on_pages == Counter(range(len(papers)))  # 0 in none, 0 in two


def test_a_paper_is_at_home_on_the_first_day_that_showed_it() -> None:
    assert home_day([date(2026, 4, 16), date(2026, 4, 10)], "2026-04-08") == date(2026, 4, 10)
    assert home_day([], "2026-04-08T10:00:00Z") == date(2026, 4, 8)
    assert home_day([], "2026-04") is None
