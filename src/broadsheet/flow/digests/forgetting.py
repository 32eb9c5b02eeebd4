"""Forgetting: where digests went is kept no longer than somebody may want them back."""

import logging
from datetime import timedelta

from broadsheet.flow import events
from broadsheet.flow.accounts.letters import SUBSCRIBE
from broadsheet.flow.house import House
from broadsheet.store import ending, letters

# So long somebody who unsubscribed may undo it.
ENDED_KEPT = timedelta(days=30)


def forget(house: House) -> dict[str, int]:
    """Forget addresses and secrets of who ended ENDED_KEPT ago, and letters that nobody said yes to; gives how many.

    An address that never says yes is kept for as long as its letter is good, 7 days.
    """
    at = house.clock()
    with house.store.writing() as connection:
        forgotten = {
            "subscribers": ending.forget(connection, ended_before=at - ENDED_KEPT),
            "letters": letters.drop_stale(connection, SUBSCRIBE, at),
        }
    if any(forgotten.values()):
        events.tell(logging.INFO, "digests forgotten", **forgotten)
    return forgotten
