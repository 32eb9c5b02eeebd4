"""When whose digest is due, and calling it up when it is: exactly one for each kind and local day (TRUST M9)."""

import logging
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta

from broadsheet.errors import Invalid
from broadsheet.flow import events
from broadsheet.flow.house import House
from broadsheet.model.local_time import local_day, next_time
from broadsheet.model.subscription import Rhythm, Subscriber
from broadsheet.store import digest_times, subscribers, subscriptions
from broadsheet.store.connect import Connection
from broadsheet.store.digest_times import Called, Due

# What nobody was there to send is sent so much later at most, and told as expired for so many days.
LATE = timedelta(hours=6)
_TOLD_FOR = timedelta(days=31)
# From one week's first day to the next one's last there are 13 days, and a zone may change.
_FARTHEST = timedelta(days=15)
# No day begins anywhere so much earlier than in UTC.
_WIDEST = timedelta(days=1)
_TOO_LATE = f"Nothing ran here to send it within {LATE // timedelta(hours=1)} hours."


def schedule(connection: Connection, house: House, subscriber_id: int) -> None:
    """Reckon anew when a subscriber's digests are due; call it after any change of lists, times or state.

    A day that has its digest gets no other, whatever the zone and hour are now, and a week none. Nor does one lose
    its digest: where its hour would be over by the new times, it comes at the old one.
    """
    subscriber, at = subscribers.by_id(connection, subscriber_id), house.clock()
    standing = digest_times.of(connection, subscriber_id)
    if subscriber is None or subscriber.state != "active":
        digest_times.drop(connection, standing.values())
        return
    kinds = {each.rhythm for each in subscriptions.of(connection, [subscriber_id])[subscriber_id]}
    last = digest_times.last_days(connection, subscriber_id, at)
    wanted = [_following(subscriber, kind, at, last.get(kind, "")) for kind in sorted(kinds)]
    digest_times.drop(connection, (due for kind, due in standing.items() if kind not in kinds))
    digest_times.put(connection, (due for due in wanted if not _stays(subscriber, standing.get(due.kind), due)))


def call_up(house: House, *, most: int = 1_000) -> int:
    """Call up all digests that are due, so many in a transaction; gives how many there are now to be sent.

    One that is late by more than six hours has expired. Any number of processes may do so at once.
    """
    with house.store.reading() as connection:
        ahead = digest_times.due_after(connection, house.clock() + _FARTHEST)
    _mend(house, ahead)
    done = 0
    while True:
        at = house.clock()
        with house.store.reading() as connection:
            is_due = bool(digest_times.due_by(connection, at, 1))
        if not is_due:
            return done
        with house.store.writing() as connection:
            done += _call_up_some(connection, at, most)


def call_up_day(house: House, day: date, *, most: int = 1_000) -> int:
    """Call up the digests of a day that nobody called up in time, of whoever gets them now; gives how many.

    Safe to do again: nobody gets a second digest for a day, nor a second weekly one for its week. One whose hour has
    not come yet is left to its time. Raises Invalid for a day that is more than 31 days ago.
    """
    done, after_id = 0, 0
    if house.clock().date() - day > _TOLD_FOR:
        raise Invalid(f"Digests of a day can be sent for {_TOLD_FOR.days} days.", field="date")
    while True:
        with house.store.writing() as connection:
            found = digest_times.by_subscriber(connection, after_id, most)
            if not found:
                return done
            done += _call_up_of(connection, found, day, house.clock())
        after_id = found[-1].subscriber_id


def distrust(connection: Connection, why: str) -> None:
    """Let nothing that was too late be called up again: it may have been sent, as ``why`` tells."""
    digest_times.reword(connection, _TOO_LATE, why)


