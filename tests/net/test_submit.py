"""What is sent with POST goes out once, and its answer is read in bounds."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from broadsheet.errors import InDoubt, Invalid
from broadsheet.net.addresses import Network, read_url
from broadsheet.net.exchange import Limits, Reply, submit

LIMITS = Limits(most_bytes=1_000, total_s=30)


class Echo(BaseHTTPRequestHandler):
    """Says what it is told, or breaks off at ``/broken``."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(404 if self.path == "/nowhere" else 200)
        self.send_header("Content-Length", str(len(body) + (self.path == "/broken")))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def echo() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def send(url: str, body: bytes = b"code=7") -> Reply:
    return submit(read_url(url), {}, body, LIMITS, Network(allow_private=True))


def test_the_answer_is_read(echo: str) -> None:
    with send(f"{echo}/").body as body:
        assert body.read() == b"code=7"


def test_the_body_of_a_refusal_is_left_unread(echo: str) -> None:
    reply = send(f"{echo}/nowhere")
    assert (reply.status, reply.body.read()) == (404, b"")


def test_an_answer_that_is_too_large_is_refused(echo: str) -> None:
    with pytest.raises(Invalid, match="larger"):
        send(f"{echo}/", b"a" * 1_001)


def test_an_answer_that_breaks_off_leaves_in_doubt_what_was_done(echo: str) -> None:
    with pytest.raises(InDoubt, match="broke off"):
        send(f"{echo}/broken")
