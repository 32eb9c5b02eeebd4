"""Keep what sources told: a batch of records is one transaction, and an unchanged batch writes nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from broadsheet.flow.shelf.settle import Settled, settle
from broadsheet.model.identity import names_of, title_key
from broadsheet.model.record import Daily, Record
from broadsheet.store import editions, signals
from broadsheet.store import records as shelf
from broadsheet.store.connect import Connection, Store
from broadsheet.store.editions import Past, told_text
from broadsheet.store.payload import Name, encode_record, is_gone, is_sound, mended, moment, record_hash
from broadsheet.store.records import Known, Telling


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
    moment the one with the larger hash; the days both tell are united, and another text of the earlier one is kept as
    an edition. A record that was taken back stands again when it is told later. Raises nothing for odd records,
    Unavailable when the store does not answer.
    """
    if not records:
        return Kept()
    with store.writing() as connection:
        return keep_in(connection, records, at=at)


def keep_in(connection: Connection, records: Sequence[Record], *, at: datetime) -> Kept:
    """Keep a batch as ``keep`` does, in a transaction that also holds what belongs together with it."""
    intake = _intake(connection, records, moment(at))
    shelf.tell_again(connection, intake.again)
    shelf.insert(connection, [t for t in intake.out_of_sight if t.fresh])
    shelf.rewrite(connection, [t for t in intake.out_of_sight if not t.fresh])
    settled = settle(connection, intake.touched, intake.news, at) if intake.touched else Settled()
    editions.keep(connection, intake.past)
    return Kept(len(records), settled.new, settled.changed, intake.unchanged, settled.merged)


@dataclass(slots=True)
class _Told:
    """A record as it was told, with what decides which of two tellings stands."""

    record: Record
    payload: str
    hash: int
    observed: str
    taken_back: str

    @property
    def weight(self) -> tuple[str, int]:
        """What is told later weighs more; of what is told at one moment always the same, whatever days it tells."""
        return self.observed, record_hash(encode_record(replace(self.record, daily=())))


@dataclass(slots=True)
class _Intake:
    """What a batch leads to: tellings to settle, taken back untold or told again, and what they said before."""

    touched: list[Telling] = field(default_factory=list)
    out_of_sight: list[Telling] = field(default_factory=list)
    again: list[Known] = field(default_factory=list)
    news: list[signals.Row] = field(default_factory=list)
    past: list[Past] = field(default_factory=list)
    unchanged: int = 0

    def add(self, telling: Telling) -> None:
        """Take in a telling that is new or says something else."""
        if telling.record.deleted and not telling.record.title:
            self.out_of_sight.append(telling)
            self.unchanged += 1
        else:
            self.touched.append(telling)


def _intake(connection: Connection, told: Iterable[Record], now: str) -> _Intake:
    intake = _Intake()
    batch: dict[Name, _Told] = {}
    doubled: dict[Name, list[_Told]] = {}
    for record in told:
        one = _read(record, now)
        name = (one.record.source, one.record.key, one.record.version)
        if (before := batch.get(name)) is not None:
            intake.unchanged += 1
            doubled.setdefault(name, [before]).append(one)
            one = _united(before, one)
        batch[name] = one
    known = shelf.known(connection, batch)
    numbers = {name: found.id for name, found in known.items()}
    numbers |= _take_new(connection, intake, {name: one for name, one in batch.items() if name not in known})
    _take_known(connection, intake, [(known[name], one) for name, one in batch.items() if name in known])
    for name, each in doubled.items():
        intake.past += _past(numbers[name], batch[name], each)
    return intake


def _read(record: Record, now: str) -> _Told:
    """Write a record down; the rare one that no database would take as it is gets mended first."""
    payload = encode_record(record)
    try:
        if is_sound(record, payload):
            return _as_told(record, payload, now)
    except UnicodeEncodeError:
        pass
    record = mended(record)
    return _as_told(record, encode_record(record), now)


def _as_told(record: Record, payload: str, now: str) -> _Told:
    at = moment(record.observed) or now
    if not record.deleted:
        return _Told(record, payload, record_hash(payload), at, "")
    if record.title:
        return _Told(record, payload, record_hash(payload), at, at)
    # Taken back without a word: what was told last, whenever that was, is still what is known of it.
    return _Told(replace(record, signals=()), payload, record_hash(payload), "", at)


