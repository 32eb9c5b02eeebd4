"""Each local day has exactly one instant at which its digest is due, in every zone there is (TRUST M9)."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import Invalid
from broadsheet.model.local_time import LOOK_EVERY, is_quiet, next_time, quiet_ends, read_times, zones
from broadsheet.model.subscription import Times

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
HALF_HOURS = tuple(f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 30))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def walk(times: Times, first: date, last: date, kind: str = "daily") -> Iterator[tuple[date, datetime]]:
    """Give all digests of the days from the first to the last."""
    after = datetime.combine(first, time(), UTC) - 2 * DAY
    while True:
        day, after = next_time(times, kind, after)  # type: ignore[arg-type]
        if day > last:
            return
        if day >= first:
            yield day, after


@cache
def turning_days(zone: str) -> tuple[date, ...]:
    """Give the days of the two years within which a zone's clocks are turned."""
    there = ZoneInfo(zone)
    noons = [datetime.combine(FIRST, time(12), UTC) + count * DAY for count in range((LAST - FIRST).days + 1)]
    offsets = [noon.astimezone(there).utcoffset() for noon in noons]
    return tuple(
        noon.astimezone(there).date()
        for noon, old, new in zip(noons[1:], offsets, offsets[1:], strict=False)
        if old != new
    )


def assert_first(zone: str, day: date, hour: str, due: datetime, *earlier: timedelta) -> None:
    """Hold an instant to be the first at which the clock there shows the day and hour, or later."""
    there, wall = ZoneInfo(zone), datetime.combine(day, time.fromisoformat(hour))
    before = [due - each for each in (SECOND, *earlier)]
    assert due.astimezone(there).replace(tzinfo=None) >= wall, (zone, day, hour, due)
    assert all(each.astimezone(there).replace(tzinfo=None) < wall for each in before), (zone, day, hour, due)


def test_every_zone_has_exactly_one_daily_digest_on_every_day_of_two_years() -> None:
    days = [FIRST + count * DAY for count in range((LAST - FIRST).days + 1)]
    hours = [datetime.combine(day, time(7)) for day in days]
    assert len(zones()) > 400
    for zone in zones():
        found, there = list(walk(Times(zone=zone), FIRST, LAST)), ZoneInfo(zone)
        assert [day for day, _ in found] == days, zone
        # No clocks are turned at this hour anywhere, so it can be told without asking what is first.
        assert [due.astimezone(there).replace(tzinfo=None) for _, due in found] == hours, zone


def test_at_every_turn_of_the_clocks_every_half_hour_comes_once_a_day() -> None:
    turned = Counter[str]()
    for zone in zones():
        for turn in turning_days(zone):
            turned[zone] += 1
            days = [turn + count * DAY for count in (-2, -1, 0, 1)]
            for hour in HALF_HOURS:
                found = list(walk(Times(zone=zone, hour=hour), days[0], days[-1]))
                assert [day for day, _ in found] == days, (zone, hour)
                for day, due in found:
                    assert_first(zone, day, hour, due, HOUR / 2, HOUR, 2 * HOUR, 3 * HOUR)
    assert len(turned) > 100
    assert turned["Europe/Berlin"] == 4


def test_every_zone_has_exactly_one_weekly_digest_in_every_week_of_two_years() -> None:
    for number, zone in enumerate(zones()):
        times = Times(zone=zone, weekday=number % 7, hour=HALF_HOURS[number % 48])
        found = [day for day, _ in walk(times, FIRST, LAST, "weekly")]
        assert {day.weekday() for day in found} == {number % 7}, zone
        assert {new - old for old, new in pairwise(found)} == {timedelta(days=7)}, zone
        assert len(found) in {104, 105}


@pytest.mark.parametrize(
    ("zone", "hour", "day", "due"),
    [
        pytest.param("Europe/Berlin", "07:00", "2026-07-01", "2026-07-01T05:00", id="summer"),
        pytest.param("Europe/Berlin", "02:30", "2026-03-29", "2026-03-29T01:00", id="left-out-hour"),
        pytest.param("Europe/Berlin", "02:30", "2026-10-25", "2026-10-25T00:30", id="first-of-two"),
        pytest.param("America/Nuuk", "23:30", "2026-03-28", "2026-03-29T01:00", id="left-out-up-to-midnight"),
        pytest.param("Asia/Beirut", "00:15", "2026-03-29", "2026-03-28T22:00", id="left-out-midnight"),
        pytest.param("Australia/Lord_Howe", "02:15", "2026-10-04", "2026-10-03T15:30", id="half-an-hour-left-out"),
        pytest.param("Pacific/Chatham", "07:00", "2026-11-22", "2026-11-21T17:15", id="quarters"),
        pytest.param("Pacific/Kiritimati", "07:00", "2026-11-22", "2026-11-21T17:00", id="far-ahead"),
        pytest.param("Etc/GMT+12", "07:00", "2026-11-22", "2026-11-22T19:00", id="far-behind"),
    ],
)
def test_an_hour_comes_when_the_clock_there_says_so(zone: str, hour: str, day: str, due: str) -> None:
    wanted = date.fromisoformat(day)
    assert list(walk(Times(zone=zone, hour=hour), wanted, wanted)) == [(wanted, at(due))]


def test_a_day_that_a_zone_leaves_out_has_no_digest_and_its_weekly_one_comes_next_day() -> None:
    apia = Times(zone="Pacific/Apia", weekday=4)
    days = [day.day for day, _ in walk(apia, date(2011, 12, 28), date(2011, 12, 31))]
    assert days == [28, 29, 31]
    weekly = list(walk(apia, date(2011, 12, 23), date(2012, 1, 6), "weekly"))
    assert [day.isoformat() for day, _ in weekly] == ["2011-12-23", "2011-12-31", "2012-01-06"]
    assert weekly[1][1] == at("2011-12-30T10:00")


