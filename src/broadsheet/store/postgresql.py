"""PostgreSQL, for when readers outgrow one file."""

from contextlib import AbstractContextManager, nullcontext

from sqlalchemy import URL, Connection, Engine, create_engine

# Any number will do as long as every Broadsheet uses the same one.
_WRITERS_LOCK = 0x42_52_4F_41_44
_READERS = 8
_MORE_READERS = 24


class Postgresql:
    """A server of papers; writers take turns by an advisory lock.

    The lock is held until commit, so changes become visible in the order of their numbers and two writers never
    decide on one paper's identity at once.
    """

    name = "postgresql"

    def __init__(self, url: URL) -> None:
        address = url.set(drivername="postgresql+psycopg")
        engine = create_engine(address, pool_size=_READERS, max_overflow=_MORE_READERS, pool_pre_ping=True)
        self.readers: Engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self.writer: Engine = engine

    def turn(self) -> AbstractContextManager[None]:
        """Leave the turn to the advisory lock inside the transaction."""
        return nullcontext()

    def on_write(self, connection: Connection) -> None:
        """Wait for the writers' lock; it falls with the transaction."""
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (_WRITERS_LOCK,))

    def version(self, connection: Connection) -> str:
        """Name the version of the server."""
        return str(connection.exec_driver_sql("SHOW server_version").scalar_one())
