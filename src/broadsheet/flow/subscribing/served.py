"""Who gets digests now, and why others do not."""

from collections.abc import Collection
from datetime import datetime

from broadsheet.flow.accounts.sessions import as_of
from broadsheet.model.subscription import Subscriber
from broadsheet.store import readers
from broadsheet.store.connect import Connection

_WHY = {
    "pending": "The address was not confirmed.",
    "paused": "They paused it.",
    "suspended": "Nothing arrives there.",
    "ended": "They unsubscribed.",
}


def why_not(connection: Connection, asked: Collection[Subscriber], at: datetime) -> dict[int, str]:
    """Say of each subscriber, by number, who gets nothing at this instant why that is; who does is left out.

    What goes to a reader whose account is suspended waits for its end: their times stay, and each digest meanwhile is
    suppressed.
    """
    told = {each.id: each.why or _WHY[each.state] for each in asked if each.state != "active"}
    owners = {each.id: each.reader_id for each in asked if each.id not in told and each.reader_id is not None}
    known = readers.by_ids(connection, set(owners.values()))
    suspended = {number for number, reader in known.items() if not as_of(reader, at).may("reader")}
    return told | {number: "Their account is suspended." for number, owner in owners.items() if owner in suspended}
