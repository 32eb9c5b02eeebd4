"""When the daily page turns."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from broadsheet.errors import Invalid
from broadsheet.model.daily import Turn
from broadsheet.settings import Settings

NEW_YORK = Turn.read(Settings().day_zone, Settings().day_hour)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-07-15T01:29:59", date(2026, 7, 14)),
        ("2026-07-15T01:30:00", date(2026, 7, 15)),
        ("2026-01-15T02:29:59", date(2026, 1, 14)),
        ("2026-01-15T02:30:00", date(2026, 1, 15)),
        ("2026-03-08T12:00:00", date(2026, 3, 8)),
    ],
)
def test_the_page_turns_when_that_of_hugging_face_does(at: str, day: date) -> None:
    assert NEW_YORK.day_at(datetime.fromisoformat(at).replace(tzinfo=UTC)) == day


@pytest.mark.parametrize(
    ("hour", "before", "after"),
    [
        ("00:00", date(2026, 3, 5), date(2026, 3, 6)),
        ("06:00", date(2026, 3, 5), date(2026, 3, 6)),
        ("12:00", date(2026, 3, 6), date(2026, 3, 7)),
        ("23:59", date(2026, 3, 6), date(2026, 3, 7)),
    ],
)
def test_a_page_turns_to_tomorrow_from_noon_on(hour: str, before: date, after: date) -> None:
    turn = Turn.read("UTC", hour)
    at = datetime.fromisoformat(f"2026-03-06T{hour}:00").replace(tzinfo=UTC)
    assert (turn.day_at(at.replace(second=0)), turn.ends(before)) == (after, at)
    assert turn.day_at(datetime.fromtimestamp(at.timestamp() - 1, UTC)) == before


@pytest.mark.parametrize(
    ("zone", "hour", "field"),
    [
        ("Nowhere/Atlantis", "21:30", "day_zone"),
        ("", "21:30", "day_zone"),
        ("../etc/passwd", "21:30", "day_zone"),
        ("UTC", "24:00", "day_hour"),
        ("UTC", "9:30", "day_hour"),
        ("UTC", "noon", "day_hour"),
    ],
)
def test_what_is_no_zone_or_hour_is_named(zone: str, hour: str, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        Turn.read(zone, hour)
    assert caught.value.field == field


@pytest.mark.parametrize("hour", ["01:30", "02:30", "21:30"])
@pytest.mark.parametrize("begins", [date(2026, 11, 1), date(2026, 3, 8)], ids=["back", "ahead"])
def test_where_clocks_are_changed_a_page_turns_once_and_when_it_said(begins: date, hour: str) -> None:
    turn = Turn.read("America/New_York", hour)
    midnight = datetime.combine(begins, time(), UTC)
    moments = [midnight + timedelta(minutes=10 * number) for number in range(300)]
    days = [turn.day_at(at) for at in moments]
    assert days == sorted(days)
    assert all(at < turn.ends(day).astimezone(UTC) for at, day in zip(moments, days, strict=True))
