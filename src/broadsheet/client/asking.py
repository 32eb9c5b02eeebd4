"""What a client asks of its house: again where that may help, and as shapes."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from ipaddress import ip_address
from itertools import islice
from typing import TypeVar

from broadsheet.client.copies import Copies
from broadsheet.client.problems import Busy, error_of
from broadsheet.client.reading import MisshapenError, read_as
from broadsheet.client.transport import Answer, Broken, Question, Stream, Transport
from broadsheet.clock import Wait
from broadsheet.errors import Invalid, TooMany, Unavailable
from broadsheet.net.addresses import Address, read_url
from broadsheet.net.unpacking import ACCEPTED

T = TypeVar("T")
ROOT = "/api/v1"
LINES = "application/x-ndjson"
# The first wait before asking again, which doubles, and how long a house may have us wait: if it asks for more, the
# caller hears how long.
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0
_OK, _NOT_MODIFIED = range(200, 300), 304
# Of what went wrong so much is read.
_MOST_PIECES = 4


class Asking:
    """Asks the house at ``url`` as the reader of ``token``, anybody where that is empty; threads may share it."""

    def __init__(self, url: str, token: str, *, timeout_s: float, tries: int, wait: Wait) -> None:
        address = _address(url)
        _check_token(address, token)
        self._base = address.path.rstrip("/").removesuffix(ROOT)
        self.place = f"{address.origin}{self._base}"
        self._token, self._tries, self._wait = token, tries, wait
        self._transport = Transport(address, timeout_s)
        self._copies = Copies()

    def ask(self, kind: type[T], method: str, path: str, body: object = None) -> T:
        """Ask and give the answer as a shape; ``path`` begins behind ROOT, ``body`` becomes JSON.

        GET, PUT and DELETE are asked again, after a wait that doubles or that the house asks for, when it is busy or
        breaks off. Raises what the house says went wrong as our own errors, Unavailable where it cannot be reached or
        answers with anything else, InDoubt where what may not be sent twice was sent and not answered.
        """
        return self.read(kind, self._answered(method, path, body).body)

    def do(self, method: str, path: str, body: object = None) -> None:
        """Ask for what is answered with nothing; raises as ``ask`` does."""
        self._answered(method, path, body)

    def read(self, kind: type[T], told: bytes) -> T:
        """Make a shape of JSON; raises Unavailable where it is none."""
        try:
            return read_as(kind, json.loads(told))
        except MisshapenError as error:
            raise Unavailable(f"{self.place} answered with what is no {kind.__name__}: {error}.") from error
        except (ValueError, RecursionError) as error:
            raise Unavailable(f"{self.place} answered with what is no JSON; is it a Broadsheet?") from error

    @contextmanager
    def lines(self, path: str) -> Iterator[tuple[Mapping[str, str], Iterator[bytes]]]:
        """Ask for lines; gives headers, and the body in pieces as they come. Raises as ``ask`` does."""
        question = self._question("GET", path, {"Accept": LINES})
        answer, stream = self._patiently(question, self._begun)
        with closing(stream):
            yield answer.headers, iter(stream)

    def close(self) -> None:
        """Close all connections; nothing can be asked any more."""
        self._transport.close()

    def _answered(self, method: str, path: str, body: object = None) -> Answer:
        copy = self._copies.find(path) if method == "GET" else None
        known = {"If-None-Match": copy.headers["etag"]} if copy else {}
        answer = self._patiently(self._question(method, path, known, body), self._asked)
        if answer.status == _NOT_MODIFIED and copy:
            return copy
        if method == "GET":
            self._copies.keep(path, answer)
        return answer

    def _patiently(self, question: Question, attempt: Callable[[Question], T]) -> T:
        wait_s = FIRST_WAIT_S
        for _ in range(self._tries - 1 if question.is_safe else 0):
            try:
                return attempt(question)
            except (Broken, Busy, TooMany) as error:
                asked_s = error.retry_after_s
                if asked_s is not None and asked_s > LONGEST_WAIT_S:
                    raise
                self._wait(wait_s if asked_s is None else asked_s)
                wait_s *= 2
        return attempt(question)

    def _asked(self, question: Question) -> Answer:
        answer = self._transport.ask(question)
        if answer.status in _OK or (answer.status == _NOT_MODIFIED and "If-None-Match" in question.headers):
            return answer
        raise error_of(self.place, answer, safe=question.is_safe)

    def _begun(self, question: Question) -> tuple[Answer, Stream]:
        answer, stream = self._transport.begin(question)
        if answer.status in _OK:
            return answer, stream
        with closing(stream):
            said = b"".join(islice(stream, _MOST_PIECES))
        raise error_of(self.place, replace(answer, body=said), safe=True)

    def _question(self, method: str, path: str, own: Mapping[str, str], body: object = None) -> Question:
        headers = {"Accept": "application/json", "Accept-Encoding": ACCEPTED, "User-Agent": "broadsheet-client", **own}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if body is None:
            return Question(method, self._base + ROOT + path, headers)
        headers["Content-Type"] = "application/json"
        return Question(method, self._base + ROOT + path, headers, json.dumps(body).encode())


def _address(url: str) -> Address:
    if "@" in url:
        raise Invalid("An address holds no user and no password; a token has a place of its own.", field="url")
    address = read_url(url)
    if "?" in address.path:
        raise Invalid("The address of a house ends with its path: https://papers.example.org", field="url")
    return address


def _check_token(address: Address, token: str) -> None:
    if not token.isascii() or not token.isprintable() or " " in token:
        raise Invalid("The token holds characters that no token has.", field="token")
    if token and address.scheme == "http" and not _is_this_machine(address.host):
        raise Invalid(f"A token goes to another machine by https alone, not to {address.origin}.", field="url")


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
