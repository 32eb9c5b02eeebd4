"""What both databases do with sessions, letters, tokens, addresses, limits and facts."""

from datetime import timedelta

import pytest
from tests.papers import AT

from broadsheet.model.account import Session, Token
from broadsheet.model.reader import Reader, Role
from broadsheet.store import addresses, ceremonies, facts, letters, limits, passkeys, readers, sessions, tokens
from broadsheet.store.addresses import Address
from broadsheet.store.connect import Connection, Store
from broadsheet.store.letters import Letter

HOUR = timedelta(hours=1)


def reader(connection: Connection, handle: str = "ada", role: Role = "reader") -> Reader:
    return readers.insert(connection, handle, handle.title(), role=role, at=AT)


def session(hash_: str, reader_id: int) -> Session:
    return Session(hash_, reader_id, "link", "A browser", "192.0.2.0/24", AT, AT, AT + HOUR)


class AccountContract:
    @pytest.fixture
    def store(self) -> Store:
        raise NotImplementedError

    def test_a_session_is_found_with_its_reader_until_it_is_over(self, store: Store) -> None:
        with store.writing() as connection:
            ada = reader(connection)
            sessions.insert(connection, session("a", ada.id))
            assert sessions.find(connection, "a", AT) == (session("a", ada.id), ada, 0)
            assert sessions.find(connection, "a", AT + HOUR) is None
            assert sessions.find(connection, "b", AT) is None

    def test_sessions_end_one_by_one_or_all_but_one_and_only_their_readers(self, store: Store) -> None:
        with store.writing() as connection:
            ada, bob = reader(connection), reader(connection, "bob")
            for hash_, whose in (("a", ada), ("b", ada), ("c", ada), ("d", bob)):
                sessions.insert(connection, session(hash_, whose.id))
            assert sessions.end(connection, ada.id, only="d") == 0
            assert sessions.end(connection, ada.id, only="a") == 1
            assert sessions.end(connection, ada.id, but="b") == 1
            assert [each.hash for each in sessions.of_reader(connection, ada.id, AT)] == ["b"]
            assert [each.hash for each in sessions.of_reader(connection, bob.id, AT)] == ["d"]

    def test_sweeping_forgets_what_is_over_and_where_old_sessions_began(self, store: Store) -> None:
        with store.writing() as connection:
            ada = reader(connection)
            sessions.insert(connection, session("a", ada.id))
            sessions.seen(connection, "a", AT + HOUR / 2)
            assert sessions.sweep(connection, AT, AT) == 0
            assert sessions.of_reader(connection, ada.id, AT)[0].network == "192.0.2.0/24"
            assert sessions.sweep(connection, AT, AT + HOUR) == 0
            kept = sessions.of_reader(connection, ada.id, AT)[0]
            assert (kept.network, kept.seen_at) == ("", AT + HOUR / 2)
            assert sessions.sweep(connection, AT + HOUR, AT) == 1
            assert ceremonies.sweep(connection, AT) == 0

    def test_a_letter_comes_back_once_and_in_time(self, store: Store) -> None:
        letter = Letter("h", "join", AT, AT + HOUR, None, "ada@example.org", {"next": "/é"})
        with store.writing() as connection:
            letters.insert(connection, letter)
            assert letters.by_hash(connection, "h", AT) == letter
            assert letters.by_hash(connection, "h", AT + HOUR) is None
            assert not letters.use(connection, "h", AT + HOUR)
            assert [letters.use(connection, "h", AT) for _ in range(2)] == [True, False]
            assert letters.by_hash(connection, "h", AT) is None
            assert letters.sweep(connection, AT) == 0
            assert letters.sweep(connection, AT + HOUR) == 1

    def test_letters_are_taken_back(self, store: Store) -> None:
        with store.writing() as connection:
            ada = reader(connection)
            for hash_, whose in (("a", ada.id), ("b", ada.id), ("c", None)):
                letters.insert(connection, Letter(hash_, "invitation", AT, AT + HOUR, whose))
            assert letters.drop(connection, "invitation", reader_id=ada.id, hash_="c") == 0
            assert letters.drop(connection, "invitation", reader_id=ada.id, hash_="a") == 1
            assert [each.hash for each in letters.of_reader(connection, ada.id, "invitation")] == ["b"]
            assert letters.drop(connection, "invitation") == 2

    def test_tokens_are_kept_found_used_and_removed(self, store: Store) -> None:
        with store.writing() as connection:
            ada = reader(connection)
            made = tokens.insert(connection, Token(0, ada.id, "One", ("read", "write"), AT, AT + HOUR), "h")
            assert tokens.by_hash(connection, "h", AT) == made
            assert tokens.by_hash(connection, "h", AT + HOUR) is None
            tokens.used(connection, made.id, AT)
            assert tokens.of_reader(connection, ada.id)[0].used_at == AT
            assert tokens.count(connection, ada.id) == 1
            assert tokens.remove(connection, ada.id + 1, made.id) == 0
            assert tokens.remove(connection, ada.id) == 1

    def test_an_address_is_one_readers(self, store: Store) -> None:
        with store.writing() as connection:
            ada = reader(connection)
            address = Address("ada@example.org", ada.id, "Ada@example.org", AT)
            addresses.insert(connection, address)
            assert addresses.owner_of(connection, "ada@example.org") == ada.id
            assert addresses.of_reader(connection, ada.id) == [address]
            assert [addresses.remove(connection, ada.id, address.key) for _ in range(2)] == [True, False]
            assert addresses.owner_of(connection, address.key) is None

    def test_an_administrator_is_one_who_can_sign_in(self, store: Store) -> None:
        with store.writing() as connection:
            ada = reader(connection, role="admin")
            assert readers.administrator(connection) is None
            assert passkeys.count(connection, ada.id) == 0
            addresses.insert(connection, Address("a@example.org", ada.id, "a@example.org", AT))
            assert readers.administrator(connection) == ada
            readers.change(connection, ada.id, state="gone")
            assert (readers.administrator(connection), readers.everybody(connection)) == (None, [])

    def test_limits_and_facts_are_written_over(self, store: Store) -> None:
        with store.writing() as connection:
            for at in (1.5, 1_800_000_000.125):
                limits.put(connection, {"a": at, "b": at})
            assert limits.by_names(connection, ["a", "b", "c"]) == dict.fromkeys("ab", 1_800_000_000.125)
            assert [limits.sweep(connection, at) for at in (2.0, 1_800_000_000.125)] == [0, 2]
            for value in "xy":
                facts.put(connection, "name", value)
            assert (facts.by_name(connection, "name"), facts.by_name(connection, "other")) == ("y", None)
