"""arXiv's calendar, every day from 2020 to 2030 (H8)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model import announcements
from broadsheet.model.announcements import announced_at, announcement_of, announces, is_cut, last_announcement

NEW_YORK = ZoneInfo("America/New_York")
FIRST, LAST = date(2020, 1, 1), date(2030, 12, 31)
DAYS = [FIRST + timedelta(days=count) for count in range((LAST - FIRST).days + 1)]
# https://info.arxiv.org/help/availability.html, and arXiv's own list of days without a cut-off.
HOLIDAYS_2026 = {
    date(2026, *day)
    for day in ((1, 1), (1, 19), (6, 19), (7, 3), (9, 7), (11, 26), (12, 25), (12, 29), (12, 31))
}  # fmt: skip


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("submitted", "announced"),
    [
        ("2026-11-16T14:00", "2026-11-17"),  # Monday's cut-off missed by nothing
        ("2026-11-16T13:59:59.999999", "2026-11-16"),
        ("2026-11-19T14:00", "2026-11-22"),  # Thursday after the cut-off: Sunday
        ("2026-11-20T13:59", "2026-11-22"),
        ("2026-11-20T14:00", "2026-11-23"),  # Friday after the cut-off: Monday
        ("2026-11-22T23:00", "2026-11-23"),
        ("2026-11-25T14:00", "2026-11-29"),  # Thanksgiving is free, Friday's cut-off goes out on Sunday
        ("2026-07-02T14:00", "2026-07-06"),  # a free Friday: no cut-off and no Sunday either
        ("2025-07-03T14:00", "2025-07-07"),
        ("2026-12-30T15:00", "2027-01-04"),  # 31 December and 1 January are free
        ("2026-01-16T14:00", "2026-01-20"),  # a free Monday
    ],
)
def test_a_submission_is_announced_when_the_schedule_says(submitted: str, announced: str) -> None:
    assert announcement_of(local(submitted)) == date.fromisoformat(announced)


def test_h8_every_holiday_of_2026_is_listed_and_nothing_is_announced_on_it() -> None:
    assert announcements.holidays(2026) == HOLIDAYS_2026
    assert [day for day in HOLIDAYS_2026 if is_cut(day) or announces(day)] == []
    assert not announces(date(2026, 6, 21))  # the Sunday after a free Friday
    assert not announces(date(2026, 7, 5))
    assert not announces(date(2026, 12, 27))


def test_h8_nothing_is_announced_on_any_friday_or_saturday_of_eleven_years() -> None:
    assert [day for day in DAYS if day.weekday() in {4, 5} and announces(day)] == []


def test_every_other_evening_of_eleven_years_has_an_announcement_unless_a_holiday_explains_it() -> None:
    silent = [day for day in DAYS if day.weekday() not in {4, 5} and not announces(day)]
    holidays = {day for year in range(2020, 2031) for day in announcements.holidays(year)}
    assert [day for day in silent if day not in holidays and day - timedelta(days=2) not in holidays] == []
    assert len(DAYS) == 4018
    assert len(silent) < 11 * 12


def test_h8_every_hour_of_eleven_years_belongs_to_one_announcement_and_none_is_left_without_a_window() -> None:
    hour, at, end = timedelta(hours=1), datetime(2019, 12, 31, 19, tzinfo=UTC), datetime(2031, 1, 1, 19, tzinfo=UTC)
    told = []
    while at < end:
        told.append(announcement_of(at))
        at += hour
    assert told == sorted(told)
    empty = {day for day in DAYS if announces(day)} - set(told)
    assert empty == set()


@pytest.mark.parametrize("year", range(2020, 2031))
def test_h8_an_announcement_is_at_eight_in_new_york_on_both_edges_of_summer_time(year: int) -> None:
    offsets = set()
    for day in (day for day in DAYS if day.year == year):
        for hour, found in ((20, announced_at(day)), (22, announcements.harvestable_at(day))):
            there = found.astimezone(NEW_YORK)
            assert (there.date(), there.hour, found.tzinfo) == (day, hour, UTC)
        offsets.add(announced_at(day).hour)
        assert announcements.listed_on(day) == announced_at(day).date()
    assert offsets == {0, 1}


@pytest.mark.parametrize(("day", "hour"), [("2026-03-07", 1), ("2026-03-08", 0), ("2026-10-31", 0), ("2026-11-01", 1)])
def test_summer_time_begins_and_ends_on_a_sunday(day: str, hour: int) -> None:
    assert announced_at(date.fromisoformat(day)).hour == hour


@given(st.datetimes(datetime(2020, 1, 6), datetime(2030, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds are naive
def test_the_last_announcement_is_before_and_the_next_after_an_instant(at: datetime) -> None:
    last = last_announcement(at)
    assert announces(last)
    assert announced_at(last) <= at
    between = [last + timedelta(days=n) for n in range(1, 10) if announced_at(last + timedelta(days=n)) <= at]
    assert not any(map(announces, between))
    assert announces(announcement_of(at))
    assert announced_at(announcement_of(at)) > at


def test_a_listing_is_missed_only_after_an_evening_that_announces() -> None:
    assert announcements.may_be_quiet(date(2026, 11, 21))
    assert announcements.may_be_quiet(date(2026, 11, 27))  # after Thanksgiving
    assert not announcements.may_be_quiet(date(2026, 11, 20))
    assert not announcements.may_be_quiet(date(2026, 12, 31))  # listed: the evening of the 30th announces
    assert announcements.may_be_quiet(date(2027, 12, 29))  # not listed yet: it may be
    assert not announcements.may_be_quiet(date(2027, 12, 24))


@pytest.mark.parametrize(
    "day", ["2027-01-18", "2027-06-18", "2027-07-05", "2028-07-04", "2028-11-23", "2029-09-03", "2030-06-19"]
)
def test_a_year_not_listed_yet_goes_by_the_rules(day: str) -> None:
    assert date.fromisoformat(day) in announcements.holidays(int(day[:4]))
