"""A digest a day in every time zone: ``python -m bench.digest_days [--subscribers 100000] [--postgresql URL]``.

One subscriber in each zone of the tz database, with an hour of their own, gets a daily and a weekly digest for two
simulated years, from a house that calls up what is due every half an hour and is down now and then, for up to two
days. Then every subscriber must have exactly one digest for each local day there was and one a week, each due at that
hour and to be sent unless the house was down for more than six hours after it (TRUST M9). After that so many
subscribers, due at one hour, are called up at once.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.machine import machine

from broadsheet.flow.house import House
from broadsheet.flow.subscribing import due
from broadsheet.model.local_time import zones
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Subscriber, Times
from broadsheet.settings import Settings
from broadsheet.store import digest_times, subscribers, subscriptions
from broadsheet.store.connect import Store, open_store
from broadsheet.store.schema_digests import digests

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
DAY = timedelta(days=1)
EVERY = timedelta(minutes=30)
HOURS = ("07:00", "00:00", "02:30", "23:30", "12:15", "01:00", "18:45")


@dataclass
class Clockwork:
    """A clock that is set by hand."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one digest."""

    subscriber_id: int
    kind: str
    day: date
    state: str
    due_at: datetime


def house_of(store: Store, clock: Clockwork) -> House:
    """Give a house that has a store and the time, and needs no more here."""
    parts = {"text_index": None, "spaces": None, "fetcher": None, "ask": lambda _: b"", "wait": time.sleep}
    return House(settings=Settings(), store=store, clock=clock, **parts)  # type: ignore[arg-type]


def enrol(house: House, all_times: Iterable[Times]) -> dict[int, Times]:
    """Let subscribers with these times get a daily and a weekly list; gives the times by their numbers."""
    found = {}
    with house.store.writing() as connection:
        for count, times in enumerate(all_times):
            told = Subscriber(
                id=0,
                way="mail",
                address=f"a{count}@example.org",
                key=f"a{count}@example.org",
                at=house.clock(),
                state="active",
                times=times,
            )
            number = subscribers.insert(connection, told).id
            subscriptions.put(connection, number, Selection("trending"), "daily", at=house.clock())
            subscriptions.put(connection, number, Selection("day"), "weekly", at=house.clock())
            due.schedule(connection, house, number)
            found[number] = times
    return found


def looks(first: datetime, last: datetime, chance: random.Random, *, outages: int) -> Iterator[datetime]:
    """Give when the house looks for what is due: every half an hour, but for so many outages."""
    span = (last - first) // EVERY
    down: set[int] = set()
    for _ in range(outages):
        begins = chance.randrange(span)
        down.update(range(begins, begins + chance.randint(1, 96)))
    yield from (first + count * EVERY for count in range(span) if count not in down)
    yield last


def live(house: House, clock: Clockwork, all_looks: Iterable[datetime]) -> None:
    """Call up what is due at each look."""
    for clock.at in all_looks:
        due.call_up(house)


def rows(store: Store) -> list[Row]:
    """Give all digests that there are."""
    with store.reading() as connection:
        found = connection.execute(digests.select().order_by(digests.c.id)).all()
    return [
        Row(r.subscriber_id, r.kind, date.fromisoformat(r.day[:10]), r.state, datetime.fromisoformat(r.due_at))
        for r in found
    ]


def faults(
    found: list[Row], enrolled: dict[int, Times], all_looks: list[datetime], first: date, last: date
) -> list[str]:
    """Name whatever is not as promised, of the local days from the first to the last."""
    by_subscriber: dict[int, list[Row]] = {number: [] for number in enrolled}
    for row in found:
        by_subscriber[row.subscriber_id].append(row)
    wrong = []
    for number, times in enrolled.items():
        wrong += [f"{times}: {fault}" for fault in _faults_of(by_subscriber[number], times, first, last)]
    looked = iter([*all_looks, datetime.max.replace(tzinfo=UTC)])
    next_look = next(looked)
    for row in sorted(found, key=lambda row: row.due_at):
        while next_look < row.due_at:
            next_look = next(looked)
        state = "waiting" if next_look - row.due_at <= due.LATE else "expired"
        if state != row.state:
            wrong.append(f"{row} should be {state}")
    return wrong