@given(
    st.sampled_from(zones()),
    st.sampled_from(HALF_HOURS),
    st.integers(0, 6),
    st.sampled_from(("daily", "weekly")),
    st.datetimes(datetime(1975, 1, 1), datetime(2037, 1, 1)),  # noqa: DTZ001 - hypothesis wants them naive
)
def test_the_next_time_is_later_and_nothing_lies_between(
    zone: str, hour: str, weekday: int, kind: str, naive: datetime
) -> None:
    times, after = Times(zone=zone, hour=hour, weekday=weekday), naive.replace(tzinfo=UTC)
    day, due = next_time(times, kind, after)  # type: ignore[arg-type]
    assert due > after
    assert next_time(times, kind, due - timedelta(microseconds=1)) == (day, due)  # type: ignore[arg-type]
    following, later = next_time(times, kind, due)  # type: ignore[arg-type]
    assert following > day
    assert later > due
    # Whoever asks in between is told the same.
    assert next_time(times, kind, due + (later - due) / 2) == (following, later)  # type: ignore[arg-type]


@given(
    st.sampled_from(zones()),
    st.tuples(st.sampled_from(HALF_HOURS), st.sampled_from(HALF_HOURS)).filter(lambda hours: hours[0] != hours[1]),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 - hypothesis wants them naive
)
def test_what_comes_at_once_comes_within_ten_minutes_or_right_after_quiet_hours(
    zone: str, hours: tuple[str, str], naive: datetime
) -> None:
    times, after = Times(zone=zone, quiet_from=hours[0], quiet_until=hours[1]), naive.replace(tzinfo=UTC)
    _, due = next_time(times, "now", after)
    assert due > after
    assert not is_quiet(times, due)
    if due - after > LOOK_EVERY:
        assert is_quiet(times, due - timedelta(seconds=1))
        assert is_quiet(times, after + LOOK_EVERY)
    assert due - after < 26 * HOUR


def test_quiet_hours_may_go_past_midnight() -> None:
    times = read_times("Europe/Berlin", quiet_from="22:00", quiet_until="07:05")
    assert [is_quiet(times, at(f"2026-11-20T{hour}")) for hour in ("20:59", "21:00", "03:00", "06:04", "06:05")] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert quiet_ends(times, at("2026-11-20T21:30")) == at("2026-11-21T06:05")
    assert quiet_ends(times, at("2026-11-20T20:30")) == at("2026-11-20T20:30")
    assert [next_time(times, "now", at(f"2026-11-20T{hour}"))[1] for hour in ("20:41", "20:50")] == [
        at("2026-11-20T20:50"),
        at("2026-11-21T06:05"),
    ]


def test_quiet_hours_end_as_the_clock_says_even_when_it_says_so_twice() -> None:
    berlin = Times(zone="Europe/Berlin", quiet_from="23:00", quiet_until="02:30")
    assert quiet_ends(berlin, at("2026-10-24T22:00")) == at("2026-10-25T00:30")
    assert quiet_ends(berlin, at("2026-10-25T01:10")) == at("2026-10-25T01:30")
    assert quiet_ends(berlin, at("2026-03-28T23:00")) == at("2026-03-29T01:00")


def test_a_zone_that_is_not_known_any_more_is_read_as_utc() -> None:
    for gone in ("Mars/Olympus", "../../etc/passwd", "", "a" * 5_000, "Europe"):
        assert next_time(Times(zone=gone), "daily", at("2026-11-20T08:00"))[1] == at("2026-11-21T07:00")


def test_times_are_read_as_people_write_them() -> None:
    assert read_times() == Times()
    assert read_times(" europe/berlin ", "7", "friday", "22:30:00", "06:00") == Times(
        zone="Europe/Berlin", hour="07:00", weekday=4, quiet_from="22:30", quiet_until="06:00"
    )
    assert read_times("America/New York", "23:59", 6) == Times(zone="America/New_York", hour="23:59", weekday=6)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        pytest.param({"zone": "Mars/Olympus"}, "zone", id="zone"),
        pytest.param({"zone": "../../etc/passwd"}, "zone", id="path"),
        pytest.param({"zone": "localtime"}, "zone", id="of-this-machine"),
        pytest.param({"hour": "24:00"}, "hour", id="hour"),
        pytest.param({"hour": "7:60"}, "hour", id="minute"),
        pytest.param({"hour": "\u0660\u0667:\u0660\u0660"}, "hour", id="other-digits"),
        pytest.param({"hour": "07:00\n00"}, "hour", id="line"),
        pytest.param({"weekday": "7"}, "weekday", id="weekday"),
        pytest.param({"weekday": "someday"}, "weekday", id="weekday-name"),
        pytest.param({"quiet_from": "22:00"}, "quiet_until", id="no-end"),
        pytest.param({"quiet_until": "07:00"}, "quiet_from", id="no-begin"),
        pytest.param({"quiet_from": "7", "quiet_until": "07:00"}, "quiet_until", id="all-day"),
        pytest.param({"quiet_from": "x", "quiet_until": "07:00"}, "quiet_from", id="begin"),
    ],
)
def test_times_that_cannot_be_are_refused_by_name(typed: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_times(**typed)
    assert refused.value.field == field


@given(st.text(), st.text(), st.text(), st.text(), st.text())
def test_whatever_is_typed_is_read_or_refused(zone: str, hour: str, weekday: str, begins: str, ends: str) -> None:
    with suppress(Invalid):
        times = read_times(zone, hour, weekday, begins, ends)
        assert next_time(times, "daily", at("2026-11-20T08:00"))[1] > at("2026-11-20T08:00")
