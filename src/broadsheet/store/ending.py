"""What happens at once when a subscriber gets nothing any more, and what is forgotten of them later."""

from datetime import datetime

from sqlalchemy import Connection, select

from broadsheet.store import bulk, digest_times
from broadsheet.store import digests as queue
from broadsheet.store import subscribers as store
from broadsheet.store.payload import moment
from broadsheet.store.schema_digests import digest_papers, digests, returns, subscribers, subscriptions


def end(connection: Connection, number: int, *, why: str, at: datetime) -> None:
    """End a subscriber: nothing more is made for them, and nothing sent that is not on its way."""
    store.place(connection, number, "ended", why=why, at=at)
    call_back(connection, number, why=why, at=at)


def end_mailbox(connection: Connection, reader_id: int, key: str, *, why: str, at: datetime) -> None:
    """End a reader's subscriber at a mail address, lists and all."""
    mine = subscribers.c.reader_id == reader_id, subscribers.c.way == "mail", subscribers.c.key == key
    for number in list(connection.execute(select(subscribers.c.id).where(*mine)).scalars()):
        end(connection, number, why=why, at=at)
        connection.execute(subscriptions.delete().where(subscriptions.c.subscriber_id == number))


def call_back(connection: Connection, number: int, *, why: str, at: datetime) -> int:
    """Let no digest become due for a subscriber, and suppress what waits or is being made; gives how many."""
    digest_times.drop(connection, digest_times.of(connection, number).values())
    return queue.suppress(connection, number, at, why=why)


def forget(connection: Connection, *, ended_before: datetime) -> int:
    """Forget where those were who ended before an instant, what they got, and what came back; gives how many.

    Their numbers stay, so that their links and what was counted of them still mean something.
    """
    over = subscribers.c.state == "ended", subscribers.c.changed_at < moment(ended_before), subscribers.c.key != ""
    numbers = list(connection.execute(select(subscribers.c.id).where(*over)).scalars())
    for some in bulk.chunks(numbers):
        connection.execute(subscriptions.delete().where(subscriptions.c.subscriber_id.in_(some)))
        connection.execute(digest_papers.delete().where(digest_papers.c.subscriber_id.in_(some)))
        told = {"content": "", "domain": "", "why": ""}
        connection.execute(digests.update().where(digests.c.subscriber_id.in_(some)).values(told))
        connection.execute(returns.update().where(returns.c.subscriber_id.in_(some)).values(words=""))
        gone = {"address": "", "key": "", "target": ""}
        connection.execute(subscribers.update().where(subscribers.c.id.in_(some)).values(gone))
    return len(numbers)


def drop_contents(connection: Connection, since: datetime, before: datetime) -> int:
    """Forget what digests showed that were settled from one instant to another; gives how many. Doubts stay whole."""
    settled = digests.c.settled_at >= moment(since), digests.c.settled_at < moment(before)
    wanted = *settled, digests.c.content != "", digests.c.state != "doubt"
    return connection.execute(digests.update().where(*wanted).values(content="")).rowcount
