"""Asks an HTTP endpoint, again where that may help, and trusts nothing it answers."""

import http.client
import json
import ssl
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

from broadsheet.clock import Clock, Wait, system_clock
from broadsheet.errors import Invalid, Unavailable
from broadsheet.net.retry_after import retry_after

MOST_ANSWERED = 64 * 1024 * 1024
# The first wait after a failure, and the longest that is waited here; an endpoint that asks for more is not asked
# again, the caller hears how long.
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 20.0
_READ = 1 << 16
_BUSY = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
_BAD_QUESTION = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY}
)
_KEY_REFUSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a question is asked, and how long one connection, read or half an answer may take, in seconds."""

    tries: int
    timeout_s: float


class BadQuestionError(Unavailable):
    """The endpoint will not answer this question, however often it is asked; another it may."""


class _AgainError(Unavailable):
    """What may go away when asked again."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address that takes JSON and answers JSON.

    Redirects are not followed and the environment's proxies not used: questions and ``key`` go to ``url`` and nowhere
    else. An https certificate must be valid. ``wait`` takes seconds.
    """

    url: str
    key: str = field(default="", repr=False)
    wait: Wait = time.sleep
    clock: Clock = system_clock

    def __post_init__(self) -> None:
        """Refuse an address or a key that no request can be made with."""
        if not _is_address(self.url):
            raise Invalid("An embedder's address must be like https://host:port/v1.", field="embedder")
        if not self.key.isascii() or not self.key.isprintable():
            raise Invalid("The embedder's key holds characters that no header can.", field="embedder_key")

    def ask(self, question: object, patience: Patience) -> object:
        """Post ``question`` and give the answer, both as JSON values.

        Asks again, after a wait that doubles or that the endpoint asks for, when it is busy, fails or breaks off.
        Raises Unavailable with what went wrong, and ``retry_after_s`` where the endpoint said when; BadQuestionError
        for what it will not answer.
        """
        body = json.dumps(question).encode()
        wait_s = FIRST_WAIT_S
        for _ in range(patience.tries - 1):
            try:
                return self._once(body, patience.timeout_s)
            except _AgainError as again:
                asked_s = again.retry_after_s
                if asked_s is not None and asked_s > LONGEST_WAIT_S:
                    raise
                self.wait(wait_s if asked_s is None else asked_s)
                wait_s *= 2
        return self._once(body, patience.timeout_s)

    def _once(self, body: bytes, timeout_s: float) -> object:
        connection = _connection(self.url, timeout_s)
        headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "broadsheet"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        try:
            connection.request("POST", urlsplit(self.url).path or "/", body, headers)
            answer = connection.getresponse()
            raw = _read(answer, time.monotonic() + 2 * timeout_s)
        except ssl.SSLCertVerificationError as error:
            raise Unavailable(f"{self._place} has no valid certificate: {error.verify_message}.") from error
        except (OSError, http.client.HTTPException) as error:
            raise _AgainError(f"{self._place} cannot be reached: {str(error) or type(error).__name__}.") from error
        finally:
            connection.close()
        self._judge(answer, raw)
        try:
            return json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise _AgainError(f"{self._place} answered with what is not JSON.") from error

    def _judge(self, answer: http.client.HTTPResponse, raw: bytes) -> None:
        status = answer.status
        if status == HTTPStatus.OK:
            return
        if status in _BUSY or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            asked_s = retry_after(answer.getheader("Retry-After"), self.clock())
            raise _AgainError(f"{self._place} is busy or failing ({status}).", retry_after_s=asked_s)
        if status in _KEY_REFUSED:
            raise Unavailable(f"{self._place} does not accept the embedder's key ({status}).")
        if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            raise Unavailable(f"{self._place} sends us elsewhere ({status}), which is not followed; is it the address?")
        kind = BadQuestionError if status in _BAD_QUESTION else Unavailable
        raise kind(f"{self._place} refused ({status}): {self._said(raw)}")

    @property
    def _place(self) -> str:
        return self.url.partition("://")[2]

    def _said(self, raw: bytes) -> str:
        """Give the beginning of what an answer says, fit for a message and without the key."""
        text = raw.decode("utf-8", "replace")
        if self.key:
            text = text.replace(self.key, "…")
        return "".join(letter if letter.isprintable() else " " for letter in text[:_SHOWN])


def _is_address(url: str) -> bool:
    """Tell whether a request can go to an address: http or https, a host, a path, and nothing else in it."""
    try:
        parts = urlsplit(url)
        port = parts.port
        # As the socket will do it: it refuses labels that are empty or too long.
        (parts.hostname or "").encode("idna")
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url and "@" not in parts.netloc
    whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and port != 0
    return plain and whole and not parts.query and not parts.fragment


def _connection(url: str, timeout_s: float) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "http":
        return http.client.HTTPConnection(host, parts.port, timeout=timeout_s)
    return http.client.HTTPSConnection(host, parts.port, timeout=timeout_s, context=ssl.create_default_context())


def _read(answer: http.client.HTTPResponse, deadline: float) -> bytes:
    """Read a whole answer in the time and the size that an answer may take."""
    read = bytearray()
    while piece := answer.read1(_READ):
        read += piece
        if len(read) > MOST_ANSWERED:
            raise Unavailable(f"The embedder's endpoint answered with more than {MOST_ANSWERED >> 20} MB.")
        if time.monotonic() > deadline:
            raise TimeoutError("the answer takes too long")
    if answer.length:
        raise http.client.IncompleteRead(bytes(read), answer.length)
    return bytes(read)
