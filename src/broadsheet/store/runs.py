"""The runs of sources: one row each, written as they go."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from broadsheet.model.harvest import Run
from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema import runs
from broadsheet.store.sources import instant

_WHOLE = select(runs)
_NEWEST = select(runs).order_by(runs.c.id.desc())
_LEFT = "The process that ran it ended."


def begin(connection: Connection, source_id: int, at: datetime) -> Run:
    """Note that a run begins; one that was left running by a process that is gone ends here."""
    left = runs.c.source_id == source_id, runs.c.outcome == "running"
    connection.execute(runs.update().where(*left).values(outcome="stopped", ended_at=moment(at), message=_LEFT))
    run = Run(id=bulk.next_number(connection, runs.c.id), source_id=source_id, begun_at=at)
    connection.execute(runs.insert().values(_row(run)))
    return run


def save(connection: Connection, run: Run) -> None:
    """Write down how a run stands."""
    connection.execute(runs.update().where(runs.c.id == run.id).values(_row(run)))


def latest(connection: Connection, source_id: int, limit: int) -> tuple[Run, ...]:
    """Give the last runs of a source, newest first."""
    return tuple(map(_read, connection.execute(_NEWEST.where(runs.c.source_id == source_id).limit(limit))))


def by_ids(connection: Connection, ids: Collection[int]) -> tuple[Run, ...]:
    """Give runs by their numbers."""
    return tuple(map(_read, bulk.by_keys(connection, _WHOLE, runs.c.id, ids)))


def prune(connection: Connection, before: datetime) -> int:
    """Forget runs that ended before an instant; gives how many."""
    old = runs.c.outcome != "running", runs.c.ended_at < moment(before)
    return connection.execute(runs.delete().where(*old)).rowcount


def _row(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "source_id": run.source_id,
        "begun_at": moment(run.begun_at),
        "ended_at": moment(run.ended_at),
        "outcome": run.outcome,
        "pages": run.pages,
        "records": run.records,
        "new": run.new,
        "changed": run.changed,
        "problems": run.problems,
        "message": run.message,
    }


def _read(row: Row[Any]) -> Run:
    return Run(
        id=row.id,
        source_id=row.source_id,
        begun_at=datetime.fromisoformat(row.begun_at),
        ended_at=instant(row.ended_at),
        outcome=row.outcome,
        pages=row.pages,
        records=row.records,
        new=row.new,
        changed=row.changed,
        problems=row.problems,
        message=row.message,
    )
