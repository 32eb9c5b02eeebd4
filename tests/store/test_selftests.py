"""Both databases keep self-tests alike."""

from collections.abc import Callable

import pytest
from tests.contracts.selftests import SelfTestContract

from broadsheet.store.connect import Store


class TestSqlite(SelfTestContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")


class TestPostgresql(SelfTestContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store
