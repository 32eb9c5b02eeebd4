"""One request, one answer: so much of it, in so much time, and nothing believed about it."""

import http.client
import io
import ssl
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from socket import IPPROTO_TCP, TCP_NODELAY, socket
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from broadsheet.errors import InDoubt, Unavailable
from broadsheet.net.addresses import Address, Network
from broadsheet.net.deadline import Deadline
from broadsheet.net.unpacking import ACCEPTED, PIECE, too_large, unpacked

OK = 200
# All that comes before a body, in bytes; services send about one thousand.
_MOST_HEAD = 1 << 17
# A body of this size or less is held in memory, a larger one on disk.
_IN_MEMORY = 4 << 20
# Chunks come with their sizes: an answer may be this many times as large on the wire, and no more.
_MOST_WRAPPING = 2
_BROKEN = (OSError, EOFError, ValueError, zlib.error, http.client.HTTPException)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much an answer may be, in bytes packed and unpacked, and how long all of it and one step may take.

    ``bodies_of`` are the statuses whose bodies are read.
    """

    most_bytes: int
    total_s: float
    stall_s: float = 60.0
    bodies_of: frozenset[int] = frozenset({OK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A status, headers by their names in lower case, and the body, unpacked, where it was to be read."""

    status: int
    headers: Mapping[str, str]
    body: BinaryIO = field(default_factory=io.BytesIO)


def get(address: Address, headers: Mapping[str, str], limits: Limits, network: Network) -> Reply:
    """Ask once with GET on a connection of its own (RFC 9110); redirects are not followed, cookies not kept.

    The certificate of an https address must be valid for its host. Raises Unavailable for what may go away (no
    connection, no answer in time, one that breaks off or is no HTTP), Invalid for an address that may not be asked
    and an answer that is too large.
    """
    with _asked("GET", address, headers, None, limits, network) as (line, answer):
        return _reply(line, answer, limits)


def submit(address: Address, headers: Mapping[str, str], body: bytes, limits: Limits, network: Network) -> Reply:
    """Send ``body`` once with POST, and read the answer as ``get`` does; raises as ``post`` does."""
    with _asked("POST", address, headers, body, limits, network) as (line, answer):
        return _reply(line, answer, limits)


def post(address: Address, headers: Mapping[str, str], body: bytes, limits: Limits, network: Network) -> Reply:
    """Send ``body`` once with POST, as ``get`` asks; what the answer says is not read.

    Raises as ``get`` does, and InDoubt where the body went out whole and no answer to it came.
    """
    with _asked("POST", address, headers, body, limits, network) as (_, answer):
        return Reply(status=answer.status, headers=_lower(answer.headers.items()))


def deliver(  # noqa: PLR0913, PLR0917 - what a request is
    method: str,
    address: Address,
    headers: Mapping[str, str],
    body: bytes,
    limits: Limits,
    network: Network,
    before_end: Callable[[], None],
) -> Reply:
    """Send ``body`` once, calling ``before_end`` when all but its last byte went out; raises what that raises.

    Until then nobody can have taken it. An answer's status is believed whatever becomes of its body, of which the
    beginning is read where ``limits`` want it. Raises as ``post`` does.
    """
    told = {"Content-Length": str(len(body)), "Accept-Encoding": "identity", **headers}
    with _asked(method, address, told, _in_two(body, before_end), limits, network) as (line, answer):
        line.heard.left = _MOST_HEAD + limits.most_bytes
        wanted = answer.status in limits.bodies_of
        begun = _beginning(answer, limits.most_bytes) if wanted else b""
        return Reply(status=answer.status, headers=_lower(answer.headers.items()), body=io.BytesIO(begun))


def _in_two(body: bytes, before_end: Callable[[], None]) -> Iterator[bytes]:
    yield body[:-1]
    before_end()
    yield body[-1:]


def _beginning(answer: http.client.HTTPResponse, most_bytes: int) -> bytes:
    try:
        return answer.read(most_bytes)
    except _BROKEN:
        return b""


def _reply(line: "_Line", answer: http.client.HTTPResponse, limits: Limits) -> Reply:
    told = _lower(answer.headers.items())
    if answer.status not in limits.bodies_of:
        return Reply(status=answer.status, headers=told)
    if (answer.length or 0) > limits.most_bytes:
        raise too_large(limits.most_bytes + 1)
    line.heard.left = _MOST_HEAD + _MOST_WRAPPING * limits.most_bytes
    pieces = unpacked(_pieces(answer), told.get("content-encoding", ""), limits.most_bytes)
    return Reply(status=answer.status, headers=told, body=_kept(pieces))


