"""SQLite: one file, many readers, one writer across all processes."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from broadsheet.errors import Invalid, Unavailable

PAGE_BYTES = 8_192
WAL_LIMIT_BYTES = 64 * 1024 * 1024
# A batch writes about ten megabytes; checkpointing every few batches keeps the log short and fsyncs rare.
CHECKPOINT_PAGES = 16 * 1024 * 1024 // PAGE_BYTES
WRITER_CACHE_KB = 64 * 1024
READER_CACHE_KB = 8 * 1024
# Papers can be harvested again, so a power cut may cost the last commits; a kill costs nothing. What went out cannot.
SYNCHRONOUS, DURABLE = "NORMAL", "FULL"
_BUSY_TIMEOUT_S = 5.0
_TURN_TIMEOUT_S = 60.0
# Another process' upvote takes a millisecond.
_LOOK_EVERY_S = 0.002
_READERS = 8
_MORE_READERS = 56


class Sqlite:
    """A file of papers with readers that cannot write and one writer.

    SQLite before 3.51.3 can damage a file in WAL mode when one connection writes while another one checkpoints (the
    WAL-reset bug). So only the writer checkpoints, and a lock beside the file, held from BEGIN until after the
    checkpoint that COMMIT may run, lets only one process be the writer.
    """

    name = "sqlite"

    def __init__(self, url: URL) -> None:
        if not url.database or url.database == ":memory:":
            raise Invalid("The SQLite URL must name a file: sqlite:///path.", field="database_url")
        self._path = Path(url.database)
        if not self._path.parent.is_dir():
            raise Unavailable(f"The folder {self._path.parent} does not exist.")
        self._lock = FileLock(f"{self._path}.lock", timeout=_TURN_TIMEOUT_S, poll_interval=_LOOK_EVERY_S)
        self.readers = self._engine(self._reader, _READERS, _MORE_READERS, _begin_reading)
        self.writer = self._engine(self._writer, 1, 0, _begin_writing)
        self.durable: Engine = self.writer.execution_options(durable=True)
        # Only one connection that never writes can compare the counter of commits with what it was.
        self._watcher: sqlite3.Connection | None = None
        self._watching = Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the lock beside the file; raises Unavailable when another process does not let go of it."""
        try:
            self._lock.acquire()
        except Timeout:
            raise Unavailable("Another process has been writing for a minute.", retry_after_s=5.0) from None
        except OSError as error:
            raise Unavailable(f"{self._lock.lock_file} cannot be locked: {error.strerror}.") from error
        try:
            yield
        finally:
            self._lock.release()

    def on_write(self, connection: Connection) -> None:
        """Do nothing: BEGIN IMMEDIATE has already made this the writer."""

    def version(self, connection: Connection) -> str:
        """Name the version of the SQLite library in use."""
        return str(connection.exec_driver_sql("SELECT sqlite_version()").scalar_one())

    def moment(self) -> str:
        """Give the counter of commits, which counts those of all processes: ``PRAGMA data_version``."""
        with self._watching:
            try:
                self._watcher = self._watcher or self._reader()
                return str(self._watcher.execute("PRAGMA data_version").fetchone()[0])
            except sqlite3.Error as error:
                reason = f"The database does not answer: {error}."
                raise Unavailable(reason, retry_after_s=1.0) from error

    def close(self) -> None:
        """Close the connection that ``moment`` asks."""
        with self._watching:
            if self._watcher is not None:
                self._watcher.close()
            self._watcher = None

    def compact(self) -> None:
        """Write the file anew and cut the log to nothing; raises Unavailable while others keep reading."""
        with self.turn(), closing(self._writer()) as connection:
            connection.execute("VACUUM")
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise Unavailable("Others are reading the database. Try again when they are done.", retry_after_s=5.0)

    @staticmethod
    def _engine(
        creator: Callable[[], sqlite3.Connection], size: int, more: int, begin: Callable[[Connection], None]
    ) -> Engine:
        engine = create_engine("sqlite://", creator=creator, poolclass=QueuePool, pool_size=size, max_overflow=more)
        event.listen(engine, "begin", begin)
        return engine

    def _connect(self, cache_kb: int) -> sqlite3.Connection:
        # Without an isolation level the driver leaves BEGIN to us; a pool hands connections from thread to thread.
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        connection.executescript(
            f"""
            PRAGMA page_size = {PAGE_BYTES};
            PRAGMA foreign_keys = ON;
            PRAGMA trusted_schema = OFF;
            PRAGMA cell_size_check = ON;
            PRAGMA cache_size = -{cache_kb};
            PRAGMA synchronous = {SYNCHRONOUS};
            """
        )
        return connection

    def _reader(self) -> sqlite3.Connection:
        connection = self._connect(READER_CACHE_KB)
        connection.executescript("PRAGMA wal_autocheckpoint = 0; PRAGMA query_only = ON;")
        return connection

    def _writer(self) -> sqlite3.Connection:
        connection = self._connect(WRITER_CACHE_KB)
        connection.executescript(
            f"""
            PRAGMA journal_mode = WAL;
            PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES};
            PRAGMA journal_size_limit = {WAL_LIMIT_BYTES};
            """
        )
        return connection


def _begin_reading(connection: Connection) -> None:
    # Past what counts and translates, which costs as much as a small statement: this one cannot fail, for SQLite looks
    # at the file only when something is read.
    connection.connection.cursor().execute("BEGIN")


def _begin_writing(connection: Connection) -> None:
    level = DURABLE if connection.get_execution_options().get("durable") else SYNCHRONOUS
    connection.connection.cursor().execute(f"PRAGMA synchronous = {level}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
