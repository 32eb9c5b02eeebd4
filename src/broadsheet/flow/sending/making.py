"""Make digests that are due: look at who still wants one, compose it, and settle for good what it shows."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from broadsheet.errors import BroadsheetError, Unavailable
from broadsheet.flow import events
from broadsheet.flow.digests.composing import compose, still_stand
from broadsheet.flow.digests.content import as_content, read_content
from broadsheet.flow.digests.memo import Memo
from broadsheet.flow.house import House
from broadsheet.flow.sending import rates
from broadsheet.flow.sending.outcomes import Counts
from broadsheet.flow.subscribing import served
from broadsheet.model.digest import Digest, State
from broadsheet.model.subscription import Subscriber, Subscription
from broadsheet.push.port import TAKES_ONCE
from broadsheet.store import digests as queue
from broadsheet.store import merges, subscribers, subscriptions
from broadsheet.store.digests import LONGEST, Later, Queued, Settled

# What somebody was sent in years is held for so many of them at once.
_AT_ONCE = 50
_DAY_LETTERS = len("2026-11-20")
_FIRST_WAIT, _MOST_WAIT = timedelta(minutes=5), timedelta(hours=4)
_ENOUGH = 8
EXPIRED = "It could not be sent within a day."


@dataclass(frozen=True, slots=True)
class Made:
    """A digest that is made, and for whom."""

    row: Queued
    subscriber: Subscriber
    digest: Digest


@dataclass(slots=True)
class Batch:
    """What became of some digests of one holder: made, ended with a reason, or put off.

    ``merged`` was the last merge before anything was looked up for them.
    """

    holder: str
    merged: int = 0
    made: list[Made] = field(default_factory=list)
    ended: list[tuple[Queued, State, str]] = field(default_factory=list)
    later: list[Later] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Known:
    subscribers: dict[int, Subscriber]
    why_not: dict[int, str]
    subscriptions: dict[int, list[Subscription]]
    seen: dict[int, set[int]]


def make(house: House, rows: Sequence[Queued], memo: Memo) -> Batch:
    """Compose the digests of rows that somebody has taken; one that fails keeps none of the others waiting."""
    with house.store.reading() as connection:
        batch = Batch(rows[0].holder if rows else "", merges.latest(connection))
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        known = _known(house, some)
        for row in some:
            _make(house, row, known, memo, batch)
    return batch


def settle(house: House, batch: Batch, memo: Memo, counts: Counts) -> list[Made]:
    """Keep what digests show and what became of the others, and give those that go out now.

    Only of those that are still their holder's; what the rates leave no room for is put off, as it is.
    """
    at = house.clock()
    with house.store.writing() as connection:
        ours = queue.held(connection, batch.holder, _numbers(batch))
        made = [each for each in batch.made if each.row.id in ours]
        new = [each.digest for each in made if not each.row.content]
        if not still_stand(connection, new, batch.merged):
            # A paper of one of them was merged or hidden meanwhile: all are composed anew.
            memo.forget()
            queue.put_back(connection, (Later(each.row.id, at) for each in made))
            made = []
        queue.settle(connection, [_settled(each) for each in made if not each.row.content], at)
        mailed = [each.row for each in made if each.row.way == "mail"]
        now, later = rates.take(connection, house.settings, mailed, at)
        queue.put_back(connection, later)
        queue.put_back(connection, (each for each in batch.later if each.id in ours))
        counts.add("waiting", sum(each.id in ours for each in batch.later))
        for row, state, why in batch.ended:
            if row.id in ours:
                queue.end(connection, [row.id], state, at, why=why, free=not (row.attempts and row.way in TAKES_ONCE))
                counts.add(state)
    return [each for each in made if each.row.id in now or each.row.way != "mail"]


def after(row: Queued, at: datetime, why: str, wait_s: float | None = None) -> Later:
    """Tell when to try again: after five minutes, then twice as long each time, or when the other side says."""
    backoff = min(_FIRST_WAIT * 2 ** min(row.attempts, _ENOUGH), _MOST_WAIT)
    asked = timedelta(seconds=min(wait_s or 0.0, LONGEST.total_seconds()))
    return Later(row.id, at + max(backoff, asked), 1, why)


def _make(house: House, row: Queued, known: _Known, memo: Memo, batch: Batch) -> None:
    subscriber, at = known.subscribers.get(row.subscriber_id), house.clock()
    if subscriber is None or row.subscriber_id in known.why_not:
        batch.ended.append((row, "suppressed", known.why_not.get(row.subscriber_id, "They are here no longer.")))
    elif at - row.due_at > LONGEST:
        batch.ended.append((row, "expired", row.why or EXPIRED))
    else:
        try:
            digest = _digest(house, row, subscriber, known, memo)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not stop all others, and is told
            reason = str(error) if isinstance(error, BroadsheetError) else f"{type(error).__name__}: {error}"
            events.tell(logging.ERROR, "digest not made", digest=row.id, reason=reason)
            batch.later.append(after(row, at, f"It could not be made: {reason}"))
        else:
            if digest is None or not digest.papers:
                batch.ended.append((row, "empty", ""))
            else:
                batch.made.append(Made(row, subscriber, digest))


def _digest(house: House, row: Queued, subscriber: Subscriber, known: _Known, memo: Memo) -> Digest | None:
    day = date.fromisoformat(row.day[:_DAY_LETTERS])
    if row.content:
        return read_content(house, row.content, row.kind, day, memo)
    wanted, seen = known.subscriptions[row.subscriber_id], known.seen[row.subscriber_id]
    return compose(house, subscriber, wanted, row.kind, day, seen, memo)


def _known(house: House, rows: Iterable[Queued]) -> _Known:
    ids = {row.subscriber_id for row in rows}
    with house.store.reading() as connection:
        found = subscribers.by_ids(connection, ids)
        why_not = served.why_not(connection, found.values(), house.clock())
        return _Known(found, why_not, subscriptions.of(connection, ids), queue.seen(connection, ids))


def _settled(made: Made) -> Settled:
    numbers = tuple(paper.id for paper in made.digest.papers)
    return Settled(made.row.id, made.row.subscriber_id, as_content(made.digest), numbers)


def _numbers(batch: Batch) -> set[int]:
    return {
        *(each.row.id for each in batch.made),
        *(row.id for row, *_ in batch.ended),
        *(each.id for each in batch.later),
    }