def _take_new(connection: Connection, intake: _Intake, told: Mapping[Name, _Told]) -> dict[Name, int]:
    """Take in tellings under names that are new, and give the numbers they get."""
    first = shelf.next_number(connection) if told else 0
    numbers = dict(zip(told, range(first, first + len(told)), strict=True))
    for name, one in told.items():
        record, number = one.record, numbers[name]
        key, ids = title_key(record.title), names_of(record)
        intake.add(Telling(number, record, one.payload, one.hash, one.observed, one.taken_back, key, ids))
        if record.signals:
            intake.news += signals.rows(record, number)
    return numbers


def _take_known(connection: Connection, intake: _Intake, told: Sequence[tuple[Known, _Told]]) -> None:
    news = signals.news(connection, [row for known, one in told for row in signals.rows(one.record, known.id)])
    noisy = {row[0] for row in news}
    other: dict[int, _Told] = {}
    for known, one in told:
        later = known._replace(
            observed=max(known.observed, one.observed), taken_back=max(known.taken_back, one.taken_back)
        )
        if one.hash != known.hash or later.is_gone != known.is_gone:
            other[known.id] = one
        elif later != known and one.record.observed is not None:
            intake.again.append(later)
    # What adds to a paper that was not here when it was told first may find it now.
    strays = {known.id for known, one in told if one.record.adds and known.paper_id is None}
    before = shelf.by_ids(connection, other.keys() | noisy | strays)
    for number, one in other.items():
        _take_other(intake, before[number], one)
    for telling in before.values():
        if telling.dirty or telling.id in noisy | strays:
            intake.add(telling)
    intake.news += news
    intake.unchanged += len(told) - sum(t.dirty or t.id in noisy | strays for t in before.values())


def _take_other(intake: _Intake, telling: Telling, one: _Told) -> None:
    """Let a telling on the shelf and what its source says now be one."""
    kept = _Told(telling.record, telling.payload, telling.hash, telling.observed, telling.taken_back)
    stands = _united(kept, one)
    intake.past += _past(telling.id, stands, (kept, one))
    when = stands.observed, stands.taken_back
    if stands.hash != kept.hash or stands.record.deleted != kept.record.deleted:
        telling.record, telling.payload, telling.hash = stands.record, stands.payload, stands.hash
        telling.title_key, telling.ids = title_key(stands.record.title), names_of(stands.record)
        telling.dirty = True
    elif one.record.observed is not None and when != (telling.observed, telling.taken_back):
        intake.again.append(Known(telling.id, telling.hash, *when))
    else:
        return
    telling.observed, telling.taken_back = when


def _past(number: int, stands: _Told, others: Iterable[_Told]) -> Iterator[Past]:
    """Give what was told under the same name, said something else and does not stand any more."""
    for told in others:
        is_past = told.record.title and not told.record.adds and told.observed < stands.observed
        if is_past and told_text(told.record) != told_text(stands.record):
            yield Past(number, told.observed, stands.observed, told.payload)


def _united(before: _Told, after: _Told) -> _Told:
    """Unite two tellings under one name; the answer is the same whichever came first."""
    loser, winner = sorted((before, after), key=lambda told: told.weight)
    taken_back = max(before.taken_back, after.taken_back)
    record = replace(
        winner.record,
        daily=_days(winner.record.daily, loser.record.daily),
        signals=(*loser.record.signals, *winner.record.signals),
        deleted=is_gone(winner.observed, taken_back),
    )
    payload = encode_record(record)
    return _Told(record, payload, record_hash(payload), winner.observed, taken_back)


def _days(ours: Sequence[Daily], theirs: Sequence[Daily]) -> tuple[Daily, ...]:
    by_day: dict[date, Daily] = {}
    for entry in (*ours, *theirs):
        by_day[entry.day] = max(by_day.get(entry.day, entry), entry, key=lambda e: (e.submitted_at, e.submitted_by))
    return tuple(by_day[day] for day in sorted(by_day))
