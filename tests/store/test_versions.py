"""Both databases keep versions alike."""

from collections.abc import Callable

import pytest
from tests.contracts.versions import VersionContract

from broadsheet.store.connect import Store


class TestSqlite(VersionContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")


class TestPostgresql(VersionContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store
