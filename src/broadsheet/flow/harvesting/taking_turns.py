"""Let all threads, processes and machines that share a store ask a service one after the other."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock
from uuid import uuid4

from broadsheet.clock import Clock, Wait, system_clock
from broadsheet.errors import Unavailable
from broadsheet.sources.adapter import Service
from broadsheet.sources.fetcher import LONGEST_CLOSED_S
from broadsheet.store import hosts
from broadsheet.store.connect import Connection, Store
from broadsheet.store.hosts import Host

# A closed service is waited for so long; for longer, whoever asks has better things to do.
PATIENT_S = 5.0
# A turn may last as long as a request, and so much longer, before it is taken from whoever was killed.
SLACK_S = 2.0
# After so many failures in a row a service is closed, at first so long, then twice as long each time.
FAILURES, FIRST_PAUSE_S, LONGEST_PAUSE_S = 3, 15.0, 3_600.0
# How soon to look again at a service that wants no gap and is being asked.
_SOON_S = 0.05

_log = logging.getLogger(__name__)


class SharedTurns:
    """Turns kept in the store, so that they outlive whoever takes them.

    Whoever waits sleeps until the next turn can begin; who comes first then has it. A clock that was set back is
    noticed by turns that ended in the future: what was left to wait begins anew. Of one that was set forward only
    others can tell, so two requests of one process are also held apart by the clock that nobody sets. Machines that
    share a PostgreSQL go by its clock. A ``clock`` of the caller's own is the only one asked.
    """

    def __init__(self, store: Store, *, clock: Clock = system_clock, wait: Wait = time.sleep) -> None:
        self._store = store
        self._clock = clock
        self._wait = wait
        self._of_all = clock is system_clock and store.dialect == "postgresql"
        self._alone: dict[str, Lock] = {}
        self._ended: dict[str, float] = {}

    @contextmanager
    def turn(self, service: Service) -> Iterator[None]:
        """Wait until nobody asks the service, or another of its queue, and its gap has passed; then keep others off.

        Raises Unavailable with ``retry_after_s`` when the service is closed for more than ``PATIENT_S``.
        """
        with self._alone.setdefault(_queue(service), Lock()):
            holder = uuid4().hex
            while rest_s := self._try(service, holder):
                self._wait(rest_s)
            try:
                yield
            finally:
                self._let_go(service, holder)

    def close(self, service: Service, seconds: float, message: str) -> None:
        """Have nobody ask for so many seconds, a day at most; what was to be waited already counts too."""
        with self._store.writing() as connection:
            now = self._now(connection)
            host = _set_right(hosts.by_name(connection, service.name), service, now)
            hosts.put(connection, _closed(host, now, seconds, message))

    def failed(self, service: Service, message: str) -> None:
        """Count a failure; from the third one in a row on the service is closed, each time twice as long."""
        with self._store.writing() as connection:
            now = self._now(connection)
            host = _set_right(hosts.by_name(connection, service.name), service, now)
            failures = host.failures + 1
            host = replace(host, failures=failures, message=message)
            if failures >= FAILURES:
                pause_s = FIRST_PAUSE_S * 2.0 ** min(failures - FAILURES, 30)
                host = _closed(host, now, min(pause_s, LONGEST_PAUSE_S), message)
            hosts.put(connection, host)

    def worked(self, service: Service) -> None:
        """Forget the failures."""
        with self._store.reading() as connection:
            host = hosts.by_name(connection, service.name)
        if not host.failures and not host.message:
            return
        with self._store.writing() as connection:
            host = hosts.by_name(connection, service.name)
            hosts.put(connection, replace(host, failures=0, message=""))

    def _try(self, service: Service, holder: str) -> float:
        """Take the turn, or give the seconds until another try may have it."""
        if (rest_s := self._own_rest(service)) > 0:
            return rest_s
        for name in dict.fromkeys((service.name, _queue(service))):
            host, now = self._seen(name, service)
            if (rest_s := _rest(host, service, now)) > max(PATIENT_S, service.gap_s):
                raise Unavailable(host.message or f"{name} wants to be left alone.", retry_after_s=rest_s)
            if rest_s:
                return rest_s
        with self._store.writing() as connection:
            now = self._now(connection)
            host = hosts.by_name(connection, _queue(service))
            if _rest(host, service, now):
                return _soon_s(service)
            until = now + timedelta(seconds=_lease_s(service))
            hosts.put(connection, replace(host, holder=holder, held_until=until, next_at=None))
        return 0.0

    def _seen(self, name: str, service: Service) -> tuple[Host, datetime]:
        """Give how a service or a queue stands and when, after setting right what the clock has made wrong."""
        with self._store.reading() as connection:
            host, now = hosts.by_name(connection, name), self._now(connection)
        if _set_right(host, service, now) == host:
            return host, now
        with self._store.writing() as connection:
            now = self._now(connection)
            host = _set_right(hosts.by_name(connection, name), service, now)
            hosts.put(connection, host)
        return host, now

    def _now(self, connection: Connection) -> datetime:
        return hosts.now(connection) if self._of_all else self._clock()

    def _own_rest(self, service: Service) -> float:
        ended = self._ended.get(_queue(service)) if self._clock is system_clock else None
        return 0.0 if ended is None else ended + service.gap_s - time.monotonic()

    def _let_go(self, service: Service, holder: str) -> None:
        self._ended[_queue(service)] = time.monotonic()
        try:
            with self._store.writing() as connection:
                host, ended = hosts.by_name(connection, _queue(service)), self._now(connection)
                # It may have been taken from us: then the turn is another's to end.
                if host.holder == holder:
                    following = ended + timedelta(seconds=service.gap_s)
                    following = max(following, host.next_at or following)
                    hosts.put(connection, replace(host, holder="", held_until=ended, next_at=following))
        except Unavailable as error:
            # The answer is there; others wait until the turn runs out.
            _log.warning("The turn at %s could not be handed on: %s", service.name, error)


def _queue(service: Service) -> str:
    return service.queue or service.name


def _soon_s(service: Service) -> float:
    return max(service.gap_s, _SOON_S)


def _lease_s(service: Service) -> float:
    return service.timeout_s + service.gap_s + SLACK_S


def _closed(host: Host, now: datetime, seconds: float, message: str) -> Host:
    until = now + timedelta(seconds=min(max(seconds, 0.0), LONGEST_CLOSED_S))
    following = max(until, host.next_at or until)
    return replace(host, next_at=following, held_until=host.held_until if host.holder else now, message=message)


def _set_right(host: Host, service: Service, now: datetime) -> Host:
    """Give the host as it is, or, where its instants lie further ahead than they can, as if it all began now."""
    longest = timedelta(seconds=LONGEST_CLOSED_S)
    if host.holder:
        lease = timedelta(seconds=_lease_s(service))
        held_until = min(host.held_until or now, now + lease)
        return replace(host, held_until=held_until, next_at=host.next_at and min(host.next_at, now + longest))
    if host.held_until and host.next_at and host.held_until > now:
        pause = max(timedelta(), host.next_at - host.held_until)
        return replace(host, held_until=now, next_at=now + min(pause, longest))
    return host


def _rest(host: Host, service: Service, now: datetime) -> float:
    """Give the seconds until the service may be free; 0 when it is."""
    if host.holder and host.held_until and host.held_until > now:
        # If it were let go this very moment, the gap would still have to pass.
        return min((host.held_until - now).total_seconds(), _soon_s(service))
    return 0.0 if host.next_at is None else max(0.0, (host.next_at - now).total_seconds())
