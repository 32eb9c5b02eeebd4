"""Stores to test: SQLite in a folder, and a real PostgreSQL."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event
from tests.empty_store import empty_store
from tests.papers import AT

from broadsheet.store.connect import Store, open_store
from broadsheet.store.tables import metadata


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """The SQL statements run since the list was last cleared, without those that only begin a transaction."""
    seen: list[str] = []

    def see(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    from sqlalchemy.engine import Engine

    event.listen(Engine, "before_cursor_execute", see)
    yield seen
    event.remove(Engine, "before_cursor_execute", see)


@pytest.fixture
def open_sqlite(tmp_path: Path) -> Iterator[Callable[[str], Store]]:
    """Open SQLite stores by file name; all are closed in the end."""
    opened: list[Store] = []

    def open_(name: str) -> Store:
        store = open_store(empty_store(tmp_path / name), clock=lambda: AT)
        opened.append(store)
        return store

    yield open_
    for store in opened:
        store.close()


@pytest.fixture
def postgresql_store(postgresql_url: str) -> Iterator[Store]:
    """An empty store on PostgreSQL."""
    store = open_store(postgresql_url, clock=lambda: AT)
    with store.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    yield store
    store.close()
