"""Unsubscribing: one click, no questions, at once (RFC 8058)."""

import logging

from broadsheet.flow import events
from broadsheet.flow.house import House
from broadsheet.flow.subscribing import tokens
from broadsheet.flow.subscribing.tokens import Purpose
from broadsheet.model.subscription import Subscriber
from broadsheet.store import ending, subscribers
from broadsheet.store.connect import Connection

_BY_THEMSELVES = "They unsubscribed."


def one_click(house: House, told: str) -> Subscriber:
    """End all that the subscriber of a token gets, before anything else is sent; the hundredth time as the first.

    Who has ended already stays so, also once their address is forgotten. Raises NotFound for a token that is not good.
    """
    found = look_at(house, told)
    return end(house, found)


def look_at(house: House, told: str) -> Subscriber:
    """Give the subscriber of a token for unsubscribing, and change nothing; raises NotFound."""
    return known_by(house, told, "unsubscribe")


def end(house: House, subscriber: Subscriber, why: str = _BY_THEMSELVES) -> Subscriber:
    """End all that a subscriber gets, before anything else is sent."""
    with house.store.writing() as connection:
        ended, changed = end_in(connection, house, subscriber.id, why)
    if changed:
        events.tell(logging.INFO, "unsubscribed", subscriber=subscriber.id, way=subscriber.way)
    return ended or subscriber


def end_in(connection: Connection, house: House, number: int, why: str) -> tuple[Subscriber | None, bool]:
    """Do what ``end`` does in a transaction that holds more; tells too whether anything changed."""
    known = subscribers.by_id(connection, number)
    if known is None or known.state == "ended":
        return known, False
    ending.end(connection, number, why=why, at=house.clock())
    return subscribers.by_id(connection, number), True


def known_by(house: House, told: str, purpose: Purpose) -> Subscriber:
    """Give the subscriber of a token for a purpose; raises NotFound for one that is not good."""
    number, key = tokens.number_of(told), tokens.known_key(house)
    with house.store.reading() as connection:
        found = subscribers.by_id(connection, number)
    # Who is not here is compared too, so that the time says nothing.
    nonce = found.nonce if found is not None else ""
    good = tokens.is_good(key, told, purpose, number, nonce)
    if found is None or not good:
        raise tokens.absent()
    return found
