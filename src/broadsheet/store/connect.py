"""Open the store: SQLite by default, PostgreSQL by URL; many readers, one writer at a time."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from threading import Lock
from typing import Protocol

import sqlalchemy
from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, TimeoutError  # noqa: A004 - of the pool

from broadsheet.clock import Clock
from broadsheet.errors import Conflict, Invalid, Unavailable
from broadsheet.store.schema_version import bring_up_to_date

__all__ = ["Connection", "Store", "open_store"]


class Dialect(Protocol):
    """What differs between the two databases: how to connect, and how writers take turns."""

    name: str
    readers: Engine
    writer: Engine
    # The same connection, whose commits outlive a power cut before they return.
    durable: Engine

    def turn(self) -> AbstractContextManager[object]:
        """Hold the right to write, across threads and processes."""
        ...

    def on_write(self, connection: Connection) -> None:
        """Do what must come first in a writing transaction."""
        ...

    def version(self, connection: Connection) -> str:
        """Name the engine's version."""
        ...

    def moment(self) -> str:
        """Name what is committed by now: equal texts mean that nothing was written between them."""
        ...

    def compact(self) -> None:
        """Write the database anew, without what was deleted from it."""
        ...

    def close(self) -> None:
        """Let go of what ``moment`` holds open; safe to call twice."""
        ...


class Store:
    """All that is kept. Threads may share it: readers run side by side, writers take turns."""

    def __init__(self, url: str, dialect: Dialect, clock: Clock) -> None:
        self.url = url
        self.dialect = dialect.name
        self.clock = clock
        self._dialect = dialect
        self._turn = Lock()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the store and cannot write.

        Raises Unavailable when the database does not answer.
        """
        with _translated(), self._dialect.readers.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[Connection]:
        """Give the one writing connection for one transaction: committed at the end, undone on any error.

        What is ``durable`` outlives a power cut from then on, and all that was committed before it; anything else may
        be lost by one, never by a kill. Raises Unavailable when another process keeps writing, or the disk is full.
        """
        writer = self._dialect.durable if durable else self._dialect.writer
        with _translated(), self._turn, self._dialect.turn(), writer.begin() as connection:
            self._dialect.on_write(connection)
            yield connection

    def versions(self) -> dict[str, str]:
        """Name the database engine and the library that speaks to it, with their versions."""
        with self.reading() as connection:
            return {self.dialect: self._dialect.version(connection), "SQLAlchemy": sqlalchemy.__version__}

    def moment(self) -> str:
        """Name what is committed by now, by whichever process: as long as the name is the same, so is all that is kept.

        Means something only to this store as it is open now. Raises Unavailable when the database does not answer.
        """
        with _translated():
            return self._dialect.moment()

    def compact(self) -> None:
        """Write the database anew, so that nothing that was deleted can be read off the disk any more.

        Takes as much room again meanwhile, and nobody writes. Raises Unavailable while others read without end.
        """
        with _translated(), self._turn:
            self._dialect.compact()

    def close(self) -> None:
        """Let go of all connections; safe to call twice."""
        with ExitStack() as stack:
            stack.callback(self._dialect.writer.dispose)
            stack.callback(self._dialect.readers.dispose)
            stack.callback(self._dialect.close)


def open_store(url: str, *, clock: Clock) -> Store:
    """Open the store at ``sqlite:///path`` or ``postgresql://…``, creating it or bringing its schema up to date.

    Raises Invalid for another URL, Unavailable when the database cannot be reached, and Conflict when its schema is
    of a newer Broadsheet or it is no database of ours.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise Invalid("The database URL cannot be read.", field="database_url") from None
    kind = _DIALECTS.get(parsed.get_backend_name())
    if kind is None:
        known = " or ".join(f"{name}://" for name in _DIALECTS)
        raise Invalid(f"The database URL must begin with {known}.", field="database_url")
    with _translated():
        try:
            store = Store(url, kind(parsed), clock)
        except NoSuchModuleError:
            raise Unavailable("The driver for this database is not installed.") from None
        try:
            bring_up_to_date(store.reading, store.writing)
        except BaseException:
            store.close()
            raise
    return store


@contextmanager
def _translated() -> Iterator[None]:
    """Turn the engine's errors into our own, once, here."""
    try:
        yield
    except TimeoutError:
        raise Unavailable("All connections to the database are in use.", retry_after_s=1.0) from None
    except DBAPIError as error:
        reason = str(error.orig).strip().partition("\n")[0]
        if "not a database" in reason or "malformed" in reason:
            raise Conflict(f"The database is damaged or not a database of ours: {reason}.") from error
        raise Unavailable(f"The database does not answer: {reason}.", retry_after_s=1.0) from error


def _sqlite(url: sqlalchemy.URL) -> Dialect:
    from broadsheet.store.sqlite import Sqlite  # noqa: PLC0415 - only the database in use is loaded

    return Sqlite(url)


def _postgresql(url: sqlalchemy.URL) -> Dialect:
    from broadsheet.store.postgresql import Postgresql  # noqa: PLC0415 - the driver is an extra

    return Postgresql(url)


_DIALECTS: dict[str, Callable[[sqlalchemy.URL], Dialect]] = {"sqlite": _sqlite, "postgresql": _postgresql}
