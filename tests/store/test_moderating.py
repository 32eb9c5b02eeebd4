"""Both databases keep submissions, reports, rulings and the log alike."""

from collections.abc import Callable

import pytest
from tests.contracts.moderating import ModeratingContract

from broadsheet.store.connect import Store


class TestSqlite(ModeratingContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")


class TestPostgresql(ModeratingContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store
