"""One question to a house over HTTP, and its answer, of which nothing is believed."""

import http.client
import os
import ssl
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from weakref import finalize

from broadsheet.errors import InDoubt, Invalid, Unavailable
from broadsheet.net.addresses import Address
from broadsheet.net.unpacking import unpacked

MOST_ANSWERED = 64 << 20
# So many connections wait to be used again; more may be at work.
MOST_IDLE = 8
# A whole answer may take this many times as long as one step of it.
_STEPS = 4
_PIECE = 1 << 16
# Asked twice they do what they do once (RFC 9110, section 9.2.2).
_SAFE = frozenset({"GET", "PUT", "DELETE"})
_BROKEN = (OSError, EOFError, ValueError, zlib.error, http.client.HTTPException)


class Broken(Unavailable):
    """The house was not reached, or broke off: asked again it may answer."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is sent: a method, a path with its query, headers, which may hold a secret, and a body."""

    method: str
    target: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = None

    @property
    def is_safe(self) -> bool:
        """Tell whether it may be asked twice."""
        return self.method in _SAFE


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: a status, headers by their names in lower case, the whole body unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Stream:
    """A body in pieces, unpacked, as they come; to be closed. Reading raises Broken where it breaks off."""

    def __init__(
        self, connection: http.client.HTTPConnection, answer: http.client.HTTPResponse, pieces: Iterator[bytes]
    ) -> None:
        self._connection = connection
        self._answer = answer
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        """Close the connection, at whatever point."""
        self._answer.close()
        self._connection.close()


class Transport:
    """Connections to one address, each used by one thread at a time and kept for the next question.

    ``timeout_s`` bounds connecting and each step of reading. Certificates are checked, redirects not followed, and the
    environment's proxies not used.
    """

    def __init__(self, address: Address, timeout_s: float) -> None:
        self._address = address
        self._timeout_s = timeout_s
        self._context = ssl.create_default_context() if address.scheme == "https" else None
        self._idle: list[http.client.HTTPConnection] = []
        self._process = os.getpid()
        self._closed = False
        self._lock = Lock()
        # A client that nobody closes lets go of its connections with itself.
        finalize(self, _drop, self._idle)

    def ask(self, question: Question) -> Answer:
        """Ask once and read the whole answer.

        Raises Broken where asking again may help, InDoubt where what is not safe to send twice was sent and not
        answered, Unavailable for an answer that is too large, or no valid certificate.
        """
        standing = self._standing()
        if standing and question.is_safe:
            try:
                return self._exchanged(standing, question)
            except Broken:
                pass  # It was closed while nobody used it.
        elif standing:
            # A house that closes it just now would leave us in doubt.
            standing.close()
        return self._exchanged(self._new(), question)

    def begin(self, question: Question) -> tuple[Answer, Stream]:
        """Ask once; gives the answer without its body, which comes as it is read. Raises as ``ask`` does."""
        self._check_open()
        connection = self._new()
        try:
            answer = self._begun(connection, question)
        except BaseException:
            connection.close()
            raise
        return Answer(answer.status, _lower(answer), b""), Stream(connection, answer, self._on_the_way(answer))

    def close(self) -> None:
        """Close all that nobody uses; what is in use is closed when it is given back."""
        with self._lock:
            self._closed = True
            _drop(self._idle)

    def _exchanged(self, connection: http.client.HTTPConnection, question: Question) -> Answer:
        try:
            with self._begun(connection, question) as answer:
                with self._translated(Broken if question.is_safe else InDoubt):
                    ends = time.monotonic() + _STEPS * self._timeout_s
                    body = b"".join(_pieces(answer, MOST_ANSWERED, ends))
                told = Answer(answer.status, _lower(answer), body)
        except BaseException:
            connection.close()
            raise
        self._give_back(connection)
        return told

    def _begun(self, connection: http.client.HTTPConnection, question: Question) -> http.client.HTTPResponse:
        with self._translated(Broken):
            connection.request(question.method, question.target, question.body, dict(question.headers))
        with self._translated(Broken if question.is_safe else InDoubt):
            return connection.getresponse()

    def _on_the_way(self, answer: http.client.HTTPResponse) -> Iterator[bytes]:
        with self._translated(Broken):
            yield from _pieces(answer, 1 << 62, float("inf"))

    @contextmanager
    def _translated(self, kind: type[Unavailable]) -> Iterator[None]:
        """Turn what goes wrong on the way into our own errors, once, here."""
        place = self._address.place
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            raise Unavailable(f"{place} has no valid certificate: {error.verify_message}.") from error
        except TimeoutError as error:
            raise kind(f"{place} did not answer in time.") from error
        except http.client.IncompleteRead as error:
            raise kind(f"{place} broke off in the middle of an answer.") from error
        except Invalid as error:
            raise Unavailable(f"{place}: {error}") from error
        except _BROKEN as error:
            raise kind(f"{place} cannot be asked: {_reason(error)}.") from error

    def _new(self) -> http.client.HTTPConnection:
        host, port = self._address.host, self._address.port
        if self._context is None:
            return http.client.HTTPConnection(host, port, timeout=self._timeout_s)
        return http.client.HTTPSConnection(host, port, timeout=self._timeout_s, context=self._context)

    def _standing(self) -> http.client.HTTPConnection | None:
        self._check_open()
        with self._lock:
            if self._process != os.getpid():
                # Two processes that speak through one connection would read each other's answers.
                _drop(self._idle)
                self._process = os.getpid()
            return self._idle.pop() if self._idle else None

    def _give_back(self, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            if connection.sock is not None and not self._closed and len(self._idle) < MOST_IDLE:
                self._idle.append(connection)
                return
        connection.close()

    def _check_open(self) -> None:
        if self._closed:
            raise Unavailable("This client is closed.")


def _drop(idle: list[http.client.HTTPConnection]) -> None:
    while idle:
        idle.pop().close()


def _pieces(answer: http.client.HTTPResponse, most_bytes: int, ends: float) -> Iterator[bytes]:
    """Read a body to its end, unpacked, until the clock that nobody sets says ``ends``."""
    raw = iter(lambda: answer.read1(_PIECE), b"")
    for piece in unpacked(raw, answer.getheader("Content-Encoding") or "", most_bytes):
        if time.monotonic() > ends:
            raise TimeoutError
        yield piece
    if answer.length:
        raise http.client.IncompleteRead(b"", answer.length)


def _lower(answer: http.client.HTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.getheaders()}


def _reason(error: BaseException) -> str:
    """Give the beginning of what an error says, fit for a message."""
    said = str(error) or type(error).__name__
    return "".join(letter if letter.isprintable() else " " for letter in said[:200])
