"""A house of our own on loopback that says what a test tells it to, once for each request."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PROBLEM = "application/problem+json"
PAPER = {"id": "2603.01001", "title": "Folding kettles", "upvotes": 3}
Say = Callable[["Handler"], None]


@dataclass
class Loopback:
    """Where it is, what it shall say to each request (the last again and again), and what it was asked."""

    url: str
    says: list[Say] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    connections: int = 0


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Server"

    def setup(self) -> None:
        self.server.told.connections += 1
        super().setup()

    def answer(self) -> None:
        told = self.server.told
        told.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        told.asked.append((self.command, self.path))
        told.headers.append({name.lower(): value for name, value in self.headers.items()})
        (told.says.pop(0) if len(told.says) > 1 else told.says[0])(self)

    do_GET = do_PUT = do_DELETE = do_POST = do_PATCH = answer  # noqa: N815 - as http.server calls them

    def send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in ({"Content-Length": str(len(body))} | told).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    told: Loopback

    def handle_error(self, *_: object) -> None:
        """Keep quiet: clients that give up are what is tested."""


def saying(value: Any, status: int = 200, **headers: str) -> Say:
    """Answer a JSON value, or bytes as they are."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return lambda handler: handler.send(status, body, **{"Content_Type": "application/json", **headers})


def refusing(status: int, detail: str, name: str | None = None, **headers: str) -> Say:
    """Answer with problem details."""
    told = {"type": "/docs/api#x", "title": "No", "status": status, "detail": detail, "field": name}
    return saying(told, status, Content_Type=PROBLEM, **headers)


def breaking(handler: Handler) -> None:
    """Close the connection instead of answering."""
    handler.close_connection = True


def breaking_off(handler: Handler) -> None:
    """Promise more than is sent."""
    handler.send(200, b'{"id": ', Content_Length="1000")
    handler.close_connection = True


def a_list(*ids: str, following: str | None = None, **more: Any) -> Any:
    """Write a piece of a list."""
    about = {"kind": "day", "name": "", "title": "Papers", "about": None, "total": None, "updated": None, "url": "/"}
    papers = [{**PAPER, "id": each, **more} for each in ids]
    return {"papers": papers, "list": {**about, "notices": []}, "next": following}


@contextmanager
def saying_house(*says: Say, secured: ssl.SSLContext | None = None) -> Iterator[Loopback]:
    """Serve on loopback until the block ends."""
    with Server(("127.0.0.1", 0), Handler) as server:
        if secured:
            server.socket = secured.wrap_socket(server.socket, server_side=True)
        server.told = Loopback(f"http{'s' if secured else ''}://127.0.0.1:{server.server_port}", list(says))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.told
        finally:
            server.shutdown()
            thread.join()
