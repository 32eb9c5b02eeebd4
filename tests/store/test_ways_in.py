"""Both databases keep ceremonies, passkeys and accounts elsewhere alike."""

from collections.abc import Callable

import pytest
from tests.contracts.ways_in import WaysInContract

from broadsheet.store.connect import Store


class TestSqlite(WaysInContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")


class TestPostgresql(WaysInContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store
