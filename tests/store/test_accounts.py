"""Both databases keep accounts alike."""

from collections.abc import Callable

import pytest
from tests.contracts.accounts import AccountContract

from broadsheet.store.connect import Store


class TestSqlite(AccountContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")


class TestPostgresql(AccountContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store
