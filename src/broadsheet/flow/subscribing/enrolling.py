"""Keeping who gets digests, and which lists: within a transaction of whoever has looked that they may."""

import secrets
from dataclasses import replace

from broadsheet.credentials.mail_address import MailAddress
from broadsheet.errors import Conflict
from broadsheet.flow.house import House
from broadsheet.flow.subscribing import due
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Rhythm, Subscriber, Times, Way
from broadsheet.push.port import Target
from broadsheet.store import subscribers, subscriptions
from broadsheet.store.connect import Connection

# So many lists go to one place, and to so many places digests of one reader go, at most.
MOST_SUBSCRIPTIONS = 50
MOST_SUBSCRIBERS = 20


def mailbox(
    connection: Connection, house: House, address: MailAddress, owner: int | None, times: Times | None
) -> Subscriber:
    """Give the active subscriber of a mailbox: the one there is, one that had ended and begins anew, or a new one.

    ``owner`` is the reader whose address it is; ``times`` None leaves what was chosen before, and so do times without
    quiet hours for those, as not every form asks for them. Raises Conflict beyond MOST_SUBSCRIBERS of a reader.
    """
    known = subscribers.by_key(connection, "mail", address.key)
    if known is None or known.reader_id not in {None, owner}:
        return _new(connection, _fresh(house, "mail", address.text, address.key), owner, times)
    return _begun(connection, house, known, owner, times)


def place(  # noqa: PLR0913 - where to, whose and when
    connection: Connection, house: House, target: Target, owner: int, times: Times | None, *, secrets_given: bool
) -> Subscriber:
    """Do the same for a chat or program of a reader's; its secrets are those given last.

    A webhook that was given no secret keeps the one it has.
    """
    mine = subscribers.of_reader(connection, owner)
    known = next((each for each in mine if (each.way, each.key) == (target.way, target.key)), None)
    if known is None:
        told = _fresh(house, target.way, target.shown, target.key)
        return _new(connection, told, owner, times, target.as_json())
    if secrets_given or known.state == "ended":
        subscribers.retarget(connection, known.id, target.as_json())
    return _begun(connection, house, known, owner, times)


def put(connection: Connection, house: House, subscriber: Subscriber, selection: Selection, rhythm: Rhythm) -> None:
    """Let a subscriber get a checked list in a rhythm from now on; raises Conflict beyond MOST_SUBSCRIPTIONS."""
    known = [each.selection for each in subscriptions.of(connection, [subscriber.id])[subscriber.id]]
    if selection not in known and len(known) >= MOST_SUBSCRIPTIONS:
        raise Conflict(f"You get {MOST_SUBSCRIPTIONS} lists here, and no more can be had. End one first.")
    subscriptions.put(connection, subscriber.id, selection, rhythm, at=house.clock())
    due.schedule(connection, house, subscriber.id)


def leave_room(connection: Connection, owner: int) -> None:
    """Raise Conflict for a reader who has MOST_SUBSCRIBERS already."""
    served = [each for each in subscribers.of_reader(connection, owner) if each.state != "ended"]
    if len(served) >= MOST_SUBSCRIBERS:
        raise Conflict(f"You have {MOST_SUBSCRIBERS} places that digests go to. End one first.")


def _fresh(house: House, way: Way, shown: str, key: str) -> Subscriber:
    nonce = secrets.token_hex(16)
    return Subscriber(id=0, way=way, address=shown, key=key, at=house.clock(), state="active", nonce=nonce)


def _new(
    connection: Connection, told: Subscriber, owner: int | None, times: Times | None, target: str = ""
) -> Subscriber:
    if owner is not None:
        leave_room(connection, owner)
    return subscribers.insert(connection, replace(told, reader_id=owner, times=times or Times()), target)


def _begun(
    connection: Connection, house: House, known: Subscriber, owner: int | None, times: Times | None
) -> Subscriber:
    """Let a known subscriber be active and the owner's; one that had ended begins without the lists of then."""
    if known.state == "ended":
        if owner is not None:
            leave_room(connection, owner)
        subscriptions.remove_all(connection, known.id)
    if owner is not None:
        subscribers.adopt(connection, known.id, owner)
    if known.state != "active":
        subscribers.place(connection, known.id, "active", at=house.clock())
    if times is not None:
        if known.state != "ended" and not times.quiet_from:
            times = replace(times, quiet_from=known.times.quiet_from, quiet_until=known.times.quiet_until)
        subscribers.set_times(connection, known.id, times, repeats=known.repeats)
    return subscribers.by_id(connection, known.id) or known
