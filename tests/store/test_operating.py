"""Both databases tell an operator the same."""

from collections.abc import Callable

import pytest
from tests.contracts.operating import OperatingContract

from broadsheet.store.connect import Store


class TestSqlite(OperatingContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")


class TestPostgresql(OperatingContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store
