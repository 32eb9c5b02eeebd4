"""A house with a clock that is set by hand, on either database, and people who want digests from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from bench.digest_days import Clockwork, house_of, rows

from broadsheet.flow.house import House
from broadsheet.flow.subscribing import due
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Rhythm, Subscriber, Times
from broadsheet.store import digest_times, subscribers, subscriptions
from broadsheet.store.connect import Store, open_store
from broadsheet.store.schema_digests import digests
from broadsheet.store.tables import metadata

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)  # a Sunday
LIST = {"daily": Selection("trending"), "weekly": Selection("day"), "now": Selection("category", "cs.LG")}


class Post:
    """A house whose clock is set by hand, and what is asked of it in these tests."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock = store, Clockwork(NOON)
        self.house: House = house_of(store, self.clock)

    def subscribe(self, *rhythms: Rhythm, **times: str | int) -> int:
        """Let somebody get lists in these rhythms."""
        told = Subscriber(
            id=0,
            way="mail",
            address="Ada@Example.org",
            key="ada@example.org",
            at=self.clock.at,
            state="active",
            times=Times(**times),  # type: ignore[arg-type]
        )
        with self.store.writing() as connection:
            number = subscribers.insert(connection, told).id
            for rhythm in rhythms:
                subscriptions.put(connection, number, LIST[rhythm], rhythm, at=self.clock.at)
            due.schedule(connection, self.house, number)
        return number

    def set_times(self, number: int, **times: str | int) -> None:
        """Change when they want to read."""
        with self.store.writing() as connection:
            known = subscribers.by_id(connection, number)
            assert known is not None
            subscribers.set_times(connection, number, replace(known.times, **times), repeats=False)  # type: ignore[arg-type]
            due.schedule(connection, self.house, number)

    def place(self, number: int, state: str) -> None:
        """Put them into a state."""
        with self.store.writing() as connection:
            subscribers.place(connection, number, state, at=self.clock.at)  # type: ignore[arg-type]
            due.schedule(connection, self.house, number)

    def settle(self, state: str) -> None:
        """Do with all that waits what senders do."""
        with self.store.writing() as connection:
            connection.execute(digests.update().where(digests.c.state == "waiting").values(state=state))

    def call_up(self, at: str) -> int:
        """Call up what is due at a time of these days, such as ``23 07:00``."""
        day, _, hour = at.partition(" ")
        self.clock.at = datetime.fromisoformat(f"2026-11-{day}T{hour}+00:00")
        return due.call_up(self.house)

    def days(self, kind: str = "daily") -> list[str]:
        """Give the day of the month and the state of each digest."""
        return [f"{row.day.day} {row.state}" for row in rows(self.store) if row.kind == kind]

    def coming(self, number: int) -> dict[str, str]:
        """Tell which day's digest comes when, by kind."""
        with self.store.reading() as connection:
            found = digest_times.of(connection, number)
        return {kind: f"{told.day} {told.at:%d %H:%M}" for kind, told in found.items()}


@contextmanager
def posting(url: str, *, emptied: bool = False) -> Iterator[Post]:
    """Open a store for a while, without whatever was in it if that is wanted."""
    store = open_store(url, clock=lambda: NOON)
    if emptied:
        with store.writing() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
    try:
        yield Post(store)
    finally:
        store.close()
