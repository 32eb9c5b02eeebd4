"""``broadsheet up`` tells the pages where it listens."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from urllib.parse import quote

import pytest
from tests.cli.test_cli import BROADSHEET
from tests.vectors import open_exact_index

from broadsheet.cli import background
from broadsheet.embed.lazy import LazyEmbedder
from broadsheet.embed.port import Embedder
from broadsheet.flow.spaces import Spaces
from broadsheet.model.query import MAX_TEXT
from broadsheet.settings import Settings
from broadsheet.wiring import open_house


@contextmanager
def up(home: Path, host: str) -> Iterator[HTTPConnection]:
    """Serve a house and give a connection to it from this machine."""
    command = [BROADSHEET, "up", "--home", home, "--host", host, "--port", "0", "--no-starter", "--read-only"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline().split()[4].rpartition(":")[2])
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            yield connection
        finally:
            connection.close()
            server.terminate()


@pytest.mark.parametrize(
    ("host", "owned"),
    [("127.0.0.1", True), ("localhost", True), ("0.0.0.0", False)],  # noqa: S104 - that it is refused is the test
)
def test_only_what_listens_here_alone_can_be_written_to(tmp_path: Path, host: str, *, owned: bool) -> None:
    with up(tmp_path / "home", host) as connection:
        connection.request("GET", "/searches")
        answer = connection.getresponse()
        assert (answer.status, bool(answer.headers["set-cookie"])) == (200, owned)


def test_the_longest_text_that_a_search_takes_fits_into_an_address(tmp_path: Path) -> None:
    with up(tmp_path / "home", "127.0.0.1") as connection:
        connection.request("GET", "/search?q=" + quote("𠜎" * MAX_TEXT))
        assert connection.getresponse().status == 200


class Rounds(Event):
    """Waits for nothing, remembers for how long, and stops the work after so many rounds."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self._rounds = rounds
        self.waited: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout or 0)
        return len(self.waited) > self._rounds


def test_a_fault_in_the_background_is_told_once_and_tried_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> Embedder:
        raise ZeroDivisionError("by nothing")

    with open_house(Settings(home=tmp_path)) as house:
        spaces = Spaces(house.store, [LazyEmbedder(fail)], tmp_path, open_exact_index)
        stop = Rounds(3)
        background._catch_up(replace(house, spaces=spaces), stop)
    assert stop.waited == [0, *[background._TRY_AGAIN_S] * 3]
    assert capsys.readouterr().err.count("ZeroDivisionError: by nothing") == 1
