"""How all sources stand at once: in a few statements, however many there are."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from broadsheet.model.harvest import Run
from broadsheet.store import runs as shelf
from broadsheet.store.payload import moment
from broadsheet.store.schema import leases, runs

_SUMS = select(
    runs.c.source_id,
    func.count(),
    func.sum(runs.c.records),
    func.sum(runs.c.new),
    func.sum(runs.c.changed),
    func.max(runs.c.id),
).group_by(runs.c.source_id)
_LEASE = "source:"


class Totals(NamedTuple):
    """What all remembered runs of a source brought, and the number of the last of them."""

    runs: int = 0
    records: int = 0
    new: int = 0
    changed: int = 0
    last: int = 0


def totals(connection: Connection) -> dict[int, Totals]:
    """Sum up the runs of each source that has any."""
    return {row[0]: Totals(*map(int, row[1:])) for row in connection.execute(_SUMS)}


def last_runs(connection: Connection, found: dict[int, Totals]) -> dict[int, Run]:
    """Give the last run of each source, by what ``totals`` gave."""
    return {run.source_id: run for run in shelf.by_ids(connection, [each.last for each in found.values()])}


def running(connection: Connection, at: datetime) -> set[int]:
    """Name the sources that somebody is running now."""
    held = select(leases.c.name).where(leases.c.name.startswith(_LEASE), leases.c.until > moment(at))
    return {int(name.removeprefix(_LEASE)) for name in connection.execute(held).scalars()}
