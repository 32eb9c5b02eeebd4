"""Both databases keep sources, runs and leases alike."""

from collections.abc import Callable

import pytest
from tests.contracts.harvests import HarvestContract

from broadsheet.store.connect import Store


class TestSqlite(HarvestContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")


class TestPostgresql(HarvestContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store
