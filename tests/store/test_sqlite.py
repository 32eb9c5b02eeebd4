"""SQLite keeps the store's contract, and its own rules on who writes."""

import multiprocessing
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.contracts.store import StoreContract
from tests.papers import AT, record

from broadsheet.errors import Conflict, Invalid, Unavailable
from broadsheet.flow.keep import keep
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
