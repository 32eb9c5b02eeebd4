"""Several processes serve one house: together, one for the other, and none of them alone."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.cli.test_cli import BROADSHEET

from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.wiring import open_house

LIMIT_S = 120.0


@dataclass
class Serving:
    """A running ``broadsheet up``, and where it listens."""

    process: "subprocess.Popen[str]"
    port: int

    def serving(self) -> set[int]:
        """Give the processes that serve."""
        table = subprocess.run(["/bin/ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
        rows = [line.split() for line in table.stdout.splitlines()]
        return {int(pid) for pid, parent in rows if int(parent) == self.process.pid}

    def status(self, path: str = "/health") -> int:
        """Ask over a connection of its own; 0 where nobody listens."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=LIMIT_S)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except ConnectionError:
            return 0
        finally:
            connection.close()


@contextmanager
def up(home: Path) -> Iterator[Serving]:
    command = [str(BROADSHEET), "up", "--home", str(home), "--port", "0", "--no-starter", "--processes", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Serving(process, int(process.stdout.readline().split()[4].rpartition(":")[2]))
        finally:
            process.terminate()


def wait_for(met: Callable[[], bool]) -> None:
    end = time.monotonic() + LIMIT_S
    while not met():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_process_that_is_killed_is_replaced_and_all_stop_together(tmp_path: Path) -> None:
    with up(tmp_path) as running:
        assert running.status() == 200
        wait_for(lambda: len(running.serving()) == 2)
        first, second = running.serving()
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: len(running.serving() - {first}) == 2)
        assert second in running.serving()
        assert [running.status() for _ in range(4)] == [200] * 4
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(LIMIT_S) == 0
        assert running.status() == 0


def test_nobody_serves_on_when_the_first_process_was_killed(tmp_path: Path) -> None:
    with up(tmp_path) as running:
        assert running.status() == 200
        wait_for(lambda: len(running.serving()) == 2)
        running.process.kill()
        wait_for(lambda: running.status() == 0)


@pytest.mark.parametrize(("key", "status"), [(b"k" * 32, 303), (b"o" * 32, 403)], ids=["same", "other"])
def test_a_form_of_one_process_is_taken_by_another_with_the_same_key(tmp_path: Path, key: bytes, status: int) -> None:
    with open_house(Settings(home=tmp_path)) as house:
        one, other = (
            TestClient(create_app(house, form_key=each), base_url="http://127.0.0.1", follow_redirects=False)
            for each in (b"k" * 32, key)
        )
        page = one.get("/search?q=kettle")
        token = page.text.partition('name="token" value="')[2].partition('"')[0]
        other.cookies = page.cookies
        sent = other.post("/searches", data={"name": "Kettles", "q": "kettle", "token": token})
    assert (bool(token), sent.status_code) == (True, status)
