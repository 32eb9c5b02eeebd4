"""A real HTTP server on loopback that embeds, and misbehaves when it is told to."""

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

WIDTH = 48
FILLING = frozenset("a for of on the we".split())

Fault = Callable[["Handler"], None]


@dataclass
class Loopback:
    """What was asked, and what goes wrong next: one fault a request until there are none left."""

    url: str = ""
    longest: int = 1_000_000
    faults: list[Fault] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_POST(self) -> None:
        told = self.server.told
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        told.asked.append(body)
        told.headers.append(dict(self.headers))
        if told.faults:
            told.faults.pop(0)(self)
        elif self.path != "/v1/embeddings":
            self.say(404, {"error": "no such path"})
        elif any(len(text) > told.longest or not text for text in body["input"]):
            self.say(400, {"error": {"message": "input is empty or longer than the model reads"}})
        else:
            self.say(200, answer(body["input"]))

    def say(self, status: int, value: object, **headers: str) -> None:
        self.send(status, json.dumps(value).encode(), **headers)

    def send(self, status: int, raw: bytes, **headers: str) -> None:
        self.send_response(status)
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in ({"Content-Length": str(len(raw))} | told).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


class Server(ThreadingHTTPServer):
    told: Loopback

    def handle_error(self, *_: object) -> None:
        """Keep quiet: clients that give up are what is tested."""


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler] = Handler) -> Iterator[Loopback]:
    """Serve on loopback until the block ends."""
    with Server(("127.0.0.1", 0), handler) as server:
        server.told = Loopback(url=f"http://127.0.0.1:{server.server_port}/v1")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.told
        finally:
            server.told.released.set()
            server.shutdown()
            thread.join()


def answer(texts: list[str]) -> dict[str, Any]:
    """Answer as OpenAI's API does, last text first, since only ``index`` tells the order."""
    items = [{"object": "embedding", "index": at, "embedding": place(text)} for at, text in enumerate(texts)]
    return {"object": "list", "data": items[::-1], "model": "tiny", "usage": {"prompt_tokens": 1, "total_tokens": 1}}


def place(text: str) -> list[float]:
    """Add up a random vector a word, told by the word's hash."""
    total = np.zeros(WIDTH)
    for word in re.findall(r"\w+", text.lower()):
        if word not in FILLING:
            seed = int.from_bytes(hashlib.sha256(word.rstrip("s").encode()).digest()[:8], "big")
            total += np.random.default_rng(seed).standard_normal(WIDTH)
    return [round(float(number), 6) for number in total]
