"""Forgetting: where digests went is kept no longer than somebody may want them back."""

import logging
from datetime import UTC, datetime, timedelta

from broadsheet.flow import events
from broadsheet.flow.accounts.letters import SUBSCRIBE
from broadsheet.flow.house import House
from broadsheet.store import ending, facts, letters
from broadsheet.store.connect import Connection
from broadsheet.store.payload import moment

# So long somebody who unsubscribed may undo it.
ENDED_KEPT = timedelta(days=30)
# So long a digest can be opened as a page by its link.
SHOWN = timedelta(days=90)
_SHOWN_SINCE = "digests-shown-since"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def forget(house: House) -> dict[str, int]:
    """Forget who ended ENDED_KEPT ago, letters that nobody said yes to, and what digests older than SHOWN showed.

    Gives how many. An address that never says yes is kept for as long as its letter is good, 7 days.
    """
    at = house.clock()
    with house.store.writing() as connection:
        forgotten = {
            "subscribers": ending.forget(connection, ended_before=at - ENDED_KEPT),
            "letters": letters.drop_stale(connection, SUBSCRIBE, at),
            "contents": _drop_contents(connection, at - SHOWN),
        }
    if any(forgotten.values()):
        events.tell(logging.INFO, "digests forgotten", **forgotten)
    return forgotten


def _drop_contents(connection: Connection, before: datetime) -> int:
    """Forget what digests showed that were settled before an instant, and since the last time this was done."""
    told = facts.by_name(connection, _SHOWN_SINCE)
    since = datetime.fromisoformat(told) if told else _NEVER
    if since >= before:
        return 0
    facts.put(connection, _SHOWN_SINCE, moment(before))
    return ending.drop_contents(connection, since, before)
