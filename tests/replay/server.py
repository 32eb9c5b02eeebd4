"""A real HTTP server on loopback that plays public services, with faults, and remembers every request.

Sites stand side by side below one address, ``http://127.0.0.1:PORT/NAME/...``. With a virtual time a request holds
time while it is served and takes some of it; without one the machine's clock is used.
"""

import socket
import socketserver
import struct
import threading
import time as real
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from tests.replay.faults import ON_THE_WAY, SAID, TWISTS, Faults, bomb
from tests.replay.site import Reply, Request, Site
from tests.replay.virtual_time import VirtualTime

# Servers that say nothing more do hang up in the end.
LONGEST_STALL_S = 30.0
_DRIPS = 20
_DRIP_S = 0.005
_NEVER = datetime.max.replace(tzinfo=UTC)
_NO_FAULTS = Faults(0.0, 0)


@dataclass(slots=True)
class Visit:
    """One request: when it began and ended, in the time of the server and on this machine's monotonic clock.

    ``end`` and ``ended`` are taken before the last byte goes out, so nobody can have asked again by then; of a stalled
    one ``ended`` is when the asker hung up.
    """

    site: str
    target: str
    agent: str
    begin: datetime
    began: float
    fault: str = ""
    status: int = 0
    end: datetime = _NEVER
    ended: float = float("inf")
    location: str = ""
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """A site and what goes wrong there."""

    site: Site
    faults: Faults = field(default_factory=lambda: _NO_FAULTS)


