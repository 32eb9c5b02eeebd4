"""Managing: what a subscriber gets and when, by a reader or by whoever holds the link in a digest."""

import logging
from dataclasses import dataclass

from broadsheet.errors import BroadsheetError, Conflict, NotFound
from broadsheet.flow import events
from broadsheet.flow.house import House
from broadsheet.flow.subscribing import due, enrolling, lists, tokens, unsubscribing
from broadsheet.model.reader import Reader
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Rhythm, Subscriber, Subscription, Times
from broadsheet.store import ending, readers, subscribers, subscriptions
from broadsheet.store.connect import Connection


@dataclass(frozen=True, slots=True)
class Listed:
    """One list that a subscriber gets: what it is called and where it is, while they may read it (``is_there``)."""

    subscription: Subscription
    title: str
    path: str
    is_there: bool = True


@dataclass(frozen=True, slots=True)
class Managed:
    """A subscriber and all that they get, in the order it was subscribed to."""

    subscriber: Subscriber
    lists: tuple[Listed, ...]


def by_token(house: House, told: str) -> Subscriber:
    """Give the subscriber of a token for managing; raises NotFound for one that is not good, or is forgotten."""
    found = unsubscribing.known_by(house, told, "manage")
    if not found.key:
        raise NotFound("This subscription has ended, and what it was is forgotten.")
    return found


def path_of(house: House, subscriber: Subscriber) -> str:
    """Give the path of the page by which whoever knows it manages a subscriber."""
    return f"/subscriptions/{tokens.token(tokens.key_of(house), 'manage', subscriber.id, subscriber.nonce)}"


def of_reader(house: House, reader: Reader) -> tuple[Subscriber, ...]:
    """Give a reader's subscribers that are not forgotten, the oldest first."""
    with house.store.reading() as connection:
        return tuple(each for each in subscribers.of_reader(connection, reader.id) if each.key)


def one_of(house: House, reader: Reader, number: int) -> Subscriber:
    """Give one of a reader's subscribers by its number; raises NotFound."""
    found = next((each for each in of_reader(house, reader) if each.id == number), None)
    if found is None:
        raise NotFound("This is no subscription of yours.")
    return found


def show(house: House, subscriber: Subscriber) -> Managed:
    """Give all that a subscriber gets, what is not there any more too."""
    with house.store.reading() as connection:
        found = subscriptions.of(connection, [subscriber.id])[subscriber.id]
        reader = _reader(connection, subscriber)
    return Managed(subscriber, tuple(_listed(house, each, reader) for each in found))


def add(house: House, subscriber: Subscriber, selection: Selection, rhythm: Rhythm, *, reader: Reader | None) -> None:
    """Let a subscriber get one more list, of those that ``reader``, or anybody where there is none, may see.

    Raises what ``lists.check`` does, Conflict for one too many and for who has ended.
    """
    kept = lists.check(house, selection, reader)
    lists.check_rhythm(kept, rhythm)
    with house.store.writing() as connection:
        enrolling.put(connection, house, _going(connection, subscriber), kept, rhythm)


def change_rhythm(house: House, subscriber: Subscriber, number: int, rhythm: Rhythm) -> None:
    """Let one list come in another rhythm; raises NotFound for another's, Invalid where the list cannot."""
    with house.store.writing() as connection:
        found = _one(connection, subscriber, number)
        told = lists.check_rhythm(found.selection, rhythm)
        subscriptions.put(connection, subscriber.id, found.selection, told, at=house.clock())
        due.schedule(connection, house, subscriber.id)


def remove(house: House, subscriber: Subscriber, number: int) -> None:
    """End one list; with the last one all ends. Raises NotFound for another's."""
    with house.store.writing() as connection:
        _one(connection, subscriber, number)
        subscriptions.remove(connection, subscriber.id, number)
        due.schedule(connection, house, subscriber.id)
        if not subscriptions.of(connection, [subscriber.id])[subscriber.id]:
            unsubscribing.end_in(connection, house, subscriber.id, "The last list was ended.")


def set_times(house: House, subscriber: Subscriber, times: Times, *, repeats: bool) -> None:
    """Let digests come at other times, and the same paper again or not; ``model.local_time.read_times`` reads times."""
    with house.store.writing() as connection:
        subscribers.set_times(connection, subscriber.id, times, repeats=repeats)
        due.schedule(connection, house, subscriber.id)


def pause(house: House, subscriber: Subscriber) -> None:
    """Send nothing until ``resume``, at once; who has ended only pauses from now on. Raises Conflict as that does."""
    why = "They paused it."
    with house.store.writing() as connection:
        known = _left(connection, subscriber)
        subscribers.place(connection, known.id, "paused", why=why, at=house.clock())
        ending.call_back(connection, known.id, why=why, at=house.clock())
    events.tell(logging.INFO, "digests paused", subscriber=subscriber.id)


def resume(house: House, subscriber: Subscriber) -> None:
    """Send again what was paused, suspended or ended.

    Raises Conflict for who has no list any more, as when their address was taken off an account, or no room.
    """
    with house.store.writing() as connection:
        known = _left(connection, subscriber)
        if known.state == "ended" and known.reader_id is not None:
            enrolling.leave_room(connection, known.reader_id)
        subscribers.place(connection, known.id, "active", at=house.clock())
        due.schedule(connection, house, known.id)
    events.tell(logging.INFO, "digests resumed", subscriber=subscriber.id)


def end(house: House, subscriber: Subscriber) -> Subscriber:
    """End all that a subscriber gets; ``resume`` undoes it until it is forgotten."""
    return unsubscribing.end(house, subscriber)


def _listed(house: House, subscription: Subscription, reader: Reader | None) -> Listed:
    try:
        title, path = lists.titled(house, subscription.selection, reader)
    except BroadsheetError:
        return Listed(subscription, f"Not there any more: {lists.named(subscription.selection)}", "", is_there=False)
    return Listed(subscription, title, path)


def _reader(connection: Connection, subscriber: Subscriber) -> Reader | None:
    return readers.by_id(connection, subscriber.reader_id) if subscriber.reader_id is not None else None


def _known(connection: Connection, subscriber: Subscriber) -> Subscriber:
    found = subscribers.by_id(connection, subscriber.id)
    if found is None:
        raise NotFound("This subscription is gone.")
    return found


def _left(connection: Connection, subscriber: Subscriber) -> Subscriber:
    found = _known(connection, subscriber)
    if not subscriptions.of(connection, [found.id])[found.id]:
        raise Conflict("Nothing is left of this subscription. Subscribe anew to a list.")
    return found


def _going(connection: Connection, subscriber: Subscriber) -> Subscriber:
    found = _known(connection, subscriber)
    if found.state == "ended":
        raise Conflict("This subscription has ended. Begin it again first.")
    return found


def _one(connection: Connection, subscriber: Subscriber, number: int) -> Subscription:
    found = subscriptions.of(connection, [subscriber.id])[subscriber.id]
    wanted = next((each for each in found if each.id == number), None)
    if wanted is None:
        raise NotFound("This subscription is gone.")
    return wanted
