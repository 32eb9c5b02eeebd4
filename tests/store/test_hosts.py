"""How services stand is kept on both databases alike."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.papers import AT

from broadsheet.store import hosts
from broadsheet.store.connect import Store
from broadsheet.store.hosts import Host


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, open_sqlite: Callable[[str], Store]) -> Store:
    if request.param == "sqlite":
        return open_sqlite("papers.db")
    found: Store = request.getfixturevalue("postgresql_store")
    return found


def test_a_service_that_nobody_asked_stands_open(store: Store) -> None:
    with store.reading() as connection:
        assert hosts.by_name(connection, "kettles") == Host(name="kettles")
        assert hosts.stream(connection) == ()


def test_a_service_stands_as_it_was_put(store: Store) -> None:
    held = Host(name="kettles", holder="me", held_until=AT + timedelta(microseconds=1), failures=2, message="no tea")
    free = Host(name="cups", held_until=AT, next_at=AT + timedelta(seconds=3))
    with store.writing() as connection:
        hosts.put(connection, Host(name="kettles"))
        hosts.put(connection, held)
        hosts.put(connection, free)
    with store.reading() as connection:
        assert hosts.by_name(connection, "kettles") == held
        assert hosts.stream(connection) == (free, held)


def test_a_message_is_kept_in_brief(store: Store) -> None:
    with store.writing() as connection:
        hosts.put(connection, Host(name="kettles", message="\0" + "a" * 9_000))
        assert len(hosts.by_name(connection, "kettles").message) == 500
