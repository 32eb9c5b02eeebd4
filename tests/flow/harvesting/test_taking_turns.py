"""A service is asked by one at a time, and not too soon, whatever happens to whoever asks and to their clocks."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from tests.empty_store import empty_store

from broadsheet.errors import Unavailable
from broadsheet.flow.harvesting import taking_turns
from broadsheet.flow.harvesting.taking_turns import FAILURES, FIRST_PAUSE_S, LONGEST_PAUSE_S, SLACK_S, SharedTurns
from broadsheet.sources.adapter import Service
from broadsheet.sources.fetcher import LONGEST_CLOSED_S
from broadsheet.store import hosts
from broadsheet.store.connect import Store, open_store

BEGIN = datetime(2026, 11, 21, 12, tzinfo=UTC)
KETTLES = Service(name="kettles", gap_s=3.0, timeout_s=60.0)
LEASE_S = KETTLES.timeout_s + KETTLES.gap_s + SLACK_S


class Time:
    """A clock that is moved by waiting, and set by hand."""

    def __init__(self) -> None:
        self.now = BEGIN
        self.waited: list[float] = []

    def clock(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        assert seconds > 0
        self.waited.append(seconds)
        self.now += timedelta(seconds=seconds)

    def step(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def at() -> Time:
    return Time()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = empty_store(tmp_path / "papers.db")
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    with_hosts = open_store(url, clock=lambda: BEGIN)
    with with_hosts.writing() as connection:
        connection.execute(hosts.hosts.delete())
    yield with_hosts
    with_hosts.close()


@pytest.fixture
def turns(store: Store, at: Time) -> SharedTurns:
    return SharedTurns(store, clock=at.clock, wait=at.wait)


def another(store: Store, at: Time) -> SharedTurns:
    """Turns as another process takes them, or this one after it was started again."""
    return SharedTurns(store, clock=at.clock, wait=at.wait)


def take(
    turns: SharedTurns, at: Time, *, lasting_s: float = 0.0, service: Service = KETTLES
) -> tuple[datetime, datetime]:
    with turns.turn(service):
        begun = at.now
        at.step(lasting_s)
    return begun, at.now


def killed(store: Store, at: Time) -> SharedTurns:
    """Take a turn and never come back."""
    turns = another(store, at)
    assert turns._try(KETTLES, "killed") == 0
    return turns


def seconds(delta: timedelta) -> float:
    return delta.total_seconds()


def test_the_first_turn_begins_at_once(turns: SharedTurns, at: Time) -> None:
    take(turns, at)
    assert at.waited == []


def test_the_next_one_begins_when_the_gap_after_the_end_has_passed(store: Store, at: Time) -> None:
    _, ended = take(another(store, at), at, lasting_s=20)
    begun, _ = take(another(store, at), at)
    assert (seconds(begun - ended), at.waited) == (3.0, [3.0])


def test_services_do_not_wait_for_each_other(turns: SharedTurns, at: Time) -> None:
    take(turns, at)
    take(turns, at, service=Service(name="cups"))
    assert at.waited == []


def test_services_of_one_queue_wait_for_each_other_but_are_closed_alone(turns: SharedTurns, at: Time) -> None:
    api, list_ = (Service(name=name, gap_s=3.0, queue="arxiv") for name in ("api", "list"))
    take(turns, at, service=api)
    take(turns, at, service=list_)
    assert at.waited == [3.0]
    turns.close(api, 600, "come back later")
    take(turns, at, service=list_)
    assert at.waited == [3.0, 3.0]
    with pytest.raises(Unavailable, match="come back later") as raised:
        take(turns, at, service=api)
    assert raised.value.retry_after_s == 597
    at.step(-86_400)
    for _ in range(2):
        with pytest.raises(Unavailable) as raised:
            take(turns, at, service=api)
    at.step(600)
    take(turns, at, service=api)


def test_whoever_waits_in_a_queue_is_passed_by_nobody_who_holds_it(store: Store, at: Time) -> None:
    first, second = (Service(name=name, gap_s=3.0, queue="kettles") for name in ("first", "second"))
    assert another(store, at)._try(first, "killed") == 0
    begun, _ = take(another(store, at), at, service=second)
    assert seconds(begun - BEGIN) == pytest.approx(second.timeout_s + second.gap_s + SLACK_S)


def test_a_turn_ends_also_when_what_it_was_for_fails(turns: SharedTurns, at: Time) -> None:
    with pytest.raises(LookupError), turns.turn(KETTLES):
        raise LookupError
    take(turns, at)
    assert at.waited == [3.0]


def test_whoever_waits_for_another_sleeps_no_less_than_the_gap(store: Store, at: Time) -> None:
    killed(store, at)
    take(another(store, at), at)
    assert min(at.waited[:-1]) == 3.0
    assert len(at.waited) <= LEASE_S / 3.0 + 1


def test_a_killed_holder_is_passed_over_when_his_lease_ends(store: Store, at: Time) -> None:
    killed(store, at)
    begun, _ = take(another(store, at), at)
    assert seconds(begun - BEGIN) == pytest.approx(LEASE_S)


def test_whoever_was_passed_over_does_not_end_the_turn_of_another(store: Store, at: Time) -> None:
    with another(store, at).turn(KETTLES):
        at.step(LEASE_S)
        killed(store, at)
    with store.reading() as connection:
        assert hosts.by_name(connection, "kettles").holder == "killed"


def test_a_service_that_wants_to_be_left_alone_is_by_all(store: Store, at: Time) -> None:
    with (first := another(store, at)).turn(KETTLES):
        first.close(KETTLES, 600, "come back later")
    with pytest.raises(Unavailable, match="come back later") as raised:
        take(another(store, at), at)
    assert (raised.value.retry_after_s, at.waited) == (600, [])
    at.step(598)
    begun, _ = take(another(store, at), at)
    assert (seconds(begun - BEGIN), at.waited) == (600, [2.0])


def test_it_is_left_alone_also_when_whoever_was_told_is_killed(store: Store, at: Time) -> None:
    turns = killed(store, at)
    turns.close(KETTLES, 3_600, "come back later")
    at.step(LEASE_S)
    with pytest.raises(Unavailable) as raised:
        take(another(store, at), at)
    assert raised.value.retry_after_s == pytest.approx(3_600 - LEASE_S)


def test_of_two_wishes_to_be_left_alone_the_longer_one_holds(turns: SharedTurns, at: Time) -> None:
    turns.close(KETTLES, 600, "long")
    turns.close(KETTLES, 10, "short")
    with pytest.raises(Unavailable) as raised:
        take(turns, at)
    assert raised.value.retry_after_s == 600


def test_nobody_is_left_alone_for_more_than_a_day(turns: SharedTurns, at: Time) -> None:
    turns.close(KETTLES, 1e15, "never again")
    at.step(LONGEST_CLOSED_S)
    take(turns, at)
    assert at.waited == []


def test_failures_in_a_row_close_a_service_for_longer_each_time(store: Store, at: Time) -> None:
    pauses = []
    for _ in range(15):
        with (turns := another(store, at)).turn(KETTLES):
            turns.failed(KETTLES, "no tea")
        try:
            take(turns, at)
        except Unavailable as error:
            pauses.append(error.retry_after_s or 0)
            at.step(pauses[-1])
    assert pauses[:4] == [FIRST_PAUSE_S, 2 * FIRST_PAUSE_S, 4 * FIRST_PAUSE_S, 8 * FIRST_PAUSE_S]
    assert len(pauses) == 15 - FAILURES + 1
    assert pauses[-1] == LONGEST_PAUSE_S


def test_an_answer_ends_the_row(turns: SharedTurns, at: Time, store: Store) -> None:
    for _ in range(10):
        for _ in range(FAILURES - 1):
            turns.failed(KETTLES, "no tea")
        turns.worked(KETTLES)
    take(turns, at)
    with store.reading() as connection:
        host = hosts.by_name(connection, "kettles")
    assert (host.failures, host.message, at.waited) == (0, "", [])


@pytest.mark.parametrize("back_s", [1, 60, 3_600, 86_400, 400 * 86_400])
def test_a_clock_that_was_set_back_costs_no_more_than_the_gap(store: Store, at: Time, back_s: float) -> None:
    take(another(store, at), at)
    at.step(-back_s)
    take(another(store, at), at)
    assert sum(at.waited) <= KETTLES.gap_s + 1


@pytest.mark.parametrize("back_s", [1, 60, 3_600, 86_400, 400 * 86_400])
def test_a_clock_that_was_set_back_while_somebody_asks_costs_no_more_than_his_lease(
    store: Store, at: Time, back_s: float
) -> None:
    killed(store, at)
    at.step(-back_s)
    take(another(store, at), at)
    assert sum(at.waited) <= LEASE_S + min(back_s, KETTLES.gap_s)


@pytest.mark.parametrize("back_s", [60, 86_400])
def test_a_clock_that_was_set_back_makes_no_closing_longer(store: Store, at: Time, back_s: float) -> None:
    with (turns := another(store, at)).turn(KETTLES):
        turns.close(KETTLES, 600, "come back later")
    at.step(-back_s)
    with pytest.raises(Unavailable) as raised:
        take(another(store, at), at)
    assert raised.value.retry_after_s == 600


def test_a_clock_that_was_set_back_during_a_request_is_no_closing(store: Store, at: Time) -> None:
    with another(store, at).turn(KETTLES):
        at.step(-86_400)
    take(another(store, at), at)
    assert at.waited == [3.0]


@pytest.mark.parametrize("queue", ["", "tea"])
def test_a_clock_that_was_set_back_before_a_service_is_closed_makes_that_no_longer(
    store: Store, at: Time, queue: str
) -> None:
    service = Service(name="kettles", gap_s=3.0, queue=queue)
    turns = another(store, at)
    turns.close(service, 1, "come back soon")
    with turns.turn(service):
        at.step(-86_400)
        turns.close(service, 600, "come back later")
    with pytest.raises(Unavailable) as raised:
        take(turns, at, service=service)
    assert raised.value.retry_after_s == 600


def test_a_turn_that_cannot_be_handed_on_runs_out(store: Store, at: Time, caplog: pytest.LogCaptureFixture) -> None:
    turns = another(store, at)
    with pytest.MonkeyPatch.context() as patch:  # noqa: SIM117 - undone after the turn has ended
        with turns.turn(KETTLES):
            patch.setattr(Store, "writing", _no_writing)
    assert "could not be handed on" in caplog.text
    begun, _ = take(another(store, at), at)
    assert seconds(begun - BEGIN) == pytest.approx(LEASE_S)


def _no_writing(_store: Store) -> object:
    raise Unavailable("The disk is full.")


@pytest.mark.parametrize("step_s", [-86_400, -1, 1, 86_400])
def test_within_a_process_no_step_of_the_clock_lets_two_requests_come_close(
    store: Store, monkeypatch: pytest.MonkeyPatch, step_s: float
) -> None:
    cups = Service(name="cups", gap_s=0.2, timeout_s=0.5)
    offset = [0.0]

    def machine() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=offset[0])

    monkeypatch.setattr(taking_turns, "system_clock", machine)
    turns = SharedTurns(store, clock=machine)
    times = []
    for _ in range(3):
        with turns.turn(cups):
            times.append((time.monotonic(), time.monotonic()))
        offset[0] += step_s
    assert min(after[0] - before[1] for before, after in pairwise(times)) >= 0.2


def test_machines_that_share_a_server_go_by_its_clock(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    if store.dialect != "postgresql":
        pytest.skip("a file is shared by one machine")
    cups, times = Service(name="cups", gap_s=0.2, timeout_s=0.5), []
    for wrong_by_s in (0, 3_600, -3_600, 0):
        machine = partial(_wrong_clock, wrong_by_s)
        monkeypatch.setattr(taking_turns, "system_clock", machine)
        with SharedTurns(store, clock=machine).turn(cups):
            times.append(time.monotonic())
    assert min(b - a for a, b in pairwise(times)) >= 0.2


def _wrong_clock(by_s: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=by_s)


def test_threads_take_turns(store: Store) -> None:
    cups, inside, most = Service(name="cups", gap_s=0.0, timeout_s=5), [0], [0]
    turns = SharedTurns(store)

    def ask() -> None:
        for _ in range(5):
            with turns.turn(cups):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0.001)
                inside[0] -= 1

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
