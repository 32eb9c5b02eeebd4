"""Both databases keep days of sources and gaps alike."""

from collections.abc import Callable

import pytest
from tests.contracts.completeness import CompletenessContract

from broadsheet.store.connect import Store


class TestSqlite(CompletenessContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")


class TestPostgresql(CompletenessContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store
