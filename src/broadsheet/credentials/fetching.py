"""How another site is asked who somebody is: one question, one short answer, nothing else believed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from broadsheet.clock import Clock
from broadsheet.errors import Refused, Unavailable
from broadsheet.net.addresses import Network, read_url
from broadsheet.net.exchange import OK, Limits, get, submit

_LIMITS = Limits(most_bytes=1 << 19, total_s=10.0, stall_s=5.0)
_KEPT_FOR = timedelta(minutes=10)
_BUSY = 429
_BROKEN = range(500, 600)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: ``form`` is posted where there is one, and ``authorization`` becomes the header.

    ``fresh`` takes no remembered answer.
    """

    url: str
    form: Mapping[str, str] | None = field(default=None, repr=False)
    authorization: str = field(default="", repr=False)
    fresh: bool = False


# Gives the body of an answer whose status is 200. Raises Unavailable for what may go away, Refused for any other status
# and Invalid for an address that may not be asked or an answer that is too large.
Fetch = Callable[[Question], bytes]


class Fetching:
    """Asks by way of ``network``; open answers, such as a provider's keys, are remembered for ten minutes.

    So who begins to sign in a thousand times makes us ask once.
    """

    def __init__(self, network: Network, clock: Clock) -> None:
        self._network = network
        self._clock = clock
        self._kept: dict[str, tuple[datetime, bytes]] = {}

    def __call__(self, question: Question) -> bytes:
        """Ask, as ``Fetch`` says."""
        if question.form is not None or question.authorization:
            return self._ask(question)
        now = self._clock()
        self._kept = {url: kept for url, kept in self._kept.items() if now - kept[0] < _KEPT_FOR}
        kept = self._kept.get(question.url)
        if kept and not question.fresh:
            return kept[1]
        body = self._ask(question)
        self._kept[question.url] = (now, body)
        return body

    def _ask(self, question: Question) -> bytes:
        address = read_url(question.url)
        headers = {"Accept": "application/json", "User-Agent": "broadsheet"}
        if question.authorization:
            headers["Authorization"] = question.authorization
        if question.form is None:
            reply = get(address, headers, _LIMITS, self._network)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            reply = submit(address, headers, urlencode(question.form).encode(), _LIMITS, self._network)
        with reply.body as body:
            if reply.status == OK:
                return body.read()
        if reply.status == _BUSY or reply.status in _BROKEN:
            raise Unavailable(f"{address.place} does not answer now ({reply.status}).")
        raise Refused(f"{address.place} refuses to answer ({reply.status}).")
