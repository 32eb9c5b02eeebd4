"""What comes back by mail is taken in: who cannot be reached, complains or wants no more gets nothing any more."""

import logging
from datetime import timedelta
from hashlib import sha256
from typing import Literal

from broadsheet.errors import NotFound
from broadsheet.flow import events
from broadsheet.flow.house import House
from broadsheet.flow.subscribing import returning_to, tokens, unsubscribing
from broadsheet.mail.returned import Return, read_return
from broadsheet.mail.verdict import judge
from broadsheet.model.subscription import Subscriber
from broadsheet.store import digests, ending, returns, subscribers
from broadsheet.store.connect import Connection
from broadsheet.store.returns import Returned

# What a mail was: ``again`` is one that was taken in before, ``forged`` one whose address we did not make, and
# ``nothing`` one that says nothing of a digest.
Taken = Literal["hard", "soft", "complaint", "unsubscribe", "again", "forged", "nothing"]

# TRUST M8: five that bounce in fourteen days, or one for good.
SOFT, WITHIN = 5, timedelta(days=14)
_KEPT = timedelta(days=90)
_BOUNCED = "Mail to this address came back: {}"
_REFUSED = "This place took digests no more: {}"
_COMPLAINED = "Somebody there marked a digest as spam."


def take(house: House, message: bytes) -> Taken:
    """Take in a mail that came to the address our mails return to, and say what it was.

    The same mail counts once, however often it comes. One whose address was not made by us changes nothing.
    """
    told = read_return(message)
    if told.kind == "none":
        return "nothing"
    key = tokens.key_of(house)
    with house.store.writing() as connection:
        subscriber, digest_id = _whose(connection, key, told)
        if subscriber is None:
            events.tell(logging.WARNING, "return forged", kind=told.kind)
            return "forged"
        row = Returned(0, subscriber.id, digest_id, told.kind, told.words, house.clock())
        if not returns.keep(connection, row, sha256(message).hexdigest()):
            return "again"
        _act(connection, house, subscriber, row)
    events.tell(logging.INFO, "return taken", kind=told.kind, subscriber=subscriber.id, reason=told.words)
    return told.kind


def refused(connection: Connection, house: House, digest: digests.Queued, words: str, *, gone: bool) -> None:
    """Count a digest that was refused while it was handed over, as one that came back; ``gone`` is for good."""
    subscriber = subscribers.by_id(connection, digest.subscriber_id)
    if subscriber is None:
        return
    hard = gone or (digest.way == "mail" and judge(words) == "hard")
    row = Returned(0, subscriber.id, digest.id, "hard" if hard else "soft", words, house.clock())
    if returns.keep(connection, row, sha256(f"refused {digest.id} {words}".encode()).hexdigest()):
        _act(connection, house, subscriber, row)


def sweep(house: House) -> int:
    """Forget what came back long ago; gives how many."""
    with house.store.writing() as connection:
        return returns.sweep(connection, house.clock() - _KEPT)


def _whose(connection: Connection, key: bytes, told: Return) -> tuple[Subscriber | None, int | None]:
    """Give the subscriber, and the digest, of a token that is good; a bounce has that of a digest."""
    try:
        what, number = returning_to.read_tag(told.token)
    except NotFound:
        return None, None
    digest = digests.by_id(connection, number) if what == "b" else None
    subscriber = subscribers.by_id(connection, digest.subscriber_id if digest else number)
    wanted = {"hard": "b", "soft": "b", "complaint": what}.get(told.kind, "u")
    if subscriber is None or what != wanted or (what == "b" and digest is None):
        return None, None
    if not returning_to.is_good(key, told.token, subscriber.nonce):
        return None, None
    return subscriber, digest.id if digest else None


def _act(connection: Connection, house: House, subscriber: Subscriber, row: Returned) -> None:
    if row.kind == "unsubscribe":
        unsubscribing.end_in(connection, house, subscriber.id, "They unsubscribed by mail.")
        return
    at = house.clock()
    if row.kind == "hard" and row.digest_id is not None:
        _bounce(connection, row.digest_id, row)
    often = returns.bounced_digests(connection, subscriber.id, at - WITHIN) >= SOFT
    if subscriber.state in {"suspended", "ended"} or not (often or row.kind != "soft"):
        return
    bounced = _BOUNCED if subscriber.way == "mail" else _REFUSED
    why = _COMPLAINED if row.kind == "complaint" else bounced.format(row.words)
    subscribers.place(connection, subscriber.id, "suspended", why=why, at=at)
    ending.call_back(connection, subscriber.id, why=why, at=at)


def _bounce(connection: Connection, number: int, row: Returned) -> None:
    """Note that a digest which went out did not arrive; its papers may be sent in another one."""
    found = digests.by_id(connection, number)
    if found is not None and found.state in {"sent", "doubt"}:
        digests.end(connection, [number], "bounced", row.at, why=row.words)
