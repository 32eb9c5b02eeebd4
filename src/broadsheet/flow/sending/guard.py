"""The guard: no digest is mailed while too many of those who get them call them spam.

Mailbox providers turn away senders of whom 0.3 % of the recipients complain (Google, Email sender guidelines,
https://support.google.com/a/answer/81126), and one complaint among few mails says little.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from broadsheet.flow import events
from broadsheet.flow.house import House
from broadsheet.store import facts, returns
from broadsheet.store.connect import Connection
from broadsheet.store.payload import moment

MOST_COMPLAINTS, LEAST, WITHIN = 0.003, 3, timedelta(days=7)
_SINCE, _TOLD = "digest-guard-since", "digest-guard-told"


@dataclass(frozen=True, slots=True)
class Measure:
    """How many digests were mailed since an instant, and how many subscribers complained.

    Mails are counted as far as it matters: until complaints are too few among them.
    """

    since: datetime
    mailed: int
    complaints: int

    @property
    def rate(self) -> float:
        """Complaints for each digest that was mailed."""
        return self.complaints / max(self.mailed, 1)

    @property
    def is_too_much(self) -> bool:
        """Whether mailing has to stop."""
        return self.complaints >= LEAST and self.rate >= MOST_COMPLAINTS


def reason(house: House) -> str:
    """Say why no digest is mailed now; empty while all is well."""
    with house.store.reading() as connection:
        found = measure(connection, house.clock())
    if not found.is_too_much:
        return ""
    return (
        f"{found.complaints} subscribers called digests spam, of {found.mailed:,} mailed since {found.since:%d %B}: "
        f"{found.rate:.2%}, where {MOST_COMPLAINTS:.1%} is too much."
    )


def look(house: House) -> str:
    """Do what ``reason`` does, and tell the log once when it begins and once when it is over."""
    why = reason(house)
    with house.store.reading() as connection:
        told = bool(facts.by_name(connection, _TOLD))
    if told == bool(why):
        return why
    with house.store.writing() as connection:
        facts.put(connection, _TOLD, moment(house.clock()) if why else "")
    events.tell(logging.ERROR if why else logging.INFO, "digests held" if why else "digests go on", reason=why)
    return why


def lift(house: House) -> None:
    """Mail again, as the operator says: only what comes from now on counts against it."""
    with house.store.writing() as connection:
        facts.put(connection, _SINCE, moment(house.clock()))
    look(house)


def measure(connection: Connection, at: datetime) -> Measure:
    """Count complaints and mails of the last seven days, or since the operator let mails go on."""
    lifted = facts.by_name(connection, _SINCE)
    since = max(at - WITHIN, datetime.fromisoformat(lifted)) if lifted else at - WITHIN
    complaints = returns.complaints(connection, since)
    enough = int(complaints / MOST_COMPLAINTS) + 1
    mailed = returns.mailed(connection, since, enough) if complaints >= LEAST else 0
    return Measure(since, mailed, complaints)
