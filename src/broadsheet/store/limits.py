"""How far somebody is ahead of a rate, for all processes together."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from broadsheet.store import bulk
from broadsheet.store.schema_accounts import limits

_LIMITS = select(limits)
_OVER = "ON CONFLICT (name) DO UPDATE SET free_at = excluded.free_at"


def by_names(connection: Connection, names: Iterable[str]) -> dict[str, float]:
    """Give the theoretical arrival times that are kept under names, in seconds since 1970."""
    return {row.name: row.free_at for row in bulk.by_keys(connection, _LIMITS, limits.c.name, list(names))}


def put(connection: Connection, times: Mapping[str, float]) -> None:
    """Keep theoretical arrival times."""
    bulk.insert(connection, limits, list(times.items()), conflict=_OVER)


def sweep(connection: Connection, now_s: float) -> int:
    """Forget all that lie in the past, which say nothing any more; gives how many."""
    return connection.execute(limits.delete().where(limits.c.free_at <= now_s)).rowcount
