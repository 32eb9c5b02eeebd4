"""What is kept for a while only: when its time is over, it goes."""

import logging
from datetime import timedelta

from broadsheet.flow import events
from broadsheet.flow.house import House
from broadsheet.store import ceremonies, letters, limits, sessions

# Where somebody was is no use after this (TRUST E19), nor which letter brought them.
NETWORKS_KEPT = timedelta(days=30)
_LETTERS_KEPT = timedelta(days=7)


def sweep(house: House) -> dict[str, int]:
    """Forget sessions, letters, ceremonies and limits that are over, and networks of old sessions; gives how many."""
    at = house.clock()
    with house.store.writing() as connection:
        swept = {
            "sessions": sessions.sweep(connection, at, at - NETWORKS_KEPT),
            "letters": letters.sweep(connection, at - _LETTERS_KEPT),
            "ceremonies": ceremonies.sweep(connection, at),
            "limits": limits.sweep(connection, at.timestamp()),
        }
    if any(swept.values()):
        events.tell(logging.INFO, "swept", **swept)
    return swept
