"""Subscriptions: the lists that subscribers get."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Rhythm, Subscription
from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema import papers
from broadsheet.store.schema_digests import subscriptions
from broadsheet.store.selection_json import decode_selection, encode_selection

_ALL = select(subscriptions).order_by(subscriptions.c.id)


def put(connection: Connection, subscriber_id: int, selection: Selection, rhythm: Rhythm, *, at: datetime) -> None:
    """Subscribe to a list, or change the rhythm of one that is subscribed to; only what comes from now on is new."""
    told = encode_selection(selection)
    known = subscriptions.c.subscriber_id == subscriber_id, subscriptions.c.list == told
    if connection.execute(subscriptions.update().where(*known).values(rhythm=rhythm)).rowcount:
        return
    number = bulk.next_number(connection, subscriptions.c.id)
    after_id = connection.execute(select(func.max(papers.c.id))).scalar() or 0
    bulk.insert(connection, subscriptions, [(number, subscriber_id, told, rhythm, moment(at), after_id)])


def of(connection: Connection, subscriber_ids: Collection[int]) -> dict[int, list[Subscription]]:
    """Give the subscriptions of each subscriber, in the order they were made."""
    found: Iterator[Any] = bulk.by_keys(connection, _ALL, subscriptions.c.subscriber_id, subscriber_ids)
    told: dict[int, list[Subscription]] = {number: [] for number in subscriber_ids}
    for row in found:
        told[row.subscriber_id].append(_subscription(row))
    return told


def remove(connection: Connection, subscriber_id: int, number: int) -> bool:
    """End one subscription of a subscriber's; tells whether there was one."""
    wanted = subscriptions.c.subscriber_id == subscriber_id, subscriptions.c.id == number
    return bool(connection.execute(subscriptions.delete().where(*wanted)).rowcount)


def remove_all(connection: Connection, subscriber_id: int) -> None:
    """End all subscriptions of a subscriber's."""
    connection.execute(subscriptions.delete().where(subscriptions.c.subscriber_id == subscriber_id))


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        id=row.id,
        subscriber_id=row.subscriber_id,
        selection=decode_selection(row.list),
        rhythm=row.rhythm,
        at=datetime.fromisoformat(row.at),
        after_id=row.after_id,
    )
