"""How digests stand: counts for everybody, and for the operator what needs somebody who decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from broadsheet.errors import Unavailable
from broadsheet.flow.house import House
from broadsheet.flow.sending import guard, holding
from broadsheet.model.digest import State
from broadsheet.model.subscription import State as Standing
from broadsheet.model.subscription import Subscriber, Way
from broadsheet.store import dead_letters, digest_counts, digests, returns, subscribers

_DAY = timedelta(days=1)
_MOST = 50


@dataclass(frozen=True, slots=True)
class Overview:
    """What anybody may know: numbers, and why nothing is sent where that is so.

    ``states`` counts all digests that are remembered, ``settled`` those of the last 24 hours, and ``returned`` what
    came back within the days that the guard looks at.
    """

    states: Mapping[State, int]
    settled: Mapping[State, int]
    subscribers: Mapping[Way, Mapping[Standing, int]]
    subscriptions: Mapping[str, int]
    last_sent: datetime | None
    next_due: datetime | None
    returned: Mapping[str, int]
    held: str
    guarded: str


@dataclass(frozen=True, slots=True)
class Slip:
    """One thing that the operator sees: whom it was for, what is known of it, and when that was.

    ``what`` is the day of a digest, or the kind of what came back.
    """

    id: int
    way: Way
    to: str
    what: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies before the operator: digests in doubt, what came back, and dead letters; the newest first."""

    doubts: tuple[Slip, ...]
    returned: tuple[Slip, ...]
    dead: tuple[Slip, ...]


def overview(house: House) -> Overview:
    """Give what anybody may know of digests."""
    at = house.clock()
    held, guarded = why_held(house), guard.reason(house)
    with house.store.reading() as connection:
        return Overview(
            states=digests.counts(connection),
            settled=digest_counts.settled(connection, at - _DAY),
            subscribers=digest_counts.of_subscribers(connection),
            subscriptions=digest_counts.of_subscriptions(connection),
            last_sent=digest_counts.last_sent(connection),
            next_due=digest_counts.next_due(connection),
            returned=returns.counts(connection, at - guard.WITHIN),
            held=held,
            guarded=guarded,
        )


def why_held(house: House) -> str:
    """Say why nothing at all is sent; empty while it is."""
    try:
        return holding.reason(house)
    except Unavailable:
        # The reason names folders, which are nobody's business; the log has it.
        return "What was sent from here cannot be looked up."


def desk(house: House) -> Desk:
    """Give what lies before the operator, 50 of each at most; addresses are masked."""
    with house.store.reading() as connection:
        doubts = digests.doubts(connection, house.clock(), _MOST)
        came, dead = returns.latest(connection, _MOST), dead_letters.latest(connection, _MOST)
        whose = {digest.subscriber_id for digest in doubts} | {letter.subscriber_id for letter in dead}
        known = subscribers.by_ids(connection, whose | {mail.subscriber_id for mail in came})
    to = {number: masked(subscriber) for number, subscriber in known.items()}
    return Desk(
        tuple(Slip(each.id, each.way, to[each.subscriber_id], each.day, each.why, each.due_at) for each in doubts),
        tuple(Slip(each.id, "mail", to[each.subscriber_id], each.kind, each.words, each.at) for each in came),
        tuple(Slip(each.id, each.way, to[each.subscriber_id], each.day, each.why, each.at) for each in dead),
    )


def masked(subscriber: Subscriber) -> str:
    """Give what the operator sees of where digests go: of a mail address its first letter and its host, else a number.

    The places of chats and programs are their readers' own, and some of them open with nothing but their name.
    """
    local, _, host = subscriber.address.rpartition("@")
    return f"{local[:1]}…@{host}" if subscriber.way == "mail" and host else f"subscriber {subscriber.id}"
