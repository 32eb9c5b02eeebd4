"""PostgreSQL keeps the same contract."""

import pytest
from tests.contracts.store import StoreContract
from tests.papers import AT

from broadsheet.errors import Unavailable
from broadsheet.store.connect import Store, open_store


class TestPostgresql(StoreContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        open_store("postgresql://postgres@127.0.0.1:1/none", clock=lambda: AT)
