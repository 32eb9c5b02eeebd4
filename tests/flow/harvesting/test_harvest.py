"""Harvesting one source: pages are kept with where they lead, and whatever goes wrong is told and tried again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from tests.empty_store import empty_home
from tests.flow.scripted import Numbers, Script, serving
from tests.papers import AT, shown

from broadsheet.errors import Conflict, Invalid, NotFound, Unavailable
from broadsheet.flow.harvesting import harvest as harvesting
from broadsheet.flow.harvesting import kinds, schedule
from broadsheet.flow.harvesting.harvest import MOST_FAILURES, PARKED_S, Progress, Watch, harvest, lease_of
from broadsheet.flow.harvesting.kinds import Kind
from broadsheet.flow.house import House
from broadsheet.model.harvest import Run, Source
from broadsheet.settings import Settings
from broadsheet.sources.adapter import Want
from broadsheet.store import leases, runs, source_days, sources
from broadsheet.store import problems as misread
from broadsheet.wiring import open_house


class Time:
    """A clock that moves only when somebody waits."""

    def __init__(self) -> None:
        self.now: datetime = AT
        self.waited: list[float] = []

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def script() -> Iterator[Script]:
    with serving(Script()) as running:
        yield running


@pytest.fixture
def house(tmp_path: Path, time: Time, script: Script, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house that knows one kind of source, and has one of it, named ``numbers``."""
    kind = Kind(title="numbers", every_s=3_600, make=lambda _: Numbers(script.service()))
    monkeypatch.setattr(kinds, "KINDS", {"numbers": kind})
    settings = Settings(home=empty_home(tmp_path / "home"), private_addresses=True)
    with open_house(settings, clock=lambda: time.now, wait=time.wait) as opened:
        with opened.store.writing() as connection:
            sources.add(connection, Source(name="numbers", kind="numbers", every_s=3_600, at=AT, next_at=AT))
        yield opened


def source(house: House) -> Source:
    with house.store.reading() as connection:
        found = sources.by_name(connection, "numbers")
    assert found is not None
    return found


def change(house: House, **told: object) -> None:
    with house.store.writing() as connection:
        sources.save(connection, replace(source(house), **told))


def last_run(house: House) -> Run:
    with house.store.reading() as connection:
        return runs.latest(connection, source(house).id, 1)[0]


def numbers(house: House) -> list[int]:
    return sorted(int(paper.title.split()[2]) for paper in shown(house.store))


def test_a_run_keeps_every_page_and_ends(house: House, script: Script) -> None:
    heard: list[Progress] = []
    run = harvest(house, "numbers", watch=Watch(progress=heard.append))
    assert (run.outcome, run.pages, run.records, run.new, run.problems) == ("done", 3, 6, 6, 1)
    assert numbers(house) == [1, 2, 3, 4, 6, 7]
    assert [(each.pages, each.records, each.expected) for each in heard] == [(1, 3, 7), (2, 5, 7), (3, 6, 7)]
    kept = source(house)
    assert (kept.mark, kept.ask, kept.want, kept.failures, kept.trouble) == ({"last": 7}, None, None, 0, "")
    assert (kept.succeeded_at, kept.next_at) == (AT, AT + timedelta(hours=1))
    assert last_run(house) == run
    with house.store.reading() as connection:
        assert misread.count(connection) == 1
        assert [day.papers for day in source_days.history(connection, kept.id)] != []


def test_the_next_run_asks_only_for_what_is_new(house: House, script: Script) -> None:
    harvest(house, "numbers")
    script.papers = 9
    script.asked.clear()
    assert harvest(house, "numbers").new == 2
    assert script.asked == ["/?after=7"]


def test_a_run_that_was_stopped_goes_on_where_it_was(house: House, script: Script) -> None:
    stop = Event()
    run = harvest(house, "numbers", watch=Watch(stop=stop, progress=lambda _: stop.set()))
    assert (run.outcome, run.pages) == ("stopped", 1)
    assert source(house).next_at == AT
    assert harvest(house, "numbers").outcome == "done"
    assert script.asked == ["/?after=0", "/?after=3", "/?after=6"]
    assert numbers(house) == [1, 2, 3, 4, 6, 7]


def test_a_wish_of_its_own_begins_anew(house: House, script: Script) -> None:
    stop = Event()
    harvest(house, "numbers", watch=Watch(stop=stop, progress=lambda _: stop.set()))
    script.asked.clear()
    harvest(house, "numbers", Want(since=AT.date()))
    assert script.asked[0] == "/?after=0"