def _call_up_some(connection: Connection, at: datetime, most: int) -> int:
    found = digest_times.due_by(connection, at, most)
    known = subscribers.by_ids(connection, {due.subscriber_id for due in found})
    at_once = {due.subscriber_id for due in found if due.kind == "now"}
    digest_times.drop_empty(connection, at_once)
    # Whatever is new meanwhile goes with what is to be sent anyway.
    busy = digest_times.with_open(connection, at_once)
    active = [due for due in found if known[due.subscriber_id].state == "active"]
    digest_times.drop(connection, (due for due in found if known[due.subscriber_id].state != "active"))
    wanted = (due for due in active if due.kind != "now" or due.subscriber_id not in busy)
    called = [_called(known[due.subscriber_id], due, at) for due in wanted]
    digest_times.put(connection, (_next(known[due.subscriber_id], due, at) for due in active))
    return digest_times.call_up(connection, called, at)


def _call_up_of(connection: Connection, found: Iterable[Due], day: date, at: datetime) -> int:
    dues = {(due.subscriber_id, due.kind): due for due in found if due.kind != "now"}
    ids = {number for number, _ in dues}
    known = subscribers.by_ids(connection, ids)
    there = digest_times.of_day(connection, day, ids, why=_TOO_LATE)
    wanted = [whose for whose, due in dues.items() if not _comes(due, day) and _had(known[whose[0]], whose[1], day, at)]
    missing = [Due(*whose, day.isoformat(), at) for whose in wanted if whose not in there]
    again = [there[whose] for whose in wanted if there.get(whose)]
    digest_times.revive(connection, again, at)
    called = [_called(known[due.subscriber_id], due, at) for due in missing]
    return digest_times.call_up(connection, called, at) + len(again)


def _comes(due: Due, day: date) -> bool:
    """Tell whether the digest of a day's week is still to come, on another day of it."""
    coming = date.fromisoformat(due.day)
    return coming != day and _period(due.kind, coming) == _period(due.kind, day)


def _had(subscriber: Subscriber, kind: Rhythm, day: date, at: datetime) -> bool:
    """Tell whether a day's digest was due by now for somebody who was here by then."""
    before = datetime.combine(day, time(), UTC) - _WIDEST
    of, due = next_time(subscriber.times, kind, max(subscriber.at, before))
    while of < day:
        of, due = next_time(subscriber.times, kind, due)
    return of == day and due <= at


def _called(subscriber: Subscriber, due: Due, at: datetime) -> Called:
    domain = subscriber.key.rpartition("@")[2] if subscriber.way == "mail" else ""
    too_late = due.kind != "now" and at - due.at > LATE
    return Called(due, subscriber.way, domain, _TOO_LATE if too_late else "")


def _next(subscriber: Subscriber, due: Due, at: datetime) -> Due:
    """Tell what comes after something that was due: each day's digest, or whatever is new from now on."""
    after = at if due.kind == "now" else max(due.at, at - _TOLD_FOR)
    return _following(subscriber, due.kind, after, due.day)


def _stays(subscriber: Subscriber, standing: Due | None, wanted: Due) -> bool:
    """Tell whether what was to come still is to, as a day or week would go without otherwise."""
    if standing is None or wanted.kind == "now":
        return False
    day, later = date.fromisoformat(standing.day), date.fromisoformat(wanted.day)
    comes = local_day(subscriber.times, standing.at)
    return _period(wanted.kind, comes) == _period(wanted.kind, day) < _period(wanted.kind, later)


def _following(subscriber: Subscriber, kind: Rhythm, after: datetime, last: str) -> Due:
    """Give the next digest of a kind after an instant that is of a later day or week than the last one was."""
    day, at = next_time(subscriber.times, kind, after)
    while kind != "now" and last and _period(kind, day) <= _period(kind, date.fromisoformat(last)):
        day, at = next_time(subscriber.times, kind, at)
    return Due(subscriber.id, kind, f"{at:%Y-%m-%dT%H:%M}" if kind == "now" else day.isoformat(), at)


def _period(kind: Rhythm, day: date) -> tuple[int, ...]:
    return tuple(day.isocalendar())[:2] if kind == "weekly" else (day.toordinal(),)


def _mend(house: House, ahead: Collection[int]) -> None:
    """Bring back what a clock that went wrong put off for longer than anything can be."""
    for number in ahead:
        with house.store.writing() as connection:
            digest_times.drop_from_ahead(connection, number, house.clock())
            schedule(connection, house, number)
    if ahead:
        events.tell(logging.WARNING, "digests brought back from ahead", subscribers=len(ahead))
