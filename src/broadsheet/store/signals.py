"""Outside numbers with their time; of two told for one moment the larger stands."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, and_, func, select

from broadsheet.model.record import SIGNAL_KINDS, Record
from broadsheet.store import bulk
from broadsheet.store.payload import bounded, moment
from broadsheet.store.schema import signals

_KEEP_LARGER = (
    "ON CONFLICT (record_id, kind, at) DO UPDATE SET value = excluded.value WHERE excluded.value > signals.value"
)
Row = tuple[int, str, str, int]
Latest = dict[str, tuple[str, int]]

_WHOLE = select(signals)
_NEWEST = (
    select(signals.c.record_id, signals.c.kind, func.max(signals.c.at).label("at"))
    .group_by(signals.c.record_id, signals.c.kind)
)  # fmt: skip


def rows(record: Record, record_id: int) -> list[Row]:
    """Write a record's signals as rows; a kind we do not know is left out."""
    return [
        (record_id, signal.kind, moment(signal.at), bounded(signal.value))
        for signal in record.signals
        if signal.kind in SIGNAL_KINDS
    ]


def news(connection: Connection, told: Collection[Row]) -> list[Row]:
    """Give those of the rows that are not kept yet, or kept with a smaller value."""
    known = {
        (row.record_id, row.kind, row.at): row.value
        for row in bulk.by_keys(connection, _WHOLE, signals.c.record_id, {row[0] for row in told})
    }
    return [row for row in told if known.get(row[:3], -1) < row[3]]


def keep(connection: Connection, told: Collection[Row]) -> None:
    """Keep rows; telling them again changes nothing."""
    bulk.insert(connection, signals, list(told), conflict=_KEEP_LARGER)


def latest(connection: Connection, record_ids: Collection[int]) -> dict[int, Latest]:
    """Give each record's latest ``(at, value)`` by kind."""
    found: dict[int, Latest] = {}
    for some in bulk.chunks(list(record_ids)):
        newest = _NEWEST.where(signals.c.record_id.in_(some)).subquery()
        same = and_(
            signals.c.record_id == newest.c.record_id, signals.c.kind == newest.c.kind, signals.c.at == newest.c.at
        )
        for row in connection.execute(select(signals).join(newest, same)):
            found.setdefault(row.record_id, {})[row.kind] = (row.at, row.value)
    return found


def together(by_record: Iterable[Latest]) -> dict[str, int]:
    """Unite several records' latest signals: by kind the latest value, the larger of two at one moment."""
    newest: Latest = {}
    for told in by_record:
        for kind, signal in told.items():
            newest[kind] = max(newest.get(kind, signal), signal)
    return {kind: value for kind, (_, value) in newest.items()}
