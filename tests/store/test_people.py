"""Both databases keep authors, claims, organisations and follows alike."""

from collections.abc import Callable

import pytest
from tests.contracts.people import PeopleContract

from broadsheet.store.connect import Store


class TestSqlite(PeopleContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")


class TestPostgresql(PeopleContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store
