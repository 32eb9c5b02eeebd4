"""Chats and programs that digests are pushed to: trying one out, and what its messages are signed with."""

import secrets

from broadsheet.errors import Conflict, Invalid, NotFound, Unavailable
from broadsheet.flow import limits
from broadsheet.flow.house import House
from broadsheet.flow.limits import HOUR_S, Rate
from broadsheet.flow.subscribing.links import home_url
from broadsheet.model.subscription import Subscriber
from broadsheet.push.port import Facts
from broadsheet.push.targets import kept_target, with_new_secret
from broadsheet.store import subscribers
from broadsheet.store.connect import Connection

# Of one place, and of all those of a reader.
_TRYING, _TRYING_ANY = (Rate(5, HOUR_S),), (Rate(20, HOUR_S),)


def try_out(house: House, subscriber: Subscriber) -> None:
    """Send a place a message that says that digests will come there; raises what pushing does.

    Raises Invalid for a mailbox, which has shown that mail arrives, TooMany, and Conflict for who has ended.
    """
    if subscriber.way == "mail":
        raise Invalid("Digests go to this mailbox. There is nothing to try.", field="way")
    if house.pusher is None:
        raise Unavailable("Nothing is pushed from here.")
    home = home_url(house)
    with house.store.writing() as connection:
        target = _target(connection, subscriber)
        limits.take_within(connection, house, "place tried", str(subscriber.id), _TRYING)
        limits.take_within(connection, house, "places tried", str(subscriber.reader_id), _TRYING_ANY)
    facts = Facts(
        key=secrets.token_hex(16),
        site=house.settings.site_name,
        at=house.clock(),
        home_url=home,
        manage_url=f"{home}/subscriptions",
        why=f"Somebody subscribed this place to lists of {house.settings.site_name}.",
    )
    house.pusher.greet(subscriber.way, target, facts)


def signing_secret(house: House, subscriber: Subscriber) -> str:
    """Give what messages to a webhook are signed with; raises Invalid for a place that has none, and Conflict."""
    with house.store.reading() as connection:
        target = kept_target(subscriber.way, _target(connection, subscriber))
    if "secret" not in target.fields:
        raise Invalid("Only webhooks have a signing secret.", field="way")
    return target.fields["secret"].split()[0]


def renew_secret(house: House, subscriber: Subscriber) -> str:
    """Give a webhook a new signing secret; the one before signs too until the next. Raises as ``signing_secret``."""
    with house.store.writing() as connection:
        target = with_new_secret(kept_target(subscriber.way, _target(connection, subscriber)))
        subscribers.retarget(connection, subscriber.id, target.as_json())
    return signing_secret(house, subscriber)


def _target(connection: Connection, subscriber: Subscriber) -> str:
    known = subscribers.by_id(connection, subscriber.id)
    if known is None:
        raise NotFound("This subscription is gone.")
    if known.state == "ended":
        raise Conflict("This subscription has ended. Begin it again first.")
    return subscribers.target_of(connection, known.id)
