"""SQLite keeps the store's contract, and its own rules on who writes."""

import multiprocessing
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.contracts.store import StoreContract
from tests.papers import AT, record

from broadsheet.errors import Conflict, Invalid, Unavailable
from broadsheet.flow.shelf.keep import keep
from broadsheet.store import papers, sqlite
from broadsheet.store.connect import Store, open_store

Open = Callable[[str], Store]


class TestSqlite(StoreContract):
    @pytest.fixture
    def store(self, open_sqlite: Open) -> Store:
        return open_sqlite("papers.db")


def test_the_writer_has_the_pragmas_that_keep_papers_safe(open_sqlite: Open) -> None:
    with open_sqlite("p.db").writing() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys", "journal_size_limit")
        }
        untrusting = [connection.exec_driver_sql(f"PRAGMA {p}").scalar() for p in ("trusted_schema", "cell_size_check")]
    assert found == {
        "journal_mode": "wal",
        "synchronous": 1,
        "busy_timeout": 5_000,
        "foreign_keys": 1,
        "journal_size_limit": sqlite.WAL_LIMIT_BYTES,
    }
    assert untrusting == [0, 1]


def test_a_reader_never_checkpoints_and_never_writes(open_sqlite: Open) -> None:
    with open_sqlite("p.db").reading() as connection:
        assert connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar() == 0
        assert connection.exec_driver_sql("PRAGMA query_only").scalar() == 1


def test_a_reader_sees_one_moment_while_others_write(open_sqlite: Open) -> None:
    store = open_sqlite("p.db")
    keep(store, [record(1)], at=AT)
    with store.reading() as connection:
        before = papers.counts(connection)
        keep(store, [record(2)], at=AT)
        assert papers.counts(connection) == before


def test_another_process_waits_for_its_turn(open_sqlite: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, other = open_sqlite("p.db"), open_sqlite("p.db")
    monkeypatch.setattr(other._dialect._lock, "timeout", 0.1)
    with store.writing(), pytest.raises(Unavailable, match="Another process"), other.writing():
        pass
    keep(other, [record(1)], at=AT)


def test_a_full_disk_is_unavailable_and_costs_nothing_but_the_batch(open_sqlite: Open) -> None:
    store = open_sqlite("p.db")
    keep(store, [record(1)], at=AT)
    batch = [record(n, abstract="Napkins. " * 200) for n in range(2, 200)]
    with store.writing() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(Unavailable, match="full"):
        keep(store, batch, at=AT)
    with store.writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert keep(store, batch, at=AT).new == len(batch)
    with store.reading() as connection:
        assert papers.faults(connection) == ()


# The largest file this process may write: enough to begin with, too little to go on.
OUT_OF_SPACE = """
import resource, sys
from tests.papers import AT, record
from broadsheet.errors import Unavailable
from broadsheet.flow.shelf.keep import keep
from broadsheet.store.connect import open_store
store = open_store(sys.argv[1], clock=lambda: AT)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))
try:
    for number in range(100):
        keep(store, [record(n) for n in range(100 * number, 100 * number + 100)], at=AT)
except Unavailable as error:
    print(number)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    keep(store, [record(100_000)], at=AT)
store.close()
"""


def test_a_write_that_fails_on_disk_undoes_its_batch_and_the_next_one_works(open_sqlite: Open, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'p.db'}"
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", OUT_OF_SPACE, url], env=env, stdout=subprocess.PIPE, check=True)
    with open_sqlite("p.db").reading() as connection:
        assert papers.counts(connection)["papers"] == 100 * int(done.stdout) + 1
        assert papers.faults(connection) == ()


def test_a_lock_that_cannot_be_made_is_unavailable(open_sqlite: Open, tmp_path: Path) -> None:
    store = open_sqlite("p.db")
    (tmp_path / "p.db.lock").unlink(missing_ok=True)
    (tmp_path / "p.db.lock").mkdir()
    with pytest.raises(Unavailable, match="cannot be locked"):
        keep(store, [record(1)], at=AT)


def test_more_readers_than_connections_are_told_to_come_again(
    open_sqlite: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_sqlite("p.db")
    monkeypatch.setattr(store._dialect.readers.pool, "_timeout", 0.01)
    with ExitStack() as stack:
        for _ in range(64):
            stack.enter_context(store.reading())
        with pytest.raises(Unavailable, match="in use"):
            stack.enter_context(store.reading())


def test_processes_that_open_a_new_store_at_once_all_find_it_ready(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=keep_many, args=(str(tmp_path / "p.db"), n)) for n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0] * 4


def test_two_processes_keep_at_once_and_nothing_is_lost(open_sqlite: Open, tmp_path: Path) -> None:
    store = open_sqlite("p.db")
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=keep_many, args=(str(tmp_path / "p.db"), n)) for n in (1, 2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    with store.reading() as connection:
        assert papers.counts(connection)["papers"] == 60
        assert papers.faults(connection) == ()


def keep_many(path: str, worker: int) -> None:
    """Keep thirty papers one by one; runs in a process of its own."""
    store = open_store(f"sqlite:///{path}", clock=lambda: AT)
    for number in range(30):
        keep(store, [record(1_000 * worker + number)], at=AT)
    store.close()


def test_a_damaged_file_is_a_conflict(tmp_path: Path) -> None:
    (tmp_path / "p.db").write_bytes(b"no database at all " * 1_000)
    with pytest.raises(Conflict, match="not a database"):
        open_store(f"sqlite:///{tmp_path / 'p.db'}", clock=lambda: AT)


def test_faults_tell_of_damage(open_sqlite: Open, tmp_path: Path) -> None:
    store = open_sqlite("p.db")
    keep(store, [record(1)], at=AT)
    raw = sqlite3.connect(tmp_path / "p.db")
    raw.executescript("PRAGMA foreign_keys = OFF; UPDATE records SET paper_id = 9; DELETE FROM external_ids;")
    raw.close()
    with store.reading() as connection:
        told = " ".join(papers.faults(connection))
    assert "refers to a missing row of papers" in told
    assert "1 papers have no record" in told
    assert "1 papers bear no external id" in told


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "nonsense", "papers.db"])
def test_a_url_that_cannot_be_used_is_invalid(url: str) -> None:
    with pytest.raises(Invalid):
        open_store(url, clock=lambda: AT)


def test_a_missing_folder_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        open_store(f"sqlite:///{tmp_path / 'none' / 'p.db'}", clock=lambda: AT)


def test_a_store_can_be_closed_twice(open_sqlite: Open) -> None:
    store = open_sqlite("p.db")
    store.close()
    store.close()
