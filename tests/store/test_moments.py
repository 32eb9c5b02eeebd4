"""Both databases tell moments apart alike."""

from collections.abc import Callable

import pytest
from tests.contracts.moments import MomentsContract

from broadsheet.store.connect import Store


class TestSqlite(MomentsContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")


class TestPostgresql(MomentsContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store
