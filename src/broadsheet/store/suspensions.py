"""Readers who may only read for a while."""

from datetime import datetime

from sqlalchemy import Connection, select

from broadsheet.model.reader import Reader
from broadsheet.store.payload import moment
from broadsheet.store.readers import read
from broadsheet.store.schema_accounts import readers


def begin(connection: Connection, reader_id: int, until: datetime | None, why: str) -> None:
    """Suspend a reader; None means without end."""
    _keep(connection, reader_id, "suspended", moment(until) if until else "", why)


def end(connection: Connection, reader_id: int) -> None:
    """Let a reader back."""
    _keep(connection, reader_id, "active", "", "")


def everyone(connection: Connection) -> tuple[Reader, ...]:
    """Give all who were suspended and not let back, by handle; the time of some may be over."""
    asked = select(readers).where(readers.c.state == "suspended").order_by(readers.c.handle)
    return tuple(read(row) for row in connection.execute(asked))


def _keep(connection: Connection, reader_id: int, state: str, until: str, why: str) -> None:
    told = {"state": state, "suspended_until": until, "suspended_why": why}
    connection.execute(readers.update().where(readers.c.id == reader_id).values(told))
