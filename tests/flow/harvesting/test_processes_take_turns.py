"""Real processes in real time ask one after the other, by the times of whoever is asked."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from tests.net.talking import answer, talking

from broadsheet.clock import system_clock
from broadsheet.store import hosts
from broadsheet.store.connect import Store, open_store

# What each process does: asks a number of times, and tells what went wrong.
ASKING = """
import json, sys
from broadsheet.clock import system_clock
from broadsheet.errors import Unavailable
from broadsheet.flow.harvesting.taking_turns import SharedTurns
from broadsheet.sources.adapter import Ask, Service
from broadsheet.sources.fetcher import Fetcher
from broadsheet.store.connect import open_store

database, url, times, gap_s, timeout_s = json.loads(sys.argv[1])
store = open_store(database, clock=system_clock)
fetcher = Fetcher(SharedTurns(store), contact="", allow_private=True)
service = Service(name="kettles", gap_s=gap_s, timeout_s=timeout_s)
for _ in range(times):
    fetcher.get(service, Ask(url=url)).body.close()
store.close()
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'papers.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    with_hosts = open_store(url, clock=system_clock)
    with with_hosts.writing() as connection:
        connection.execute(hosts.hosts.delete())
    yield with_hosts
    with_hosts.close()


def start(store: Store, url: str, times: int, gap_s: float, timeout_s: float) -> "subprocess.Popen[bytes]":
    database = store.url
    return subprocess.Popen([sys.executable, "-c", ASKING, json.dumps([database, url, times, gap_s, timeout_s])])


def test_four_processes_ask_one_after_the_other_and_not_too_soon(store: Store) -> None:
    """H1: by the server's own times, with real processes in real time."""
    gap_s, times = 0.05, 8
    with talking(slowly(0.01)) as talker:
        asking = [start(store, talker.url, times, gap_s, 60.0) for _ in range(4)]
        assert [process.wait(120) for process in asking] == [0] * 4
    assert len(talker.times) == 4 * times
    assert gaps(talker.times) >= gap_s


def test_a_process_that_is_killed_in_its_turn_stops_nobody(store: Store) -> None:
    gap_s, asked, go_on = 0.05, threading.Event(), threading.Event()

    def hang(_connection: object) -> None:
        asked.set()
        go_on.wait(60)

    with talking(hang, slowly(0.01)) as talker:
        victim = start(store, talker.url, 1, gap_s, 3.0)
        assert asked.wait(60)
        others = [start(store, talker.url, 5, gap_s, 3.0) for _ in range(3)]
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        go_on.set()
        assert [process.wait(120) for process in others] == [0] * 3
    assert len(talker.times) == 1 + 3 * 5
    assert gaps(talker.times) >= gap_s


def slowly(seconds_: float) -> Callable[[object], None]:
    def script(connection: object) -> None:
        time.sleep(seconds_)
        answer(200, b"tea")(connection)  # type: ignore[arg-type]

    return script


def gaps(times: list[tuple[float, float]]) -> float:
    """Give the shortest time from the end of one request to the beginning of the next."""
    told = sorted(times)
    return min(after[0] - before[1] for before, after in pairwise(told))
