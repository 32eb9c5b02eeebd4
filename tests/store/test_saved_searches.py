"""Both databases keep saved searches alike."""

from collections.abc import Callable

import pytest
from tests.contracts.saved_searches import SavedSearchContract

from broadsheet.store.connect import Store


class TestSqlite(SavedSearchContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")


class TestPostgresql(SavedSearchContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store
