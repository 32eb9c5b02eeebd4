"""A real server on loopback that says, byte for byte, what it is told to say."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

# What is said on one connection once the request has come; it is closed afterwards.
Script = Callable[[socket.socket], None]


@dataclass
class Talker:
    """Where it listens, what it was asked (heads of requests), and when, by the clock that nobody sets."""

    port: int
    scripts: list[Script]
    asked: list[str] = field(default_factory=list)
    times: list[tuple[float, float]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def headers(self, at: int = -1) -> dict[str, str]:
        """Give the headers of one request, by their names in lower case."""
        lines = [line.partition(": ") for line in self.asked[at].split("\r\n")[1:] if line]
        return {name.lower(): value for name, _, value in lines}


@contextmanager
def talking(*scripts: Script, context: ssl.SSLContext | None = None) -> Iterator[Talker]:
    """Say one script a connection, the last one for all that come after."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.02)
        talker = Talker(server.getsockname()[1], list(scripts))
        over = threading.Event()
        threads: list[threading.Thread] = []

        def listen() -> None:
            while not over.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                threads.append(threading.Thread(target=_serve, args=(talker, connection, context)))
                threads[-1].start()

        listener = threading.Thread(target=listen)
        listener.start()
        try:
            yield talker
        finally:
            over.set()
            talker.released.set()
            listener.join()
            for thread in threads:
                thread.join()


class _Noted:
    """A connection that remembers when it began to send last: nobody has the whole answer, or asks again, before."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.last = time.monotonic()

    def sendall(self, data: bytes) -> None:
        self.last = time.monotonic()
        self._connection.sendall(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def _serve(talker: Talker, connection: socket.socket, context: ssl.SSLContext | None) -> None:
    begun = time.monotonic()
    try:
        connection.settimeout(20)
        if context:
            connection = context.wrap_socket(connection, server_side=True)
        with connection:
            head = b""
            while b"\r\n\r\n" not in head and (piece := connection.recv(65_536)):
                head += piece
            if head:
                talker.asked.append(head.decode())
                script = talker.scripts.pop(0) if len(talker.scripts) > 1 else talker.scripts[0]
                noted = _Noted(connection)
                script(noted)  # type: ignore[arg-type] # it does all that a connection does
                talker.times.append((begun, noted.last))
    except OSError:
        pass  # who asked has heard enough
    finally:
        connection.close()


def say(raw: bytes) -> Script:
    """Say these bytes and no others."""
    return lambda connection: connection.sendall(raw)


def answer(status: int = 200, body: bytes = b"", **headers: str) -> Script:
    """Answer as a server should; ``content_type`` becomes Content-Type."""
    return say(head(status, {"Content-Length": str(len(body))} | {_name(n): v for n, v in headers.items()}) + body)


def head(status: int, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} So", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1")


def reset(connection: socket.socket) -> None:
    """Break off with a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def drip(first: bytes, each: bytes, *, every_s: float = 0.02) -> Script:
    """Say ``first``, then ``each`` again and again, for as long as anybody listens."""

    def script(connection: socket.socket) -> None:
        connection.sendall(first)
        while True:
            connection.sendall(each)
            time.sleep(every_s)

    return script


def _name(name: str) -> str:
    return name.replace("_", "-")
