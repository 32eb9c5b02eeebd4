"""A small HTTP server on loopback that takes notices, or refuses them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class Listener(ThreadingHTTPServer):
    """``status`` is what it answers, 0 for not at all; ``heard`` is what it was told, each with its content type.

    ``statuses`` are for notices about one thing.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 204
        self.statuses: dict[str, int] = {}
        self.headers: dict[str, str] = {}
        self.heard: list[tuple[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook?key=secret"


class _Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        told = json.loads(body)
        self.server.heard.append((self.headers["Content-Type"], told))
        status = self.server.statuses.get(told.get("about"), self.server.status)
        if not status:
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def listening() -> Iterator[Listener]:
    """Open a listener on a free port."""
    with Listener() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