class ReplayServer:
    """Serves until closed; ``url(name)`` is where a site is, ``visits`` what was asked so far, in order."""

    def __init__(
        self,
        places: Mapping[str, Place],
        *,
        time: VirtualTime | None = None,
        serving_s: float = 0.05,
        bomb_mb: int = 32,
    ) -> None:
        self.places = dict(places)
        self.visits: list[Visit] = []
        self.connections: list[tuple[str, float, float]] = []
        self.serving_s = serving_s
        self.stall_s = LONGEST_STALL_S
        self.bomb = bomb(bomb_mb)
        self._time = time
        self._server = _Listener(("127.0.0.1", 0), _Handler)
        self._server.replay = self
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def url(self, name: str) -> str:
        """Give a site's address."""
        return f"http://127.0.0.1:{self.port}/{name}"

    @property
    def addresses(self) -> str:
        """All sites as the setting ``addresses`` wants them."""
        return " ".join(f"{name}={self.url(name)}" for name in self.places)

    @property
    def astray(self) -> str:
        """An address of this server by a name that no service allows."""
        return f"http://localhost:{self.port}/astray"

    def now(self) -> datetime:
        """Read the server's clock."""
        return self._time.now() if self._time else datetime.now(UTC)

    @contextmanager
    def connected(self) -> Iterator[None]:
        """Hold time while a connection is open."""
        if self._time is None:
            yield
            return
        with self._time.held():
            yield

    def spend(self) -> None:
        """Take the time that an answer takes."""
        if self._time:
            self._time.spend(self.serving_s)

    def visits_to(self, name: str) -> list[Visit]:
        """Give what was asked of one site, in order."""
        return [visit for visit in self.visits if visit.site == name]

    def connections_to(self, name: str) -> list[tuple[float, float]]:
        """Give from when to when connections were open that asked one site, on the monotonic clock."""
        return [(opened, closed) for site, opened, closed in self.connections if site == name]

    def close(self) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 64
    replay: ReplayServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of askers who hang up or are killed."""


class _Handler(BaseHTTPRequestHandler):
    server: _Listener
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self._opened, self._site = real.monotonic(), ""
        self._holding = ExitStack()
        self._holding.enter_context(self.server.replay.connected())

    def finish(self) -> None:
        try:
            super().finish()
        finally:
            self.server.replay.connections.append((self._site, self._opened, real.monotonic()))
            self._holding.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class has it
        """Say nothing: the visits tell all."""

    def version_string(self) -> str:
        return "replay"

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Tell the server's own time in the Date header."""
        at = self.server.replay.now() if timestamp is None else datetime.fromtimestamp(timestamp, UTC)
        return f"{at:%a, %d %b %Y %H:%M:%S GMT}"

    def do_GET(self) -> None:
        replay = self.server.replay
        parts = urlsplit(self.path)
        _, name, *rest = parts.path.split("/", 2)
        self._site = name
        place = replay.places.get(name)
        visit = Visit(name, self.path, self.headers.get("User-Agent", ""), replay.now(), real.monotonic())
        replay.visits.append(visit)
        replay.spend()
        try:
            if place is None:
                self._send(visit, Reply(b"There is nothing here.", status=404))
                return
            visit.fault = place.faults.next()
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            request = Request("/".join(["", *rest]).rstrip("/"), query, headers, replay.url(name))
            self._answer(visit, place, request)
        finally:
            visit.end, visit.ended = min(visit.end, replay.now()), min(visit.ended, real.monotonic())

    def _answer(self, visit: Visit, place: Place, request: Request) -> None:
        replay, fault = self.server.replay, visit.fault
        if fault in SAID:
            here = f"http://127.0.0.1:{replay.port}{self.path}"
            reply = place.faults.said(fault, replay.now(), here, replay.astray)
        else:
            reply = place.site.answer(request, replay.now(), fault if fault in TWISTS else "")
        if fault in ON_THE_WAY and reply.status == 200:
            _BREAKS[fault](self, visit, reply)
        else:
            self._send(visit, reply)

    def _send(self, visit: Visit, reply: Reply) -> None:
        self._head(visit, reply, len(reply.body))
        self._last(visit, reply.body)

    def _head(self, visit: Visit, reply: Reply, length: int) -> None:
        visit.status, visit.location = reply.status, reply.headers.get("Location", "")
        visit.wait_s = self._wait_s(reply.headers.get("Retry-After", ""))
        self.send_response(reply.status)
        if reply.status != 304:
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(length))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if not length:
            self._note_end(visit)
        self.end_headers()

    def _wait_s(self, said: str) -> float:
        if not said or said.isdecimal():
            return float(said or 0)
        until = datetime.strptime(said, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
        return (until - self.server.replay.now()).total_seconds()

    def _note_end(self, visit: Visit) -> None:
        visit.end, visit.ended = self.server.replay.now(), real.monotonic()

    def _last(self, visit: Visit, body: bytes) -> None:
        self._note_end(visit)
        self.wfile.write(body)
        self.wfile.flush()

    def _reset(self, visit: Visit, reply: Reply) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self._note_end(visit)
        self.connection.close()

    def _cut_short(self, visit: Visit, reply: Reply) -> None:
        """Promise all, send half, hang up."""
        self._head(visit, reply, len(reply.body))
        self.close_connection = True
        self._last(visit, reply.body[: len(reply.body) // 2])

    def _cut_unnoticed(self, visit: Visit, reply: Reply) -> None:
        """Send half as if it were all."""
        half = reply.body[: len(reply.body) // 2]
        self._head(visit, reply, len(half))
        self._last(visit, half)

    def _stall(self, visit: Visit, reply: Reply) -> None:
        """Send half, then nothing until the asker hangs up."""
        self._head(visit, reply, len(reply.body))
        self.close_connection = True
        self._last(visit, reply.body[: len(reply.body) // 2])
        self.connection.settimeout(self.server.replay.stall_s)
        with suppress(OSError):
            self.connection.recv(1)
        visit.ended = real.monotonic()

    def _drip(self, visit: Visit, reply: Reply) -> None:
        """Send all, a little at a time."""
        self._head(visit, reply, len(reply.body))
        size = max(1, len(reply.body) // _DRIPS)
        for start in range(0, len(reply.body), size):
            self._last(visit, reply.body[start : start + size])
            real.sleep(_DRIP_S)

    def _bomb(self, visit: Visit, reply: Reply) -> None:
        """Send much more than it looks."""
        packed = self.server.replay.bomb
        self._head(visit, Reply(b"", reply.kind, headers={"Content-Encoding": "gzip"}), len(packed))
        self._last(visit, packed)


_BREAKS = {
    "reset": _Handler._reset,
    "cut-short": _Handler._cut_short,
    "cut-unnoticed": _Handler._cut_unnoticed,
    "stalled": _Handler._stall,
    "dripping": _Handler._drip,
    "bomb": _Handler._bomb,
}
