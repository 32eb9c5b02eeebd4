"""Sessions: which browsers are signed in, known by the hash of a secret."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from broadsheet.model.account import Session
from broadsheet.model.reader import Reader
from broadsheet.store import bulk, readers
from broadsheet.store.payload import moment
from broadsheet.store.schema_accounts import passkeys, sessions
from broadsheet.store.schema_accounts import readers as readers_table

_MARKED = [column.label(f"session_{column.name}") for column in sessions.c]
_PASSKEYS = (
    select(func.count())
    .select_from(passkeys)
    .where(passkeys.c.reader_id == readers_table.c.id)
    .scalar_subquery()
    .label("passkeys")
)
_FOUND: Select[Any] = select(*_MARKED, readers_table, _PASSKEYS).join(
    readers_table, readers_table.c.id == sessions.c.reader_id
)
_LISTED = select(*_MARKED).order_by(sessions.c.at.desc(), sessions.c.hash)


def insert(connection: Connection, session: Session) -> None:
    """Keep a new session."""
    row = (
        session.hash,
        session.reader_id,
        session.method,
        session.agent,
        session.network,
        moment(session.at),
        moment(session.seen_at),
        moment(session.until),
    )
    bulk.insert(connection, sessions, [row])


def find(connection: Connection, hash_: str, at: datetime) -> tuple[Session, Reader, int] | None:
    """Give the session that a hash belongs to, with its reader and how many passkeys they have; None if over."""
    row = connection.execute(_FOUND.where(sessions.c.hash == hash_, sessions.c.until > moment(at))).first()
    return None if row is None else (_session(row), readers.read(row), row.passkeys)


def of_reader(connection: Connection, reader_id: int, at: datetime) -> list[Session]:
    """Give a reader's sessions that are not over, latest first."""
    found = _LISTED.where(sessions.c.reader_id == reader_id, sessions.c.until > moment(at))
    return [_session(row) for row in connection.execute(found)]


def seen(connection: Connection, hash_: str, at: datetime) -> None:
    """Note when a session was used."""
    connection.execute(sessions.update().where(sessions.c.hash == hash_).values(seen_at=moment(at)))


def end(connection: Connection, reader_id: int, *, only: str = "", but: str = "") -> int:
    """End a reader's sessions: ``only`` the one with this hash, or all ``but`` one; gives how many."""
    mine = sessions.delete().where(sessions.c.reader_id == reader_id)
    if only:
        mine = mine.where(sessions.c.hash == only)
    if but:
        mine = mine.where(sessions.c.hash != but)
    return connection.execute(mine).rowcount


def sweep(connection: Connection, at: datetime, networks_before: datetime) -> int:
    """Forget sessions that are over, and where older ones began; gives how many are over."""
    old = sessions.update().where(sessions.c.at < moment(networks_before), sessions.c.network != "")
    connection.execute(old.values(network=""))
    return connection.execute(sessions.delete().where(sessions.c.until <= moment(at))).rowcount


def _session(row: Row[Any]) -> Session:
    return Session(
        hash=row.session_hash,
        reader_id=row.session_reader_id,
        method=row.session_method,
        agent=row.session_agent,
        network=row.session_network,
        at=datetime.fromisoformat(row.session_at),
        seen_at=datetime.fromisoformat(row.session_seen_at),
        until=datetime.fromisoformat(row.session_until),
    )
