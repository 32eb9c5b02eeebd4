"""Both databases keep subscribers alike."""

from collections.abc import Callable

import pytest
from tests.contracts.subscribers import SubscriberContract

from broadsheet.store.connect import Store


class TestSqlite(SubscriberContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")


class TestPostgresql(SubscriberContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store
