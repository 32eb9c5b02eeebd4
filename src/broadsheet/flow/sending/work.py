"""The work on digests that goes on beside serving: call up, send, read what came back, forget; until it is stopped."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

from broadsheet.errors import BroadsheetError
from broadsheet.flow import events
from broadsheet.flow.house import House
from broadsheet.flow.sending import guard, returned
from broadsheet.flow.sending.mailbox import read_maildir
from broadsheet.flow.sending.outcomes import Counts
from broadsheet.flow.sending.run import send_due
from broadsheet.flow.subscribing import due
from broadsheet.flow.subscribing.forgetting import forget

LOOK_EVERY_S = 20.0
_FORGET_EVERY = timedelta(hours=6)
# A server that answers to nothing any more leaves a doubt with each mail: so many, and it is left alone for a while.
_MANY_DOUBTS, _REST = 3, timedelta(minutes=5)


def work(house: House, *, stop: Event, every_s: float = LOOK_EVERY_S) -> None:
    """Look after digests every so many seconds until ``stop`` is set; ends after what is in hand.

    Any number of workers may do so at once. Whatever fails is told and tried again.
    """
    worker = _Worker(house, stop, every_s)
    while True:
        worker.look()
        if stop.wait(every_s):
            return


class _Worker:
    def __init__(self, house: House, stop: Event, every_s: float) -> None:
        self._house = house
        self._stop = stop
        self._every_s = every_s
        self._held = ""
        self._trouble: dict[str, str] = {}
        self._forgotten_at: datetime | None = None
        self._doubted_at: datetime | None = None

    def look(self) -> None:
        """Do once all there is to do; what fails keeps nothing else waiting."""
        house = self._house
        self._try("mail that came back", lambda: read_maildir(house))
        self._try("complaints", lambda: guard.look(house))
        self._try("digests due", lambda: due.call_up(house))
        self._try("digests", self._send)
        at = house.clock()
        if self._forgotten_at is None or not timedelta() <= at - self._forgotten_at < _FORGET_EVERY:
            self._try("forgetting", lambda: (forget(house), returned.sweep(house)))
            self._forgotten_at = at

    def _send(self) -> None:
        at = self._house.clock()
        if self._doubted_at is not None and timedelta() <= at - self._doubted_at < _REST:
            return
        # What is due meanwhile is called up after this.
        counts = send_due(self._house, stop=self._stop, for_s=self._every_s)
        self._doubted_at = at if counts.ends.get("doubt", 0) >= _MANY_DOUBTS else None
        self._tell(counts)

    def _tell(self, counts: Counts) -> None:
        if counts.held != self._held and counts.held:
            events.tell(logging.ERROR, "digests held", reason=counts.held)
        self._held = counts.held
        if counts.ends or counts.later:
            events.tell(logging.INFO, "digests sent", later=counts.later, **counts.ends)

    def _try(self, what: str, do: Callable[[], object]) -> None:
        """Do something; what goes wrong is told once for as long as it is the same."""
        told = ""
        try:
            do()
        except BroadsheetError as error:
            told = str(error)
        except Exception as error:  # noqa: BLE001 - a fault of ours is told and must not end the work for good
            told = f"{type(error).__name__}: {error}"
        if told and told != self._trouble.get(what):
            events.tell(logging.ERROR, "digests in trouble", about=what, reason=told)
        self._trouble[what] = told
