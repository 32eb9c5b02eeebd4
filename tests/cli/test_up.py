"""``broadsheet up`` tells the pages where it listens."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
from tests.cli.test_cli import BROADSHEET


@contextmanager
def up(home: Path, host: str) -> Iterator[HTTPConnection]:
    """Serve a house and give a connection to it from this machine."""
    command = [BROADSHEET, "up", "--home", home, "--host", host, "--port", "0", "--no-starter"]
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
