"""One clock for several processes: time moves on to the next wake-up as soon as everybody who takes part waits.

A thread takes part from its first wait (or ``join``) until it ends or its process is killed, which its closed
connection tells. Whoever takes part and does not wait is at work, and holds time where it is.
"""

import mmap
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

_MICRO = 1_000_000
_NOW = struct.Struct("=q")


def micros(at: datetime) -> int:
    """Give an instant as microseconds since 1970."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def instant(number: int) -> datetime:
    """Give the instant so many microseconds after 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=number)


class _Face:
    """The present moment in eight bytes of a file that all processes see."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._bytes = mmap.mmap(file.fileno(), _NOW.size)
        # One machine word, so that nobody sees half of an old and half of a new moment.
        self._word = memoryview(self._bytes).cast("q")

    def read(self) -> int:
        return self._word[0]

    def write(self, now: int) -> None:
        self._word[0] = now

    def close(self) -> None:
        self._word.release()
        self._bytes.close()


@dataclass
class _Hand:
    """One who takes part: how it is woken, and when; None while it is at work."""

    wake: Callable[[], None]
    at: int | None = None


class VirtualTime:
    """The service: holds the time, and serves it on loopback; ``address`` is what other processes need to know."""

    def __init__(self, start: datetime, face: Path) -> None:
        face.write_bytes(_NOW.pack(micros(start)))
        self._face = _Face(face)
        self._turn = threading.RLock()
        self._hands: dict[int, _Hand] = {}
        self._numbers = count()
        self._server = _Service(("127.0.0.1", 0), _Handler)
        self._server.time = self
        self.address = f"{self._server.server_address[1]}:{face}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def now(self) -> datetime:
        """Read the time."""
        return instant(self._face.read())

    def join(self, wake: Callable[[], None]) -> int:
        """Take part, at work at first; gives the number to wait and leave by."""
        with self._turn:
            number = next(self._numbers)
            self._hands[number] = _Hand(wake)
            return number

    def leave(self, number: int) -> None:
        """Take part no more."""
        with self._turn:
            self._hands.pop(number, None)
            self._move_on()

    def wait(self, number: int, wait_us: int) -> None:
        """Have ``wake`` called when so many microseconds have gone by; returns at once."""
        with self._turn:
            self._hands[number].at = self._face.read() + max(0, wait_us)
            self._move_on()

    @property
    def waiting(self) -> int:
        """How many wait."""
        with self._turn:
            return sum(hand.at is not None for hand in self._hands.values())

    def spend(self, seconds: float) -> None:
        """Let time pass while others work, as serving a request does."""
        with self._turn:
            self._face.write(self._face.read() + round(seconds * _MICRO))
            self._wake_due()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold time where it is, whoever waits."""
        number = self.join(lambda: None)
        try:
            yield
        finally:
            self.leave(number)

    def close(self) -> None:
        """End the service."""
        self._server.shutdown()
        self._server.server_close()

    def _move_on(self) -> None:
        due = [hand.at for hand in self._hands.values()]
        waiting = [at for at in due if at is not None]
        if waiting and len(waiting) == len(due):
            self._face.write(max(self._face.read(), min(waiting)))
            self._wake_due()

    def _wake_due(self) -> None:
        now = self._face.read()
        for hand in list(self._hands.values()):
            if hand.at is not None and hand.at <= now:
                hand.at = None
                hand.wake()


class _Service(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    time: VirtualTime


class _Handler(socketserver.StreamRequestHandler):
    """One thread of some process, from when it joins until it is gone."""

    disable_nagle_algorithm = True
    server: _Service

    def handle(self) -> None:
        time = self.server.time
        number = time.join(self._wake)
        try:
            self._wake()
            for line in self.rfile:
                time.wait(number, int(line))
        except OSError:
            pass  # killed
        finally:
            time.leave(number)

    def _wake(self) -> None:
        with suppress(OSError):  # killed while it waited: its own thread will see
            self.connection.sendall(b".")


class Timekeeper:
    """The time as another process sees it: a clock and a wait to be handed to whoever wants them."""

    def __init__(self, address: str) -> None:
        port, _, face = address.partition(":")
        self._port = int(port)
        self._face = _Face(Path(face))
        self._own = threading.local()

    def clock(self) -> datetime:
        """Read the time."""
        return instant(self._face.read())

    def monotonic(self) -> float:
        """Read the time in seconds."""
        return self._face.read() / _MICRO

    def join(self) -> "_Line":
        """Take part from now on, and so hold time until this thread waits."""
        line: _Line | None = getattr(self._own, "line", None)
        if line is None:
            line = self._own.line = _Line(self._port)
        return line

    def wait(self, seconds: float) -> None:
        """Sleep so many seconds."""
        self.join().wait(round(seconds * _MICRO))

    def leave(self) -> None:
        """Take part no more in this thread."""
        self._own.line = None


class _Line:
    """A thread's line to the service; when the thread ends, so does the line."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._hear()

    def __del__(self) -> None:
        self._socket.close()

    def wait(self, wait_us: int) -> None:
        self._socket.sendall(b"%d\n" % wait_us)
        self._hear()

    def _hear(self) -> None:
        if not self._socket.recv(1):
            raise ConnectionError("The time service is gone.")
