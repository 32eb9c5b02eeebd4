"""M1: a worker that pushes digests is killed at one point after another; no chat gets one twice or is forgotten."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from tests.chaos.digest_kills import LATER, fast_folder, lane, opened, to_the_end
from tests.empty_store import empty_home
from tests.flow.sending.queued import NOW, queue_up, rows, shelve

_EVERY = 3


class Chats(ThreadingHTTPServer):
    """Takes whatever comes whole, and counts it by its path."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.arrived: Counter[str] = Counter()

    def handle_error(self, *_: object) -> None:
        """Say nothing: who asked was killed."""


class _Asked(BaseHTTPRequestHandler):
    server: Chats

    def do_POST(self) -> None:
        wanted = int(self.headers["Content-Length"])
        if len(self.rfile.read(wanted)) == wanted:
            self.server.arrived[self.path] += 1
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def chats() -> Iterator[Chats]:
    """Open chats on a free port."""
    with Chats() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def path(number: int) -> str:
    """Name the chat of a subscriber."""
    return f"/hooks/{'a' * 20}{number}"


def prepare(home: Path, port: int) -> Path:
    """Make a home in which two digests for chats are due."""
    with opened(empty_home(home), "") as house:
        shelve(house)
        for number in (1, 2):
            target = json.dumps({"url": f"http://127.0.0.1:{port}{path(number)}"})
            queue_up(house, [f"chat{number}"], way="mattermost", target=target)
    return home


@pytest.mark.parametrize("after", [False, True])
def test_a_worker_killed_at_any_point_pushes_nothing_twice_and_doubts_what_it_cannot_know(*, after: bool) -> None:
    point, states = 1, Counter[str]()
    with fast_folder() as folder, chats() as server, lane() as workers:
        template = prepare(folder / "home", server.server_address[1])
        while True:
            home = folder / f"home-{point}"
            shutil.copytree(template, home)
            server.arrived.clear()
            lived = workers.live(home, NOW, "", point=point, after=after)
            assert not lived["failed"]
            if not lived["killed"]:
                break
            to_the_end(workers, home, NOW + LATER, "")
            with opened(home, "") as house:
                for row in rows(house):
                    states[row.state] += 1
                    assert server.arrived[path(row.id)] in {"sent": {1}, "doubt": {0, 1}}[row.state]
            point += _EVERY
    assert states["sent"] > states["doubt"] > 0
