"""The virtual clock: nobody is woken early, time never passes somebody at work, and the killed do not hold it."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep

import pytest
from tests.conftest import ROOT
from tests.replay.virtual_time import Timekeeper, VirtualTime

START = datetime(2026, 3, 2, tzinfo=UTC)
SLEEPER = """
import sys
from tests.replay.virtual_time import Timekeeper
time = Timekeeper(sys.argv[1])
time.join()
print("in", flush=True)
for _ in range(int(sys.argv[3])):
    time.wait(float(sys.argv[2]))
    print(time.clock().timestamp(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def time(tmp_path: Path) -> Iterator[VirtualTime]:
    found = VirtualTime(START, tmp_path / "now")
    yield found
    found.close()


def sleeper(time: VirtualTime, seconds: float, times: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SLEEPER, time.address, str(seconds), str(times)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def lines(process: subprocess.Popen[str], number: int) -> list[str]:
    assert process.stdout
    return [process.stdout.readline().strip() for _ in range(number)]


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_time_goes_to_the_earliest_wake_up_of_all_processes_and_none_is_woken_early(time: VirtualTime) -> None:
    with time.held():
        threes, fives = sleeper(time, 3.0, 5), sleeper(time, 5.0, 3)
        lines(threes, 1), lines(fives, 1)
    begun = START.timestamp()
    # They end at work, not waiting, so time stands where the first of them ended.
    assert [float(line) - begun for line in lines(threes, 5)] == [3, 6, 9, 12, 15]
    end(threes)
    assert [float(line) - begun for line in lines(fives, 3)] == [5, 10, 15]
    end(fives)


def test_whoever_is_at_work_holds_time(time: VirtualTime) -> None:
    with time.held():
        other = sleeper(time, 60.0, 1)
        lines(other, 1)
        assert time.now() == START
    lines(other, 1)
    assert time.now() == START + timedelta(minutes=1)
    end(other)


def test_a_killed_process_holds_time_no_longer(time: VirtualTime) -> None:
    with time.held():
        worker, waiter = sleeper(time, 0.0, 0), sleeper(time, 3600.0, 1)
        lines(worker, 1), lines(waiter, 1)
    assert time.now() == START
    worker.send_signal(signal.SIGKILL)
    lines(waiter, 1)
    assert time.now() == START + timedelta(hours=1)
    end(worker), end(waiter)


def test_threads_take_part_one_by_one_and_leave_when_they_end(time: VirtualTime) -> None:
    keeper = Timekeeper(time.address)
    woken: list[datetime] = []

    here = threading.Barrier(3)

    def work(seconds: float) -> None:
        keeper.join()
        here.wait()
        keeper.wait(seconds)
        woken.append(keeper.clock())

    threads = [threading.Thread(target=work, args=(seconds,)) for seconds in (7, 2, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # A thread that has been woken holds time until it ends.
    assert woken == [START + timedelta(seconds=seconds) for seconds in (2, 4, 7)]


def test_serving_lets_time_pass_and_wakes_who_is_due(time: VirtualTime) -> None:
    with time.held():
        other = sleeper(time, 1.0, 1)
        while not time.waiting:
            sleep(0.01)
        time.spend(0.4)
        assert time.now() == START + timedelta(seconds=0.4)
        time.spend(5.0)
        lines(other, 1)
    end(other)
