"""Subscribers for tests of what digests show, and digests that are noted as sent as whoever sends them does."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import insert
from tests.filling import filled

from broadsheet.flow.digests.composing import compose
from broadsheet.flow.digests.content import as_content
from broadsheet.flow.digests.memo import Memo
from broadsheet.flow.house import House
from broadsheet.model.digest import Digest
from broadsheet.model.reader import Reader
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Rhythm, Subscriber
from broadsheet.store import bulk, subscribers, subscriptions
from broadsheet.store import digests as queue
from broadsheet.store.schema_digests import digests


def subscribe(
    house: House,
    *lists: Selection,
    rhythm: Rhythm = "daily",
    reader: Reader | None = None,
    repeats: bool = False,
    at: datetime | None = None,
) -> Subscriber:
    """Keep a subscriber to some lists, a reader's or nobody's."""
    when = at or house.clock()
    told = Subscriber(
        id=0,
        way="mail",
        address="ann@example.org",
        key="ann@example.org",
        at=when,
        state="active",
        reader_id=reader.id if reader else None,
        repeats=repeats,
        nonce="nonce",
    )
    with house.store.writing() as connection:
        made = subscribers.insert(connection, told)
        for selection in lists:
            subscriptions.put(connection, made.id, selection, rhythm, at=when)
    return made


def composed(
    house: House, subscriber: Subscriber, day: date | None = None, rhythm: Rhythm = "daily", memo: Memo | None = None
) -> Digest | None:
    """Compose what a subscriber gets for a day, by default today in UTC."""
    with house.store.reading() as connection:
        wanted = subscriptions.of(connection, [subscriber.id])[subscriber.id]
        seen = queue.seen(connection, [subscriber.id])[subscriber.id]
    return compose(house, subscriber, wanted, rhythm, day or house.clock().date(), seen, memo or Memo())


def send(house: House, subscriber: Subscriber, digest: Digest, day: str) -> int:
    """Note that a digest was sent; gives its number. ``day`` must be new to the subscriber."""
    numbers = tuple(paper.id for paper in digest.papers)
    with house.store.writing() as connection:
        number = bulk.next_number(connection, digests.c.id)
        row = {"id": number, "subscriber_id": subscriber.id, "kind": digest.kind, "day": day, "state": "sent"}
        connection.execute(insert(digests).values(filled(digests, row)))
        told = queue.Settled(number, subscriber.id, as_content(digest), numbers)
        queue.settle(connection, [told], house.clock())
    return number


def titles(digest: Digest | None) -> Sequence[Sequence[str]]:
    """Give the slugs of the papers of each section."""
    return [] if digest is None else [[card.paper.slug for card in section.cards] for section in digest.sections]
