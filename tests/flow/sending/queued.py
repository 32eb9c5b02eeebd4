"""Subscribers whose digests are due, and what became of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.papers import record

from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep
from broadsheet.model.record import Daily
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Rhythm, Subscriber, Way
from broadsheet.store import digest_times, subscribers, subscriptions
from broadsheet.store import digests as queue
from broadsheet.store.digest_times import Called, Due
from broadsheet.store.digests import Queued

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = Selection("day")


class Time:
    """A clock that goes on when somebody waits, and when it is told to."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def shelve(house: House, count: int = 2) -> None:
    """Put papers on the daily page."""
    made = (record(number, daily=(Daily(NOW.date()),), published="2026-11-19") for number in range(count))
    keep(house.store, list(made), at=NOW)


def queue_up(
    house: House, addresses: Sequence[str], *, way: Way = "mail", target: str = "", rhythm: Rhythm = "daily"
) -> list[int]:
    """Let the digests of subscribers to the daily page be due now; gives the subscribers' numbers."""
    numbers = []
    with house.store.writing() as connection:
        for address in addresses:
            told = Subscriber(id=0, way=way, address=address, key=address, at=NOW, state="active", nonce="nonce")
            made = subscribers.insert(connection, told, target)
            subscriptions.put(connection, made.id, DAY, rhythm, at=NOW)
            numbers.append(made.id)
        call_up(connection, house.clock(), numbers, addresses, way=way, rhythm=rhythm)
    return numbers


def call_up(  # noqa: PLR0913 - who, where, how often and when
    connection: queue.Connection,
    at: datetime,
    numbers: Sequence[int],
    addresses: Sequence[str],
    *,
    way: Way = "mail",
    rhythm: Rhythm = "daily",
    day: str = "2026-11-20",
) -> None:
    """Let the digests of a day be due."""
    whose = zip(numbers, addresses, strict=True)
    due = [Called(Due(number, rhythm, day, at), way, address.rpartition("@")[2]) for number, address in whose]
    digest_times.call_up(connection, due, at)


def addresses(count: int, domain: str = "example.org") -> list[str]:
    """Give so many addresses."""
    return [f"reader{number}@{domain}" for number in range(count)]


def rows(house: House) -> list[Queued]:
    """Give all digests."""
    found = []
    with house.store.reading() as connection:
        number = 1
        while (row := queue.by_id(connection, number)) is not None:
            found.append(row)
            number += 1
    return found


def states(house: House) -> dict[str, int]:
    """Count digests by state."""
    with house.store.reading() as connection:
        return dict(queue.counts(connection))


def noted(house: House) -> dict[int, set[int]]:
    """Give the papers that each subscriber is noted to have been sent."""
    with house.store.reading() as connection:
        return {number: seen for number, seen in queue.seen(connection, range(1, 1_000)).items() if seen}


def files(folder: Path, pattern: str = "*.eml") -> list[str]:
    """Name the files of a spool."""
    return sorted(file.name for file in folder.glob(pattern))
