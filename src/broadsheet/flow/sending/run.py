"""Send digests that are due: make them, and hand them to the spool or the servers, by any number of workers at once."""

import os
import secrets
from collections.abc import Callable
from datetime import timedelta
from threading import Event

from broadsheet.errors import BroadsheetError
from broadsheet.flow.digests.memo import Memo
from broadsheet.flow.house import House
from broadsheet.flow.sending import delivering, guard, handing_over, holding, rates
from broadsheet.flow.sending.making import EXPIRED, Made, make, settle
from broadsheet.flow.sending.outcomes import Counts
from broadsheet.mail.ways import Direct, Spool, Spooling
from broadsheet.push.port import TAKES_ONCE
from broadsheet.store import digests as queue
from broadsheet.store.digests import LONGEST, Later, Lease, Queued

# So long nobody else takes what somebody has taken; who takes longer loses it, unless it is on its way.
LEASE = timedelta(minutes=10)
_SPOOLED, _DIRECT = 200, 20
# Mails that wait for a rate come one by one: so long it is worth waiting for the next.
_NEXT_S, _LOOK_S = 60.0, 1.0
_SOONEST_S = 0.02
# So long a run shows what it looked up once.
_FRESH = timedelta(minutes=5)


def send_due(house: House, *, stop: Event | None = None, most: int | None = None, for_s: float | None = None) -> Counts:
    """Send what is due, at most so many digests or for so long, and give what became of them.

    Ends when nothing is due, nothing is taken, or ``stop`` is set. Sends nothing while a backup that was put back
    waits for a word, and mails nothing while too many complain; ``held`` says so. Raises Unavailable for a store or a
    spool that does not answer; what was under way goes on with the next run, once and only once.
    """
    run = _Run(house, stop, most, for_s)
    run.counts.held = holding.reason(house)
    if not run.counts.held:
        run.expire()
        try:
            run.all(run.push_some)
            # What stands beside our own spool is moved by now, however long ago it was staged.
            handing_over.doubt_stranded(house)
            run.counts.held = guard.reason(house)
            if not run.counts.held:
                run.all(run.mail_some)
        except holding.Held as error:
            run.counts.held = str(error)
    return run.counts


class _Run:
    """One run of one worker."""

    def __init__(self, house: House, stop: Event | None, most: int | None, for_s: float | None) -> None:
        self.house = house
        self.counts = Counts()
        self._memo, self._memo_until = Memo(), house.clock() + _FRESH
        self._stop = stop
        self._left = most
        self._ends = house.clock() + timedelta(seconds=for_s) if for_s is not None else None
        self._spooling, self._direct = _ways(house.mailer)
        self._spool = self._spooling.spool() if self._spooling else None

    def expire(self) -> None:
        """End what could not be sent within a day."""
        at = self.house.clock()
        with self.house.store.reading() as connection:
            if not queue.is_overdue(connection, at - LONGEST):
                return
        with self.house.store.writing() as connection:
            self.counts.add("expired", queue.expire(connection, at - LONGEST, at, why=EXPIRED, once=TAKES_ONCE))

    def all(self, some: Callable[[], bool]) -> None:
        """Send some after some, until there are none or it is time to end."""
        if self._spool is not None:
            handing_over.recover(self.house, self._spool, self.counts)
        while not self._is_over() and some():
            pass

    def push_some(self) -> bool:
        """Push some digests; tells whether there may be more."""
        rows = self._taken(_DIRECT, by_mail=False)
        delivering.push_all(self.house, self._made(rows), self.counts, self._stop)
        return bool(rows)

    def mail_some(self) -> bool:
        """Mail some digests; tells whether there may be more."""
        if (wait_s := self._turn_s()) > 0:
            self.house.wait(min(wait_s, _LOOK_S))
            return True
        most = rates.most_at_once(self.house.settings, _SPOOLED if self._spool else _DIRECT)
        if self._spool and self._spooling:
            rows = self._taken(most, self._spool, by_mail=True)
            handing_over.hand_over(self.house, self._spool, self._spooling.content, self._made(rows), self.counts)
        elif self._direct:
            rows = self._taken(most, by_mail=True)
            made = self._made(rows)
            if made and not delivering.mail_all(self.house, self._direct, made, self.counts, self._stop):
                return False
        else:
            return False
        return bool(rows) or self._waited()

    def _taken(self, most: int, spool: Spool | None = None, *, by_mail: bool) -> list[Queued]:
        at = self.house.clock()
        wanted = most if self._left is None else min(most, self._left)
        # Never the same for two takings: what is under an older name is nobody's.
        where = spool.identity() if spool is not None else f"pid-{os.getpid()}"
        lease = Lease(f"{where}:{secrets.token_hex(8)}", at + LEASE)
        with self.house.store.reading() as connection:
            if not queue.is_due(connection, at, lease.until, by_mail=by_mail):
                return []
        with self.house.store.writing() as connection:
            rows = queue.take(connection, lease, at, most=wanted, by_mail=by_mail)
        if self._left is not None:
            self._left -= len(rows)
        return rows

    def _made(self, rows: list[Queued]) -> list[Made]:
        if not rows:
            return []
        if self.house.clock() >= self._memo_until:
            self._memo, self._memo_until = Memo(), self.house.clock() + _FRESH
        try:
            batch = make(self.house, rows, self._memo)
            return settle(self.house, batch, self._memo, self.counts)
        except BroadsheetError:
            self._put_back(rows)
            raise

    def _put_back(self, rows: list[Queued]) -> None:
        """Give rows back that could not be made, for whoever comes next."""
        with self.house.store.writing() as connection:
            ours = queue.held(connection, rows[0].holder, [row.id for row in rows])
            at = self.house.clock()
            queue.put_back(connection, (Later(row.id, at, 0, row.why) for row in rows if row.id in ours))

    def _turn_s(self) -> float:
        """Tell how long nothing that is due may be mailed, as the rate of all mails has it."""
        at = self.house.clock()
        with self.house.store.reading() as connection:
            wait_s = rates.wait_s(connection, self.house.settings, at)
            return wait_s if wait_s > 0 and queue.is_due(connection, at, at + LEASE, by_mail=True) else 0.0

    def _waited(self) -> bool:
        """Wait for the next mail whose turn comes soon, where rates put off some; False where none does."""
        if not rates.are_kept(self.house.settings):
            return False
        with self.house.store.reading() as connection:
            soonest = queue.soonest(connection)
        wait_s = (soonest - self.house.clock()).total_seconds() if soonest is not None else _NEXT_S
        if wait_s >= _NEXT_S:
            return False
        self.house.wait(min(max(wait_s, _SOONEST_S), _LOOK_S))
        return True

    def _is_over(self) -> bool:
        stopped = self._stop is not None and self._stop.is_set()
        late = self._ends is not None and self.house.clock() >= self._ends
        return stopped or late or (self._left is not None and self._left <= 0)


def _ways(mailer: object) -> tuple[Spooling | None, Direct | None]:
    return mailer if isinstance(mailer, Spooling) else None, mailer if isinstance(mailer, Direct) else None
