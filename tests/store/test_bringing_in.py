"""Both databases take in lists from elsewhere alike."""

from collections.abc import Callable

import pytest
from tests.contracts.bringing_in import BringingInContract

from broadsheet.store.connect import Store


class TestSqlite(BringingInContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")


class TestPostgresql(BringingInContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store
