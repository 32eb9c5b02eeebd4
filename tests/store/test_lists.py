"""Both databases keep labels and readings alike."""

from collections.abc import Callable

import pytest
from tests.contracts.lists import ListsContract

from broadsheet.store.connect import Store


class TestSqlite(ListsContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")


class TestPostgresql(ListsContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store
