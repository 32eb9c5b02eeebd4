"""Both databases keep embeddings alike, and SQLite finds them without sorting a whole space."""

from collections.abc import Callable

import pytest
from tests.contracts.embeddings import EmbeddingContract, begin

from broadsheet.store import embeddings
from broadsheet.store.connect import Store


class TestSqlite(EmbeddingContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")

    def test_the_log_is_read_in_order_and_not_sorted(self, store: Store, statements: list[str]) -> None:
        space = begin(store)
        statements.clear()
        with store.reading() as connection:
            embeddings.after(connection, space, 0, 10)
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statements[0]}", (1, 0, 10, 0)).all()
        assert [row[3] for row in plan] == ["SEARCH embeddings USING INTEGER PRIMARY KEY (rowid>?)"]


class TestPostgresql(EmbeddingContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store
