"""Both databases keep comments, reactions and notices alike."""

from collections.abc import Callable

import pytest
from tests.contracts.talking import TalkingContract

from broadsheet.store.connect import Store


class TestSqlite(TalkingContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")


class TestPostgresql(TalkingContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store
