"""Both databases keep upvotes and the order of papers alike."""

from collections.abc import Callable

import pytest
from tests.contracts.voting import VotingContract

from broadsheet.store.connect import Store


class TestSqlite(VotingContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")


class TestPostgresql(VotingContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store
