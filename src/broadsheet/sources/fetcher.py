"""Asks a service one thing, as it wants to be asked; whether to ask again is for others to decide."""

import logging
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from importlib.metadata import version
from typing import Protocol
from urllib.parse import quote, urljoin

from broadsheet.clock import Clock, system_clock
from broadsheet.errors import Invalid, NotFound, Refused, Unavailable
from broadsheet.net.addresses import Address, Network, Resolver, look_up, read_url
from broadsheet.net.exchange import OK, Limits, Reply, get
from broadsheet.net.retry_after import http_date, rate_limit_reset, retry_after
from broadsheet.sources.adapter import Answer, Ask, Service
from broadsheet.sources.services import service_at

# However long a service asks to be left alone, it is asked again after a day.
LONGEST_CLOSED_S = 86_400.0
MOST_REDIRECTS = 5
# How long a service is left alone that says it is busy and not for how long.
BUSY_S = 10.0

_log = logging.getLogger(__name__)
_UNCHANGED = 304
_REDIRECTS, _MOVED = frozenset({301, 302, 303, 307, 308}), frozenset({301, 308})
_BUSY, _GATES = frozenset({429, 503}), frozenset({401, 403})
_PASSING = frozenset({408, 425, 429})
_GONE = frozenset({404, 410})
# With which repositories tell errors of OAI-PMH, which knows only 200.
_EXPLAINED = frozenset({400, 404, 422})
_FAILING, _WRONG = range(500, 600), range(400, 500)
# What may stand in an address (RFC 3986, section 2.2); all else is escaped where a redirect holds it.
_IN_AN_ADDRESS = "!#$%&'()*+,/:;=?@[]~"
_LONGEST_HEADER = 1_000
_MAIL = re.compile(r"[^@\s()<>,;:]+@[^@\s()<>,;:]+\.[^@\s()<>,;:]+")


