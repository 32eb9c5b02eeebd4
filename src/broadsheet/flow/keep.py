"""Keep what sources told: a batch of records is one transaction, and an unchanged batch writes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from broadsheet.flow.settle import Settled, settle
from broadsheet.model.record import Daily, Record
from broadsheet.store import records as shelf
from broadsheet.store import signals
from broadsheet.store.connect import Connection, Store
from broadsheet.store.payload import encode_record, is_sound, mended, moment, record_hash
from broadsheet.store.records import Name, Telling


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept, in counts.

    ``total`` records were told and ``unchanged`` of them said nothing new; papers are ``new`` or show something else
    (``changed``); ``merged`` counts the joins by title or by a record that bridges two papers.
    """

    total: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    merged: int = 0

    def __add__(self, other: "Kept") -> "Kept":
        return Kept(
            self.total + other.total,
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.merged + other.merged,
        )


def keep(store: Store, records: Sequence[Record], *, at: datetime) -> Kept:
    """Keep a batch of records (best 1,000 to 2,000) and compose the papers they belong to, in one transaction.

    Of two tellings under one name the later ``observed`` stands (``at`` where the source gives none), at the same
    moment the one with the larger hash; the days both tell are united. Raises nothing for odd records, Unavailable
    when the store does not answer.
    """
    if not records:
        return Kept()
    with store.writing() as connection:
        intake = _intake(connection, records, moment(at))
        settled = settle(connection, intake.touched, intake.news, at) if intake.touched else Settled()
    return Kept(len(records), settled.new, settled.changed, intake.unchanged, settled.merged)


@dataclass(slots=True)
class _Told:
    """A record as it was told, with what decides which of two tellings stands."""

    record: Record
    payload: str
    hash: int
    observed: str


@dataclass(slots=True)
class _Intake:
    touched: list[Telling] = field(default_factory=list)
    news: list[signals.Row] = field(default_factory=list)
    unchanged: int = 0


def _intake(connection: Connection, told: Iterable[Record], now: str) -> _Intake:
    intake = _Intake()
    batch: dict[Name, _Told] = {}
    for record in told:
        one = _read(record, now)
        name = (one.record.source, one.record.key, one.record.version)
        if (before := batch.get(name)) is not None:
            intake.unchanged += 1
            one = _stand(before, one)
        batch[name] = one
    known = shelf.hashes(connection, batch)
    _take_new(connection, intake, [one for name, one in batch.items() if name not in known])
    _take_known(connection, intake, [(*known[name], one) for name, one in batch.items() if name in known])
    return intake


def _read(record: Record, now: str) -> _Told:
    """Write a record down; the rare one that no database would take as it is gets mended first."""
    payload = encode_record(record)
    try:
        if is_sound(record, payload):
            return _Told(record, payload, record_hash(payload), moment(record.observed) or now)
    except UnicodeEncodeError:
        pass
    record = mended(record)
    payload = encode_record(record)
    return _Told(record, payload, record_hash(payload), moment(record.observed) or now)


def _take_new(connection: Connection, intake: _Intake, told: Sequence[_Told]) -> None:
    number = shelf.next_number(connection) if told else 0
    for one in told:
        if one.record.deleted:
            # A source took back what it never told us: there is nothing to take back.
            intake.unchanged += 1
            continue
        intake.touched.append(shelf.telling(number, one.record, one.payload, one.hash, one.observed))
        if one.record.signals:
            intake.news += signals.rows(one.record, number)
        number += 1


def _take_known(connection: Connection, intake: _Intake, told: Sequence[tuple[int, int, _Told]]) -> None:
    news = signals.news(connection, [row for number, _, one in told for row in signals.rows(one.record, number)])
    noisy = {row[0] for row in news}
    other = {number: one for number, content, one in told if one.hash != content}
    before = shelf.by_ids(connection, other.keys() | noisy)
    for number, telling in before.items():
        if number in other:
            stands = _stand(_Told(telling.record, telling.payload, telling.hash, telling.observed), other[number])
            if stands.hash != telling.hash:
                telling.retell(stands.record, stands.payload, stands.observed)
    touched = [telling for telling in before.values() if telling.dirty or telling.id in noisy]
    intake.touched += touched
    intake.news += news
    intake.unchanged += len(told) - len(touched)


def _stand(before: _Told, after: _Told) -> _Told:
    """Decide between two tellings under one name; the answer is the same whichever came first."""
    if before.hash == after.hash and not (before.record.signals or after.record.signals):
        return max(before, after, key=lambda told: told.observed)
    loser, winner = sorted((before, after), key=_weight)
    record = winner.record
    if record.deleted and not record.title:
        # Taken back without a word: what was told last is still what is known of it.
        record = replace(loser.record, deleted=True)
    united = replace(
        record,
        daily=_united(winner.record.daily, loser.record.daily),
        signals=(*loser.record.signals, *winner.record.signals),
    )
    payload = encode_record(united)
    return _Told(united, payload, record_hash(payload), winner.observed)


def _weight(told: _Told) -> tuple[str, int]:
    return told.observed, record_hash(encode_record(replace(told.record, daily=())))


def _united(ours: Sequence[Daily], theirs: Sequence[Daily]) -> tuple[Daily, ...]:
    by_day: dict[date, Daily] = {}
    for entry in (*ours, *theirs):
        by_day[entry.day] = max(by_day.get(entry.day, entry), entry, key=lambda e: (e.submitted_at, e.submitted_by))
    return tuple(by_day[day] for day in sorted(by_day))
