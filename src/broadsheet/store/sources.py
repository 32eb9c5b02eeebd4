"""Sources that are harvested, and how each stands."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from broadsheet.errors import Conflict
from broadsheet.model.harvest import Source
from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema import runs, source_days, sources

_ALL = select(sources).order_by(sources.c.id)


def everything(connection: Connection) -> tuple[Source, ...]:
    """Give all sources, oldest first."""
    return tuple(map(_read, connection.execute(_ALL)))


def by_name(connection: Connection, name: str) -> Source | None:
    """Give one source."""
    row = connection.execute(_ALL.where(sources.c.name == name)).first()
    return None if row is None else _read(row)


def due(connection: Connection, at: datetime) -> tuple[Source, ...]:
    """Give the sources whose time has come, the one that waits longest first.

    One that was tried in time to come was so by a clock that has been set back since.
    """
    now = moment(at)
    is_time = or_(sources.c.next_at <= now, sources.c.tried_at > now)
    ready = _ALL.where(~sources.c.paused, sources.c.every_s > 0, is_time)
    return tuple(map(_read, connection.execute(ready.order_by(None).order_by(sources.c.next_at, sources.c.id))))


def add(connection: Connection, source: Source) -> Source:
    """Keep a new source, due at once; raises Conflict when there is one of its name."""
    if by_name(connection, source.name) is not None:
        raise Conflict(f"There is a source “{source.name}” already.")
    number = bulk.next_number(connection, sources.c.id)
    connection.execute(sources.insert().values({"id": number, **_row(source)}))
    return by_name(connection, source.name) or source


def save(connection: Connection, source: Source) -> None:
    """Write down how a source stands, but for whether it rests: that is said by ``pause`` and ``resume``."""
    values = _row(source)
    del values["paused"], values["refused"]
    connection.execute(sources.update().where(sources.c.id == source.id).values(values))


def pause(connection: Connection, source_id: int, *, by_hand: bool = False) -> None:
    """Let a source rest, whoever runs it now: ``by_hand``, or because its last run was refused, and why is kept.

    One that rests already goes on doing so for its own reason.
    """
    told = select(runs.c.message).where(runs.c.source_id == source_id, runs.c.outcome == "refused")
    last = None if by_hand else connection.execute(told.order_by(runs.c.id.desc()).limit(1)).scalar()
    awake = sources.update().where(sources.c.id == source_id, ~sources.c.paused)
    connection.execute(awake.values(paused=True, refused=last or ""))


def resume(connection: Connection, source_id: int, at: datetime) -> None:
    """Let a source run again from an instant on, its failures forgotten; a run that failed begins anew."""
    failed = sources.c.id == source_id, sources.c.failures > 0
    connection.execute(sources.update().where(*failed).values(ask="", want=""))
    clean = {"paused": False, "failures": 0, "trouble": "", "refused": "", "next_at": moment(at)}
    connection.execute(sources.update().where(sources.c.id == source_id).values(clean))


def wake(connection: Connection, source_id: int, at: datetime) -> None:
    """Make a source due at an instant."""
    connection.execute(sources.update().where(sources.c.id == source_id).values(next_at=moment(at)))


def remove(connection: Connection, source: Source) -> None:
    """Forget a source, its runs and days; the papers it told stay."""
    for table in (runs, source_days):
        connection.execute(table.delete().where(table.c.source_id == source.id))
    connection.execute(sources.delete().where(sources.c.id == source.id))


def _row(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "kind": source.kind,
        "target": source.target,
        "since": source.since.isoformat() if source.since else "",
        "every_s": source.every_s,
        "paused": source.paused,
        "at": moment(source.at),
        "mark": _encoded(source.mark),
        "ask": _encoded(source.ask),
        "want": _encoded(source.want),
        "failures": source.failures,
        "trouble": source.trouble,
        "refused": source.refused,
        "next_at": moment(source.next_at),
        "tried_at": moment(source.tried_at),
        "succeeded_at": moment(source.succeeded_at),
    }


def _read(row: Row[Any]) -> Source:
    return Source(
        id=row.id,
        name=row.name,
        kind=row.kind,
        target=row.target,
        since=date.fromisoformat(row.since) if row.since else None,
        every_s=row.every_s,
        paused=row.paused,
        at=datetime.fromisoformat(row.at),
        mark=_decoded(row.mark) or {},
        ask=_decoded(row.ask),
        want=_decoded(row.want),
        failures=row.failures,
        trouble=row.trouble,
        refused=row.refused,
        next_at=instant(row.next_at),
        tried_at=instant(row.tried_at),
        succeeded_at=instant(row.succeeded_at),
    )


def instant(text: str) -> datetime | None:
    """Read an instant as the store writes it; None for an empty text."""
    return datetime.fromisoformat(text) if text else None


def _encoded(told: Mapping[str, Any] | None) -> str:
    # In ASCII, because a service may say what is no text for a database.
    return "" if told is None else json.dumps(told, ensure_ascii=True, separators=(",", ":"))


def _decoded(text: str) -> dict[str, Any] | None:
    return json.loads(text) if text else None
