"""PostgreSQL, for when readers outgrow one file."""

from contextlib import AbstractContextManager, nullcontext

from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.exc import OperationalError

from broadsheet.errors import Unavailable
from broadsheet.store.tables import metadata

# Any number will do as long as every Broadsheet uses the same one.
_WRITERS_LOCK = 0x42_52_4F_41_44
_READERS = 8
_MORE_READERS = 24
_TURN_TIMEOUT_S = 60
_LOCK_NOT_AVAILABLE = "55P03"
# A server that is gone without a word is noticed in about a minute, in seconds and in tries of libpq's:
# https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
_PATIENCE = {
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,  # in milliseconds
}


class Postgresql:
    """A server of papers; writers take turns by an advisory lock.

    The lock is held until commit, so changes become visible in the order of their numbers and two writers never
    decide on one paper's identity at once.
    """

    name = "postgresql"

    def __init__(self, url: URL) -> None:
        address = url.set(drivername="postgresql+psycopg")
        # What the URL says itself goes first.
        patience = {name: value for name, value in _PATIENCE.items() if name not in address.query}
        engine = create_engine(
            address, pool_size=_READERS, max_overflow=_MORE_READERS, pool_pre_ping=True, connect_args=patience
        )
        self.readers: Engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        # Whether commits are synchronous is for the server to say.
        self.writer: Engine = engine
        self.durable: Engine = engine

    def turn(self) -> AbstractContextManager[None]:
        """Leave the turn to the advisory lock inside the transaction."""
        return nullcontext()

    def on_write(self, connection: Connection) -> None:
        """Wait for the writers' lock, which falls with the transaction; raises Unavailable when it is held on to."""
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_TURN_TIMEOUT_S}s'")
        try:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (_WRITERS_LOCK,))
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
                raise
            raise Unavailable("Another process has been writing for a minute.", retry_after_s=5.0) from error

    def version(self, connection: Connection) -> str:
        """Name the version of the server."""
        return str(connection.exec_driver_sql("SHOW server_version").scalar_one())

    def moment(self) -> str:
        """Name which transactions are done: two snapshots that are equal see the same rows."""
        with self.readers.connect() as connection:
            return str(connection.exec_driver_sql("SELECT pg_current_snapshot()::text").scalar_one())

    def close(self) -> None:
        """Do nothing: ``moment`` asks by a connection of the readers."""

    def compact(self) -> None:
        """Write every table anew; the server's own log (WAL) and backups are its operator's."""
        with self.writer.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            for name in metadata.tables:
                alone.exec_driver_sql(f'VACUUM FULL "{name}"')