def test_a_short_wait_is_waited_for_and_the_run_goes_on(house: House, script: Script, time: Time) -> None:
    script.faults = {2: (503, {"Retry-After": "40"})}
    run = harvest(house, "numbers")
    assert (run.outcome, run.records) == ("done", 6)
    assert sum(time.waited) >= 40
    assert script.asked == ["/?after=0", "/?after=3", "/?after=3", "/?after=6"]


def test_a_long_wait_ends_the_run_until_then(house: House, script: Script) -> None:
    script.faults = {2: (429, {"Retry-After": "7200"})}
    run = harvest(house, "numbers")
    assert (run.outcome, run.records) == ("waiting", 3)
    assert "429" in run.message
    assert source(house).next_at == AT + timedelta(hours=2)
    assert source(house).failures == 1
    assert schedule.run_due(house) == len(schedule.TASKS)  # the source is not due


def test_a_source_that_refuses_is_asked_no_more(house: House, script: Script) -> None:
    script.faults = {1: (403, {})}
    run = harvest(house, "numbers")
    assert run.outcome == "refused"
    assert source(house).paused
    assert "403" in source(house).trouble


def test_after_twenty_failures_a_source_is_looked_at_once_a_day(house: House, script: Script, time: Time) -> None:
    script.faults = dict.fromkeys(range(1, 1_000), (299, {}))
    outcomes = []
    while not outcomes or outcomes[-1] == "waiting":
        outcomes.append(harvest(house, "numbers").outcome)
        time.now = source(house).next_at or time.now
    assert outcomes[-1] == "parked"
    assert len(script.asked) == MOST_FAILURES
    assert (source(house).next_at or AT) - (last_run(house).ended_at or AT) == timedelta(seconds=PARKED_S)
    script.faults.clear()
    assert harvest(house, "numbers").outcome == "done"
    assert (source(house).failures, source(house).trouble) == (0, "")


def test_a_source_is_run_by_one_at_a_time(house: House) -> None:
    with house.store.writing() as connection:
        leases.take(connection, lease_of(source(house)), "another", AT, harvesting.LEASE_S)
    with pytest.raises(Conflict, match="by another process"):
        harvest(house, "numbers")
    assert schedule.run_due(house) == len(schedule.TASKS)


def test_who_was_too_slow_writes_nothing_any_more(house: House, script: Script) -> None:
    def take_over(_: Progress) -> None:
        with house.store.writing() as connection:
            leases.take(connection, lease_of(source(house)), "another", AT + timedelta(days=1), harvesting.LEASE_S)

    with pytest.raises(Conflict, match="taken over"):
        harvest(house, "numbers", watch=Watch(progress=take_over))
    assert numbers(house) == [1, 2, 3]
    assert source(house).mark == {"last": 3}


