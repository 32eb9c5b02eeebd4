"""Digests are called up when they are due, once for each kind and local day, on both databases."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from bench.digest_days import rows
from sqlalchemy import select
from tests.empty_store import empty_store
from tests.flow.sending.post import LIST, NOON, Post, posting

from broadsheet.errors import Invalid
from broadsheet.flow.sending import holding
from broadsheet.flow.subscribing import due
from broadsheet.store import digest_times, facts, subscribers, subscriptions
from broadsheet.store.schema_digests import digests

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Post]:
    is_file = request.param == "sqlite"
    url = empty_store(tmp_path / "p.db") if is_file else request.getfixturevalue("postgresql_url")
    with posting(url, emptied=not is_file) as opened:
        yield opened


def test_a_digest_is_called_up_at_its_hour_once_and_says_where_it_goes(post: Post) -> None:
    number = post.subscribe("daily")
    assert post.call_up("23 06:59") == 0
    assert post.call_up("23 07:00") == 1
    assert post.call_up("23 07:00") == 0
    assert post.call_up("23 23:00") == 0
    with post.store.reading() as connection:
        (row,) = connection.execute(select(digests))
    assert (row.subscriber_id, row.kind, row.day) == (number, "daily", "2026-11-23")
    assert (row.way, row.domain, row.state) == ("mail", "example.org", "waiting")
    assert row.due_at == row.next_at == "2026-11-23T07:00:00.000000+00:00"
    assert (row.holder, row.attempts, row.content, row.papers, row.settled_at, row.why) == ("", 0, "", 0, "", "")


def test_what_is_late_is_sent_within_six_hours_and_expires_after(post: Post) -> None:
    post.subscribe("daily")
    assert post.call_up("23 13:00") == 1
    assert post.call_up("24 13:00:01") == 0
    assert post.days() == ["23 waiting", "24 expired"]
    with post.store.reading() as connection:
        row = connection.execute(select(digests).where(digests.c.state == "expired")).one()
    assert row.why == "Nothing ran here to send it within 6 hours."
    assert row.settled_at == "2026-11-24T13:00:01.000000+00:00"


def test_a_house_that_was_down_for_days_tells_of_each_and_sends_the_last(post: Post) -> None:
    post.subscribe("daily", "weekly")
    assert post.call_up("26 08:00") == 1
    assert post.days() == ["23 expired", "24 expired", "25 expired", "26 waiting"]
    assert post.days("weekly") == ["23 expired"]


def test_a_house_that_was_down_for_a_year_tells_of_the_last_month(post: Post) -> None:
    number = post.subscribe("daily")
    post.clock.at = NOON + 365 * DAY
    assert due.call_up(post.house) == 1
    states = Counter(row.state for row in rows(post.store))
    assert states == {"expired": 31, "waiting": 1}
    assert post.coming(number) == {"daily": "2027-11-23 23 07:00"}


def test_a_day_has_one_digest_whatever_hour_and_zone_are_wanted_after_it(post: Post) -> None:
    number = post.subscribe("daily")
    post.call_up("23 07:00")
    for hour in ("08:00", "23:59"):
        post.set_times(number, hour=hour)
        assert post.coming(number)["daily"].startswith("2026-11-24")
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kolkata"):
        post.set_times(number, zone=zone)
        assert post.coming(number)["daily"].startswith("2026-11-24")
    assert post.call_up("23 23:59") == 0
    assert post.days() == ["23 waiting"]


def test_no_day_goes_without_because_the_hour_is_changed(post: Post) -> None:
    number = post.subscribe("daily")
    post.clock.at = NOON + 18 * HOUR  # 06:00
    post.set_times(number, hour="05:00")
    assert post.coming(number) == {"daily": "2026-11-23 23 07:00"}
    post.set_times(number, hour="09:00")
    assert post.coming(number) == {"daily": "2026-11-23 23 09:00"}
    # Due, and changed before anybody looked.
    post.clock.at = NOON + 22 * HOUR
    post.set_times(number, hour="08:00")
    assert post.coming(number) == {"daily": "2026-11-23 23 09:00"}
    post.set_times(number, hour="20:00")
    assert post.coming(number) == {"daily": "2026-11-23 23 20:00"}
    assert post.call_up("23 20:00") == 1
    assert post.coming(number) == {"daily": "2026-11-24 24 20:00"}


def test_somebody_who_travels_gets_one_digest_a_day_there(post: Post) -> None:
    number = post.subscribe("daily", zone="America/Los_Angeles", hour="18:00")
    post.clock.at = NOON + 10 * HOUR  # 14:00 in Los Angeles, 11:00 on the next day in Auckland
    post.set_times(number, zone="Pacific/Auckland")
    assert post.coming(number) == {"daily": "2026-11-23 23 05:00"}
    assert post.call_up("23 05:00") == 1
    # 23 November begins in Los Angeles, but has had its digest.
    post.set_times(number, zone="America/Los_Angeles")
    assert post.coming(number) == {"daily": "2026-11-24 25 02:00"}


def test_a_week_has_one_digest_whatever_weekday_is_wanted_after_it(post: Post) -> None:
    number = post.subscribe("weekly")
    assert post.call_up("23 07:00") == 1
    post.set_times(number, weekday=4)
    with post.store.reading() as connection:
        (found,) = digest_times.of(connection, number).values()
    assert found.day == "2026-12-04"
    post.set_times(number, weekday=0)
    assert post.coming(number) == {"weekly": "2026-11-30 30 07:00"}


def test_no_week_goes_without_because_the_weekday_is_changed(post: Post) -> None:
    number = post.subscribe("weekly", weekday=4)
    assert post.coming(number) == {"weekly": "2026-11-27 27 07:00"}
    post.clock.at = NOON + 3 * DAY  # a Wednesday
    post.set_times(number, weekday=0)
    assert post.coming(number) == {"weekly": "2026-11-27 27 07:00"}
    post.call_up("27 07:00")
    assert post.coming(number) == {"weekly": "2026-11-30 30 07:00"}


def test_what_comes_at_once_is_looked_for_every_ten_minutes_except_in_quiet_hours(post: Post) -> None:
    number = post.subscribe("now", zone="Europe/Berlin", quiet_from="22:00", quiet_until="07:05")
    seen = []
    for minute in range(0, 24 * 60, 5):
        post.clock.at = NOON + timedelta(minutes=minute)
        if due.call_up(post.house):
            seen.append(f"{post.clock.at:%H:%M}")
            post.settle("sent")
    assert seen[:2] == ["12:10", "12:20"]
    assert seen[seen.index("20:50") + 1] == "06:05"
    assert seen[seen.index("06:05") + 1] == "06:10"
    with post.store.reading() as connection:
        days = connection.execute(select(digests.c.day).order_by(digests.c.id)).scalars().all()
    assert days[0] == "2026-11-22T12:10"
    assert len(days) == len(set(days)) == len(seen)
    assert "now" in post.coming(number)


def test_what_comes_at_once_waits_for_what_is_still_to_be_sent_and_forgets_what_was_empty(post: Post) -> None:
    post.subscribe("now")
    assert post.call_up("22 12:10") == 1
    assert post.call_up("22 12:20") == 0
    post.settle("empty")
    assert post.call_up("22 12:30") == 1
    post.settle("empty")
    assert post.call_up("23 12:30") == 1
    assert len(rows(post.store)) == 1


def test_nobody_who_is_not_active_is_called_up(post: Post) -> None:
    number = post.subscribe("daily", "now")
    post.place(number, "paused")
    assert post.coming(number) == {}
    post.place(number, "active")
    assert set(post.coming(number)) == {"daily", "now"}
    with post.store.writing() as connection:  # by somebody who does not say so
        subscribers.place(connection, number, "suspended", at=post.clock.at)
    assert post.call_up("23 07:00") == 0
    assert post.coming(number) == {}
    post.place(number, "active")
    assert post.coming(number)["daily"] == "2026-11-24 24 07:00"


def test_who_gets_no_more_lists_in_a_rhythm_is_not_due_for_it(post: Post) -> None:
    number = post.subscribe("daily", "weekly")
    with post.store.writing() as connection:
        subscriptions.put(connection, number, LIST["daily"], "now", at=post.clock.at)
        due.schedule(connection, post.house, number)
        due.schedule(connection, post.house, number + 1)
    assert set(post.coming(number)) == {"weekly", "now"}


def test_a_clock_that_went_wrong_for_a_while_puts_nothing_off(post: Post) -> None:
    number = post.subscribe("daily", "weekly")
    post.clock.at = NOON + 400 * DAY
    due.call_up(post.house)
    assert post.call_up("22 12:00:01") == 0
    assert post.coming(number) == {"daily": "2026-11-23 23 07:00", "weekly": "2026-11-23 23 07:00"}
    assert rows(post.store) == []
    assert post.call_up("23 07:00") == 2


def test_a_day_can_be_called_up_again_for_whom_nobody_was_there(post: Post) -> None:
    missed, got = post.subscribe("daily"), post.subscribe("daily", "weekly", hour="10:00")
    assert post.call_up("23 13:30") == 2
    post.settle("sent")
    assert (due.call_up_day(post.house, date(2026, 11, 23)), due.call_up_day(post.house, date(2026, 11, 23))) == (1, 0)
    assert due.call_up_day(post.house, date(2026, 11, 24)) == 0  # still to come
    assert due.call_up_day(post.house, date(2026, 11, 22)) == 0  # before anybody subscribed
    found = {(row.subscriber_id, row.kind): row.state for row in rows(post.store)}
    assert found == {(missed, "daily"): "waiting", (got, "daily"): "sent", (got, "weekly"): "sent"}
    with post.store.reading() as connection:
        again = connection.execute(select(digests).where(digests.c.subscriber_id == missed)).one()
    assert again.due_at == again.next_at == "2026-11-23T13:30:00.000000+00:00"
    assert (again.why, again.settled_at) == ("", "")


def test_a_day_that_is_called_up_before_whoever_calls_up_has_its_digests_once(post: Post) -> None:
    for hour in ("07:00", "08:00", "11:00"):
        post.subscribe("daily", hour=hour)
    post.clock.at = NOON + 22 * HOUR
    assert due.call_up_day(post.house, date(2026, 11, 23), most=1) == 2
    assert post.call_up("23 10:00") == 0
    assert post.call_up("23 11:00") == 1
    assert len(rows(post.store)) == 3


def test_a_day_that_is_called_up_brings_no_second_digest_of_its_week(post: Post) -> None:
    got, waits = post.subscribe("weekly"), post.subscribe("weekly", weekday=4)
    assert post.call_up("23 07:00") == 1
    post.clock.at = NOON + 3 * DAY  # a Wednesday
    post.set_times(waits, weekday=0)
    assert due.call_up_day(post.house, date(2026, 11, 23)) == 0
    assert post.call_up("27 07:00") == 1
    post.set_times(got, weekday=4)
    assert due.call_up_day(post.house, date(2026, 11, 27)) == 0
    assert post.days("weekly") == ["23 waiting", "27 waiting"]


def test_what_may_have_been_sent_is_not_called_up_again_nor_what_is_long_ago(post: Post) -> None:
    post.subscribe("daily")
    post.call_up("24 08:00")
    with post.store.writing() as connection:
        due.distrust(connection, "It may have been sent.")
    assert due.call_up_day(post.house, date(2026, 11, 23)) == 0
    assert post.days() == ["23 expired", "24 waiting"]
    with pytest.raises(Invalid) as refused:
        due.call_up_day(post.house, date(2026, 10, 23))
    assert refused.value.field == "date"


@pytest.mark.parametrize("was_sent", [True, False])
def test_what_was_too_late_before_a_backup_was_put_back_is_called_up_again_only_if_nobody_sent_it(
    post: Post, tmp_path: Path, *, was_sent: bool
) -> None:
    post.subscribe("daily")
    post.house = replace(post.house, settings=replace(post.house.settings, home=tmp_path))
    with post.store.writing() as connection:
        facts.put(connection, "mail-mark:elsewhere", "7")
    assert post.call_up("24 15:00") == 0
    holding.resume(post.house, keep=not was_sent)
    assert due.call_up_day(post.house, date(2026, 11, 23)) == (0 if was_sent else 1)
