"""Both databases give papers away alike."""

from collections.abc import Callable

import pytest
from tests.contracts.providing import ProvidingContract

from broadsheet.store.connect import Store


class TestSqlite(ProvidingContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")


class TestPostgresql(ProvidingContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store
