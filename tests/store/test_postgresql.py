"""PostgreSQL keeps the same contract."""

import socket
from typing import Any

import pytest
from sqlalchemy import event, make_url
from sqlalchemy.exc import OperationalError
from tests.contracts.store import StoreContract
from tests.papers import AT

from broadsheet.errors import Unavailable
from broadsheet.store import postgresql
from broadsheet.store.connect import Store, open_store


class TestPostgresql(StoreContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store


def test_a_writer_that_does_not_let_go_is_waited_for_only_so_long(
    postgresql_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "_TURN_TIMEOUT_S", 1)
    other = open_store(postgresql_store.url, clock=lambda: AT)
    with other.writing(), pytest.raises(Unavailable, match="writing"), postgresql_store.writing():
        pytest.fail("two wrote at once")
    other.close()
    with postgresql_store.writing():
        pass


def test_a_server_that_takes_a_connection_and_says_nothing_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"postgresql://postgres@127.0.0.1:{listener.getsockname()[1]}/none?connect_timeout=2"
        with pytest.raises(Unavailable, match="does not answer"):
            open_store(url, clock=lambda: AT)


@pytest.mark.parametrize(("query", "patience"), [("", 10), ("?connect_timeout=3", 3)])
def test_a_connection_is_given_up_in_time(query: str, patience: int) -> None:
    made = postgresql.Postgresql(make_url(f"postgresql://postgres@127.0.0.1:1/none{query}"))
    told: dict[str, Any] = {}
    event.listen(made.readers, "do_connect", lambda _dialect, _record, _unnamed, named: told.update(named))
    with pytest.raises(OperationalError):
        made.readers.connect()
    assert (int(told["connect_timeout"]), told["keepalives"]) == (patience, 1)


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        open_store("postgresql://postgres@127.0.0.1:1/none", clock=lambda: AT)
