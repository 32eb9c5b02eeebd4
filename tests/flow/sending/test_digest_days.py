"""Exactly one digest for each kind and local day, whoever calls up, whatever is changed, in every zone (TRUST M9)."""

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from bench.digest_days import Clockwork, enrol, faults, house_of, live, looks, rows
from tests.empty_store import empty_store
from tests.flow.sending.post import NOON, Post, posting

from broadsheet.flow.subscribing import due
from broadsheet.model.local_time import zones
from broadsheet.model.subscription import Times
from broadsheet.model.weeks import week_of
from broadsheet.store.connect import open_store

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# What each process does: calls up whatever is due, and tells how many there were.
CALLING = """
import json, sys
from datetime import datetime
from bench.digest_days import Clockwork, house_of
from broadsheet.flow.subscribing import due
from broadsheet.store.connect import open_store

url, at = json.loads(sys.argv[1])
clock = Clockwork(datetime.fromisoformat(at))
store = open_store(url, clock=clock)
print("ready", flush=True)
sys.stdin.readline()
print(due.call_up(house_of(store, clock), most=50))
store.close()
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Post]:
    is_file = request.param == "sqlite"
    url = empty_store(tmp_path / "p.db") if is_file else request.getfixturevalue("postgresql_url")
    with posting(url, emptied=not is_file) as opened:
        yield opened


def test_threads_that_call_up_at_once_double_nothing(post: Post) -> None:
    enrol(post.house, [Times(hour="13:00")] * 300)
    post.clock.at = NOON + HOUR
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: due.call_up(post.house, most=20), range(8)))
    assert sum(done) == 300
    assert Counter(row.subscriber_id for row in rows(post.store)).most_common(1)[0][1] == 1


def test_processes_that_call_up_at_once_double_nothing(post: Post) -> None:
    enrol(post.house, [Times(hour="13:00", weekday=6)] * 400)
    told = json.dumps([post.store.url, (NOON + HOUR).isoformat()])
    calling = [
        subprocess.Popen(
            [sys.executable, "-c", CALLING, told], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    assert [process.stdout.readline() for process in calling if process.stdout] == ["ready\n"] * 2
    for process in calling:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    done = [int(process.communicate(timeout=120)[0]) for process in calling]
    assert sum(done) == 800
    found = Counter((row.subscriber_id, row.kind) for row in rows(post.store))
    assert len(found) == found.total() == 800


@pytest.mark.parametrize("first", ["2026-03-05", "2026-10-22"])
def test_every_zone_gets_one_digest_a_day_across_turns_of_the_clocks_and_outages(tmp_path: Path, first: str) -> None:
    """Over two years: ``bench/digest_days.py``."""
    begins = date.fromisoformat(first)
    ends = begins + 12 * DAY
    clock = Clockwork(datetime.combine(begins - 2 * DAY, datetime.min.time(), UTC))
    store = open_store(empty_store(tmp_path / "p.db"), clock=clock)
    house = house_of(store, clock)
    turned = ("02:30", "00:00", "23:30", "01:00", "07:00")
    enrolled = enrol(house, (Times(zone=z, hour=turned[n % 5], weekday=n % 7) for n, z in enumerate(zones())))
    all_looks = list(looks(clock.at, clock.at + 17 * DAY, random.Random(first), outages=4))
    live(house, clock, all_looks)
    found = rows(store)
    assert faults(found, enrolled, all_looks, begins, ends) == []
    assert {row.state for row in found} == {"waiting", "expired"}
    store.close()


def test_whatever_hour_or_weekday_is_wanted_and_when_each_day_and_week_has_one_digest(tmp_path: Path) -> None:
    for days, weeks in changed_again_and_again(tmp_path, random.Random(1), travels=False):
        assert len(days) >= 38
        assert {new - old for old, new in pairwise(days)} == {DAY}
        assert {new - old for old, new in pairwise(weeks)} == {7 * DAY}


def test_whoever_changes_zones_in_the_middle_of_days_has_no_two_digests_of_a_day_or_week(tmp_path: Path) -> None:
    for days, weeks in changed_again_and_again(tmp_path, random.Random(2), travels=True):
        assert len(days) >= 30
        assert min(new - old for old, new in pairwise(days)) == DAY
        assert min(new - old for old, new in pairwise(weeks)) >= 7 * DAY


def changed_again_and_again(
    folder: Path, chance: random.Random, *, travels: bool
) -> Iterator[tuple[list[date], list[date]]]:
    """Let people change their times for weeks while the house is down now and then; gives each one's days and weeks."""
    with posting(empty_store(folder / "p.db")) as post:
        people = [post.subscribe("daily", "weekly") for _ in range(20)]
        for post.clock.at in looks(NOON, NOON + 40 * DAY, chance, outages=3):
            due.call_up(post.house)
            for number in chance.sample(people, chance.choice((0, 0, 0, 1, 2))):
                there = {"zone": chance.choice(zones())} if travels else {}
                post.set_times(number, weekday=chance.randrange(7), hour=f"{chance.randrange(24):02}:30", **there)
        found = sorted(rows(post.store), key=lambda row: row.due_at)
    for number in people:
        days = [row.day for row in found if (row.subscriber_id, row.kind) == (number, "daily")]
        weeks = [row.day for row in found if (row.subscriber_id, row.kind) == (number, "weekly")]
        yield days, [week_of(day).days[0] for day in weeks]