@contextmanager
def _asked(  # noqa: PLR0913, PLR0917 - what a request is
    method: str,
    address: Address,
    headers: Mapping[str, str],
    body: bytes | Iterable[bytes] | None,
    limits: Limits,
    network: Network,
) -> Iterator[tuple["_Line", http.client.HTTPResponse]]:
    deadline = Deadline(limits.total_s, limits.stall_s)
    with _translated(address), closing(_secured(network.connect(address, deadline), address, deadline)) as sock:
        # Head and body go out in several writes, of which none shall wait for word of the one before.
        sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        line = _Line(sock, deadline)
        # Made for any scheme: it is handed a connection that stands, and never makes one.
        connection = http.client.HTTPConnection(address.host, address.port)
        connection.sock = cast("socket", line)
        doubt = Unavailable if body is None else InDoubt
        try:
            connection.request(method, address.path, body, headers=_complete(address, headers))
        except (BrokenPipeError, ConnectionResetError):
            # Who has heard enough before all is said may have said why (RFC 9112, section 9.5).
            doubt = Unavailable
        with _translated(address, doubt), connection.getresponse() as answer:
            yield line, answer


class _Line:
    """What HTTPConnection takes for a socket; it is closed by whoever opened it."""

    def __init__(self, sock: socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline
        self.heard = _Heard(sock, deadline)

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self._deadline.left())
        self._sock.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self.heard, PIECE)

    def close(self) -> None:
        """Do nothing: the answer is still to be read when HTTPConnection thinks it is done."""


class _Heard(io.RawIOBase):
    """What comes in: every step has its time, and ``left`` bytes may come in all."""

    def __init__(self, sock: socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline
        self.left = _MOST_HEAD

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self.left <= 0:
            raise http.client.HTTPException("it says more than it should")
        self._sock.settimeout(self._deadline.left())
        taken = self._sock.recv_into(buffer, min(len(buffer), self.left))
        self.left -= taken
        return taken


def _secured(sock: socket, address: Address, deadline: Deadline) -> socket:
    if address.scheme != "https":
        return sock
    try:
        sock.settimeout(deadline.left())
        return ssl.create_default_context().wrap_socket(sock, server_hostname=address.host)
    except BaseException:
        sock.close()
        raise


def _complete(address: Address, headers: Mapping[str, str]) -> dict[str, str]:
    return {"Host": address.place, "Accept-Encoding": ACCEPTED, "Connection": "close", **headers}


def _lower(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give headers by their names in lower case; what came more than once is one list (RFC 9110, section 5.3)."""
    told: dict[str, str] = {}
    for name, lines in headers:
        key, value = name.lower(), " ".join(map(str.strip, lines.splitlines()))
        told[key] = f"{told[key]}, {value}" if key in told else value
    return told


def _pieces(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    while piece := answer.read1(PIECE):
        yield piece
    if answer.length:
        raise http.client.IncompleteRead(b"", answer.length)


class _Body(SpooledTemporaryFile[bytes]):
    """What was read, also when nobody closes it: it goes when nobody holds it."""

    def __del__(self) -> None:
        self.close()


def _kept(pieces: Iterator[bytes]) -> BinaryIO:
    body = _Body(_IN_MEMORY)
    try:
        for piece in pieces:
            _write(body, piece)
        body.seek(0)
    except BaseException:
        body.close()
        raise
    return cast("BinaryIO", body)


def _write(body: _Body, piece: bytes) -> None:
    try:
        body.write(piece)
    except OSError as error:
        raise Unavailable(f"An answer cannot be kept while it is read: {error.strerror}.") from error


@contextmanager
def _translated(address: Address, kind: type[Unavailable] = Unavailable) -> Iterator[None]:
    """Turn what goes wrong on the way into our own errors, once, here."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise kind(f"{address.place} has no valid certificate: {error.verify_message}.") from error
    except TimeoutError as error:
        raise kind(f"{address.place} did not answer in time.") from error
    except http.client.IncompleteRead as error:
        raise kind(f"{address.place} broke off in the middle of an answer.") from error
    except _BROKEN as error:
        raise kind(f"{address.place} cannot be asked: {_reason(error)}.") from error


def _reason(error: BaseException) -> str:
    """Give the beginning of what an error says, without what the other side may have put in it."""
    said = str(error) or type(error).__name__
    return "".join(letter if letter.isprintable() else " " for letter in said[:200])