def test_a_fault_of_ours_is_told_and_not_repeated_at_once(
    house: House, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Numbers, "_told", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        harvest(house, "numbers")
    assert "ZeroDivisionError" in source(house).trouble
    assert source(house).failures == 1
    assert (source(house).next_at or AT) > AT
    assert last_run(house).outcome == "stopped"
    change(house, next_at=AT)
    monkeypatch.undo()


def test_an_unknown_source_and_an_impossible_target_are_told(house: House) -> None:
    with pytest.raises(NotFound, match="no source “papers”"):
        harvest(house, "papers")
    change(house, target="odd")
    with pytest.raises(Invalid, match="no odd ones"):
        harvest(house, "numbers")
    with house.store.reading() as connection:
        assert leases.is_free(connection, lease_of(source(house)), AT, harvesting.LEASE_S)


def test_what_is_due_is_run_once(house: House, script: Script, time: Time) -> None:
    assert schedule.run_due(house) == len(schedule.TASKS) + 1
    assert schedule.run_due(house) == 0
    time.now += timedelta(hours=1)
    script.asked.clear()
    assert schedule.run_due(house) >= 1
    assert script.asked == ["/?after=7"]


def test_workers_run_what_is_due_until_they_are_told_to_stop(house: House, script: Script) -> None:
    class WhenDone(Event):
        def wait(self, timeout: float | None = None) -> bool:
            if source(house).succeeded_at:
                self.set()
            return super().wait(0.01)

    schedule.work(house, stop=WhenDone())
    assert numbers(house) == [1, 2, 3, 4, 6, 7]


def test_what_cannot_begin_now_is_tried_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def begin(*_: object) -> None:
        raise Unavailable("The folder cannot be read.")

    monkeypatch.setattr(Numbers, "begin", begin)
    run = harvest(house, "numbers")
    assert (run.outcome, run.message) == ("waiting", "The folder cannot be read.")
    assert source(house).failures == 1
    assert (source(house).next_at or AT) > AT


def test_days_asked_for_beside_a_run_that_was_cut_off_leave_it_where_it_was(house: House, script: Script) -> None:
    stop = Event()
    harvest(house, "numbers", watch=Watch(stop=stop, progress=lambda _: stop.set()))
    before = source(house)
    run = harvest(house, "numbers", Want(since=AT.date()))
    assert (run.outcome, run.pages) == ("done", 3)
    assert source(house) == before
    script.asked.clear()
    assert harvest(house, "numbers").outcome == "done"
    assert script.asked[0] == "/?after=3"


def test_days_asked_for_before_the_first_run_do_not_stand_for_it(house: House, script: Script) -> None:
    change(house, since=AT.date())
    harvest(house, "numbers", Want(since=AT.date() - timedelta(days=1)))
    assert (source(house).mark, source(house).succeeded_at, source(house).next_at) == ({}, None, AT)


def test_days_asked_for_do_not_put_off_the_next_run(house: House, time: Time) -> None:
    harvest(house, "numbers")
    before = source(house)
    time.now += timedelta(minutes=30)
    assert harvest(house, "numbers", Want(since=AT.date(), until=AT.date())).outcome == "done"
    assert source(house).succeeded_at == before.succeeded_at
    assert (source(house).next_at or AT) <= AT + timedelta(hours=1)


def test_what_fills_a_gap_leaves_the_source_as_it_was(house: House, script: Script) -> None:
    harvest(house, "numbers")
    before = source(house)
    script.faults = {len(script.asked) + 1: (404, {})}
    assert harvest(house, "numbers", Want(since=AT.date(), until=AT.date()), beside=True).outcome == "waiting"
    assert source(house) == before


def test_a_request_that_is_denied_for_good_is_not_repeated_for_ever(house: House, script: Script, time: Time) -> None:
    script.faults = {2: (404, {})}
    assert harvest(house, "numbers").outcome == "waiting"
    assert source(house).ask is None
    time.now += timedelta(hours=1)
    assert harvest(house, "numbers").outcome == "done"
    assert numbers(house) == [1, 2, 3, 4, 6, 7]


def test_a_request_that_fails_a_dozen_times_is_given_up_for_a_new_beginning(
    house: House, script: Script, time: Time
) -> None:
    script.faults = dict.fromkeys(range(2, 14), (299, {}))
    while harvest(house, "numbers").outcome == "waiting":
        time.now = source(house).next_at or time.now
    assert script.asked == ["/?after=0", *["/?after=3"] * 13, "/?after=6"]


def test_who_lost_a_source_while_asking_writes_nothing(house: House, script: Script) -> None:
    script.faults = {2: (503, {})}
    taken: list[Source] = []

    def take_over(_: Progress) -> None:
        with house.store.writing() as connection:
            leases.take(connection, lease_of(source(house)), "another", AT + timedelta(days=1), harvesting.LEASE_S)
        change(house, mark={"last": 7}, ask=None, succeeded_at=AT)
        taken.append(source(house))

    with pytest.raises(Conflict, match="taken over"):
        harvest(house, "numbers", watch=Watch(progress=take_over))
    assert source(house) == taken[0]


def test_a_clock_that_is_set_back_stops_nothing(house: House, time: Time) -> None:
    time.now += timedelta(days=365)
    schedule.run_due(house)
    time.now = AT + timedelta(hours=2)
    assert schedule.run_due(house) == len(schedule.TASKS) + 1


def test_thousands_of_failures_are_only_many(house: House, script: Script) -> None:
    script.faults = {1: (299, {})}
    change(house, failures=5_000)
    assert harvest(house, "numbers").outcome == "parked"


def test_resuming_a_source_that_failed_begins_it_anew(house: House, script: Script) -> None:
    script.faults = {2: (503, {"Retry-After": "7200"})}
    harvest(house, "numbers")
    assert source(house).ask is not None
    with house.store.writing() as connection:
        sources.resume(connection, source(house).id, AT)
    assert (source(house).ask, source(house).failures) == (None, 0)


def test_a_source_of_no_known_kind_fails_and_waits(house: House) -> None:
    change(house, kind="nonsense")
    schedule.run_due(house)
    assert "no kind of source “nonsense”" in source(house).trouble
    assert (source(house).next_at or AT) > AT


def test_tasks_stop_when_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bool] = []

    def verb(_: House, stop: Event) -> None:
        heard.append(stop.wait(30))

    class Soon(Event):
        def wait(self, timeout: float | None = None) -> bool:
            if timeout == schedule.LOOK_EVERY_S:
                self.set()
            return super().wait(timeout)

    monkeypatch.setattr(schedule, "TASKS", (schedule.Task("long", 60.0, verb),))
    schedule.work(house, stop=Soon())
    assert heard == [True]