class Turns(Protocol):
    """Who may ask a service when: one request at a time, ``gap_s`` between them, over all who share the shelf."""

    def turn(self, service: Service) -> AbstractContextManager[object]:
        """Wait for one's turn and hold it; raises Unavailable at once when the service is closed for longer."""

    def close(self, service: Service, seconds: float, message: str) -> None:
        """Have nobody ask the service for so many seconds."""

    def failed(self, service: Service, message: str) -> None:
        """Note a failure; after some in a row the service is closed, each time for longer."""

    def worked(self, service: Service) -> None:
        """Note that the service answers."""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Makes every request to a source, each in its turn.

    ``contact`` is a mail address or a page, told to every service asked, so that its operators know whom to write to.
    ``secrets`` are headers by the name of a service: sent to the origin of its ``base`` and nowhere else. Private
    addresses are refused unless allowed.
    """

    turns: Turns
    contact: str = field(kw_only=True)
    allow_private: bool = field(default=False, kw_only=True)
    clock: Clock = field(default=system_clock, kw_only=True)
    secrets: Mapping[str, Mapping[str, str]] = field(default_factory=dict, kw_only=True, repr=False)
    resolve: Resolver = field(default=look_up, kw_only=True)
    _warned: set[tuple[str, str]] = field(default_factory=set, init=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse a contact or a secret that no header can hold."""
        if self.contact and not (
            _fits(self.contact) and self.contact.isascii() and not set("()\\") & set(self.contact)
        ):
            raise Invalid("The contact must be a mail address or a page's address.", field="contact")
        for name, headers in self.secrets.items():
            if not all(_fits(value) and value.isascii() for value in headers.values()):
                raise Invalid(f"The secret of {name} holds characters that no header can.", field="secrets")

    def get(self, service: Service, ask: Ask) -> Answer:
        """Ask once; redirects are followed within the service's hosts, each request in a turn of its own.

        Raises Unavailable for what may go away, with ``retry_after_s`` where the service said when; Refused where it
        does not want to be asked (401, 403), NotFound where there is nothing (404, 410), Invalid for what can never
        work: an address or a redirect that is not allowed, an answer that is too large, any other 4xx. Of those an ask
        that says so may explain itself gives the answer, with what it means in ``denied``.
        """
        service = service if service.hosts else _of_one_host(service, read_url(ask.url).host)
        url = ask.url
        for _ in range(MOST_REDIRECTS + 1):
            address = _allowed(url, service)
            reply = self._in_turn(service, ask, address)
            if reply.status not in _REDIRECTS:
                denied = _never(reply.status, _said(service, address, reply)) if reply.status in _EXPLAINED else None
                return replace(self._answer(ask, url, reply), denied=denied)
            url = self._elsewhere(service, url, address, reply)
        raise Unavailable(f"{service.name} sends us on more than {MOST_REDIRECTS} times.")

    def _in_turn(self, service: Service, ask: Ask, address: Address) -> Reply:
        bodies_of = frozenset({OK}) | (_EXPLAINED if ask.explains else frozenset())
        limits = Limits(most_bytes=service.most_bytes, total_s=service.timeout_s, bodies_of=bodies_of)
        with self.turns.turn(service):
            try:
                reply = get(address, self._headers(service, ask, address), limits, self._network)
            except Unavailable as error:
                self.turns.failed(service, str(error))
                raise
            self._judge(service, ask, address, reply)
            return reply

    @property
    def _network(self) -> Network:
        return Network(self.allow_private, self.resolve)

    def _headers(self, service: Service, ask: Ask, address: Address) -> dict[str, str]:
        about = f" (+{self.contact})" if self.contact else ""
        told = {
            "User-Agent": f"Broadsheet/{_version()}{about}",
            "From": self.contact if _MAIL.fullmatch(self.contact) else "",
            "Accept": ask.accept or "*/*",
            "If-None-Match": ask.etag,
            "If-Modified-Since": ask.modified,
        }
        home = read_url(service.base or ask.url)
        secret = self.secrets.get(service.name, {}) if home.origin == address.origin else {}
        return {name: value for name, value in told.items() if value and _fits(value)} | dict(secret)

    def _judge(self, service: Service, ask: Ask, address: Address, reply: Reply) -> None:
        """Tell the turns how the service is, and raise what its status means."""
        status, said = reply.status, _said(service, address, reply)
        if (wait_s := self._asked_to_wait(reply)) is not None:
            self.turns.close(service, wait_s, f"{said}.")
            raise Unavailable(f"{said} and asks us to come back later.", retry_after_s=wait_s)
        is_busy = status in _BUSY or status in service.busy_statuses
        if is_busy or status in _FAILING or status in _PASSING:
            self.turns.failed(service, f"{said}.")
            if is_busy:
                self.turns.close(service, BUSY_S, f"{said}.")
            raise Unavailable(f"{said}.", retry_after_s=BUSY_S if is_busy else None)
        self.turns.worked(service)
        if ask.explains and status in _EXPLAINED:
            return
        if status in _WRONG:
            raise _never(status, said)
        if status not in _REDIRECTS | {OK} and not (status == _UNCHANGED and (ask.etag or ask.modified)):
            raise Unavailable(f"{said}, which was not asked for.")

    def _asked_to_wait(self, reply: Reply) -> float | None:
        """Give the seconds that a service wants to be left alone; a date is told by its clock, not by ours."""
        if reply.status not in _FAILING and reply.status not in _PASSING | _GATES:
            return None
        now = _their_time(reply) or self.clock()
        told = retry_after(reply.headers.get("retry-after"), now)
        seconds = rate_limit_reset(reply.headers, now) if told is None else told
        return None if seconds is None else min(seconds, LONGEST_CLOSED_S)

    def _at(self, reply: Reply) -> datetime:
        """Give the service's own time: what it tells from its future would count for more than all that comes later."""
        ours = self.clock()
        return min(_their_time(reply) or ours, ours)

    def _elsewhere(self, service: Service, url: str, address: Address, reply: Reply) -> str:
        """Read where a redirect leads; one for good is told of once."""
        location = reply.headers.get("location", "").strip()
        if not location:
            raise Unavailable(f"{service.name} sends us on without saying where.")
        to = _joined(url, quote(location, safe=_IN_AN_ADDRESS, encoding="latin-1"))
        if address.scheme == "https" and not to.lower().startswith("https:"):
            raise Invalid(f"{service.name} sends us on to an address that is not secured.", field="url")
        moved = (service.name, f"{address.origin}{address.path.partition('?')[0]}")
        if reply.status in _MOVED and moved not in self._warned:
            self._warned.add(moved)
            _log.warning("%s has moved from %s to %s.", *moved, to.partition("?")[0])
        return to

    def _answer(self, ask: Ask, url: str, reply: Reply) -> Answer:
        unchanged = reply.status == _UNCHANGED
        return Answer(
            url=url,
            body=reply.body,
            at=self._at(reply),
            kind=reply.headers.get("content-type", "").partition(";")[0].strip().lower(),
            etag=reply.headers.get("etag", ask.etag if unchanged else ""),
            modified=reply.headers.get("last-modified", ask.modified if unchanged else ""),
            unchanged=unchanged,
            headers=reply.headers,
        )


def _their_time(reply: Reply) -> datetime | None:
    return http_date(reply.headers.get("date"))


@cache
def _version() -> str:
    return version("broadsheet")


def _of_one_host(service: Service, host: str) -> Service:
    """Give a service without hosts that of an address; of those without a base, such as feeds, each has its turns.

    One at a host of the table takes its turns with the service there, and at its pace.
    """
    bare = host.removeprefix("www.")
    service = replace(service, hosts=(bare, f"www.{bare}"))
    if service.base:
        return service
    service = replace(service, name=f"{service.name} {bare}")
    known = service_at(host) or service_at(bare)
    if known is None:
        return service
    return replace(service, queue=known.queue or known.name, gap_s=known.gap_s, timeout_s=known.timeout_s)


def _allowed(url: str, service: Service) -> Address:
    address = read_url(url)
    if address.host not in service.hosts:
        known = ", ".join(service.hosts)
        raise Invalid(f"{service.name} is not asked at {address.host}, only at {known}.", field="url")
    return address


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise Invalid(f"A redirect leads to {location[:200]!r}, which is no address.", field="url") from None


def _said(service: Service, address: Address, reply: Reply) -> str:
    return f"{service.name} answers {reply.status} at {address.origin}{address.path.partition('?')[0]}"


def _never(status: int, said: str) -> Refused | NotFound | Invalid:
    if status in _GATES:
        return Refused(f"{said}: it does not want to be asked.")
    return NotFound(f"{said}.") if status in _GONE else Invalid(f"{said}.", field="url")


def _fits(value: str) -> bool:
    """Tell whether a header can hold a value (RFC 9110, section 5.5)."""
    return value.isprintable() and len(value) <= _LONGEST_HEADER and max(map(ord, value), default=0) < 256  # noqa: PLR2004 - one byte