def _faults_of(found: list[Row], times: Times, first: date, last: date) -> Iterator[str]:
    there = ZoneInfo(times.zone)
    days = Counter(row.day for row in found if row.kind == "daily" and first <= row.day <= last)
    weeks = Counter(row.day.isocalendar()[:2] for row in found if row.kind == "weekly" and first <= row.day <= last)
    for count in range((last - first).days + 1):
        day = first + count * DAY
        if days[day] != 1:
            yield f"{days[day]} digests on {day}"
        if day.weekday() == times.weekday and weeks[day.isocalendar()[:2]] != 1:
            yield f"{weeks[day.isocalendar()[:2]]} weekly digests in the week of {day}"
    for row in found:
        local = row.due_at.astimezone(there)
        if f"{local:%H:%M}" != times.hour or local.date() != row.day:
            yield from _faults_of_turn(row, there, times)


def _faults_of_turn(row: Row, there: ZoneInfo, times: Times) -> Iterator[str]:
    """Tell of a digest that comes at another hour, unless its own is left out when the clocks are turned."""
    before, after = ((row.due_at - ago).astimezone(there) for ago in (timedelta(seconds=1), timedelta(0)))
    wall = datetime.combine(row.day, datetime.strptime(times.hour, "%H:%M").time())  # noqa: DTZ007 - of no zone
    if not before.replace(tzinfo=None) < wall < after.replace(tzinfo=None):
        yield f"{row.day} comes at {after}"


def two_years(folder: Path) -> bool:
    """Simulate, and print what was seen; tells whether all is as promised."""
    chance = random.Random(7)  # noqa: S311 - chance that is the same each time
    clock = Clockwork(datetime.combine(FIRST - 2 * DAY, datetime.min.time(), UTC))
    store = open_store(f"sqlite:///{folder / 'days.db'}", clock=clock)
    house = house_of(store, clock)
    begun = time.perf_counter()
    enrolled = enrol(house, (Times(zone=z, hour=HOURS[n % 7], weekday=n % 5) for n, z in enumerate(zones())))
    all_looks = list(looks(clock.at, clock.at + (LAST - FIRST) + 5 * DAY, chance, outages=60))
    live(house, clock, all_looks)
    found = rows(store)
    wrong = faults(found, enrolled, all_looks, FIRST, LAST)
    store.close()
    states = Counter(row.state for row in found)
    print(
        f"{len(enrolled)} zones, {(LAST - FIRST).days + 1} days, {len(all_looks):,} looks, {len(found):,} digests: "
        f"{states['waiting']:,} to be sent, {states['expired']:,} expired, {len(wrong)} not as promised; "
        f"{time.perf_counter() - begun:.0f} s"
    )
    print(*wrong[:20], sep="\n")
    return not wrong


def at_one_hour(url: str, count: int) -> None:
    """Call up so many subscribers that are due at one hour, and print how long it took."""
    clock = Clockwork(datetime(2026, 11, 22, 6, tzinfo=UTC))
    store = open_store(url, clock=clock)
    house = house_of(store, clock)
    template = Subscriber(id=0, way="mail", address="a@example.org", key="", at=clock.at, state="active")
    hour = clock.at + timedelta(hours=1)
    with store.writing() as connection:
        first = subscribers.insert(connection, template).id
        for number in range(1, count):
            subscribers.insert(connection, replace(template, address=f"a{number}@example.org"))
        digest_times.put(connection, (digest_times.Due(first + n, "daily", "2026-11-22", hour) for n in range(count)))
    clock.at = hour
    begun = time.perf_counter()
    done = due.call_up(house)
    took = time.perf_counter() - begun
    store.close()
    print(f"{done:,} subscribers due at one hour called up in {took:.1f} s ({store.dialect})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscribers", type=int, default=100_000)
    parser.add_argument("--postgresql", default="", help="the URL of an empty database, to call up there too")
    told = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        kept = two_years(Path(folder))
        at_one_hour(f"sqlite:///{folder}/hour.db", told.subscribers)
    if told.postgresql:
        at_one_hour(told.postgresql, told.subscribers)
    raise SystemExit(not kept)


if __name__ == "__main__":
    main()
