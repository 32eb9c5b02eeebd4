"""Both databases tell alike which pages are here."""

from collections.abc import Callable

import pytest
from tests.contracts.sitemaps import SitemapContract

from broadsheet.store.connect import Store


class TestSqlite(SitemapContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")


class TestPostgresql(SitemapContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store
