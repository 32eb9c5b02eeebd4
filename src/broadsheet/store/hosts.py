"""How services are asked by all processes together: whose turn it is, and when the next one begins."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema import hosts

_ALL = select(hosts).order_by(hosts.c.name)
_ONE = select(hosts).where(hosts.c.name == bindparam("asked"))
_NOW = select(func.clock_timestamp())
_OVER = (
    "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until, "
    "next_at = excluded.next_at, failures = excluded.failures, message = excluded.message"
)
_LONGEST_MESSAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A service as all processes see it.

    While somebody holds it, ``held_until`` is when it is taken from him, and ``next_at`` is there only if he has
    already said how long it shall be left alone. While nobody does (``holder`` is empty), it was let go at
    ``held_until`` and nobody asks before ``next_at``. ``failures`` are in a row, ``message`` is the last of them.
    """

    name: str
    holder: str = ""
    held_until: datetime | None = None
    next_at: datetime | None = None
    failures: int = 0
    message: str = ""


def now(connection: Connection) -> datetime:
    """Read the clock of a PostgreSQL server, which all machines that share it can go by."""
    at: datetime = connection.execute(_NOW).scalar_one()
    return at.astimezone(UTC)


def by_name(connection: Connection, name: str) -> Host:
    """Give how a service stands; one that nobody has asked yet stands open."""
    row = connection.execute(_ONE, {"asked": name}).first()
    return Host(name=name) if row is None else _host(row)


def stream(connection: Connection) -> tuple[Host, ...]:
    """Give all services that were ever asked, by name."""
    return tuple(map(_host, connection.execute(_ALL)))


def put(connection: Connection, host: Host) -> None:
    """Keep how a service stands now."""
    message = host.message.replace("\0", " ")[:_LONGEST_MESSAGE]
    row = (host.name, host.holder, moment(host.held_until), moment(host.next_at), host.failures, message)
    bulk.insert(connection, hosts, [row], conflict=_OVER)


def _host(row: Row[Any]) -> Host:
    return Host(
        name=row.name,
        holder=row.holder,
        held_until=_instant(row.held_until),
        next_at=_instant(row.next_at),
        failures=row.failures,
        message=row.message,
    )


def _instant(told: str) -> datetime | None:
    return datetime.fromisoformat(told) if told else None
