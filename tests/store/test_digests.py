"""Both databases keep digests on their way alike."""

from collections.abc import Callable

import pytest
from tests.contracts.digests import DigestContract

from broadsheet.store.connect import Store


class TestSqlite(DigestContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")


class TestPostgresql(DigestContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store
