"""Both databases keep what came back alike."""

from collections.abc import Callable

import pytest
from tests.contracts.returns import ReturnsContract

from broadsheet.store.connect import Store


class TestSqlite(ReturnsContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")


class TestPostgresql(ReturnsContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store
