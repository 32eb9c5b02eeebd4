"""What both databases do with subscribers, the lists they get, and what is forgotten of them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.filling import filled
from tests.papers import AT, record

from broadsheet.flow.shelf.keep import keep
from broadsheet.model.query import Query
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Subscriber, Times
from broadsheet.store import addresses, ending, letters, readers, returns, subscribers, subscriptions
from broadsheet.store.addresses import Address
from broadsheet.store.connect import Connection, Store
from broadsheet.store.letters import Letter
from broadsheet.store.returns import Returned
from broadsheet.store.schema import papers
from broadsheet.store.schema_digests import digest_papers, digest_times, digests
from broadsheet.store.schema_digests import returns as returned

DAY = timedelta(days=1)
TEA = Selection("search", query=Query(text="tea 茶 \ud800", since=date(2026, 1, 2)))


def mailbox(connection: Connection, address: str = "ada@example.org", **told: object) -> Subscriber:
    fresh = Subscriber(id=0, way="mail", address=address.title(), key=address, at=AT, state="active", nonce="n")
    return subscribers.insert(connection, replace(fresh, **told))  # type: ignore[arg-type] # each test knows


class SubscriberContract:
    @pytest.fixture
    def store(self) -> Store:
        raise NotImplementedError

    def test_a_subscriber_is_found_as_kept_by_number_key_and_reader(self, store: Store) -> None:
        times = Times(zone="Asia/Tokyo", hour="06:30", weekday=6, quiet_from="22:00", quiet_until="06:00")
        with store.writing() as connection:
            ada = readers.insert(connection, "ada", "Ada", at=AT)
            made = mailbox(connection, reader_id=ada.id, times=times, repeats=True, why="so")
            assert (made.times, made.repeats, made.why, made.reader_id) == (times, True, "so", ada.id)
            assert subscribers.by_id(connection, made.id) == made
            assert subscribers.by_ids(connection, [made.id, 99]) == {made.id: made}
            assert subscribers.by_key(connection, "mail", "ada@example.org") == made
            assert subscribers.by_key(connection, "webhook", "ada@example.org") is None
            assert subscribers.of_reader(connection, ada.id) == (made,)
            assert subscribers.target_of(connection, made.id) == ""
            subscribers.retarget(connection, made.id, '{"url": "u"}')
            assert subscribers.target_of(connection, made.id) == '{"url": "u"}'

    def test_of_one_address_the_one_that_has_not_ended_comes_first(self, store: Store) -> None:
        with store.writing() as connection:
            first, second = mailbox(connection), mailbox(connection)
            assert subscribers.by_key(connection, "mail", first.key) == second
            ending.end(connection, second.id, why="", at=AT)
            assert subscribers.by_key(connection, "mail", first.key) == first
            ending.end(connection, first.id, why="", at=AT)
            found = subscribers.by_key(connection, "mail", first.key)
            assert found is not None
            assert found.id == second.id

    def test_an_address_that_becomes_a_readers_brings_its_digests_along(self, store: Store) -> None:
        with store.writing() as connection:
            ada, bob = (readers.insert(connection, name, name, at=AT) for name in ("ada", "bob"))
            mine, other = mailbox(connection), mailbox(connection, "eve@example.org")
            addresses.insert(connection, Address("ada@example.org", ada.id, "Ada@example.org", AT))
            subscribers.adopt_mailbox(connection, "ada@example.org", bob.id)
            assert [each.id for each in subscribers.of_reader(connection, ada.id)] == [mine.id]
            assert subscribers.by_id(connection, other.id) == other

    def test_a_list_is_got_once_in_the_rhythm_chosen_last(self, store: Store) -> None:
        keep(store, [record(1), record(2)], at=AT)
        with store.writing() as connection:
            ada, bob = mailbox(connection), mailbox(connection, "bob@example.org")
            subscriptions.put(connection, ada.id, TEA, "daily", at=AT)
            subscriptions.put(connection, ada.id, Selection("trending"), "daily", at=AT)
            subscriptions.put(connection, ada.id, TEA, "now", at=AT + DAY)
            found = subscriptions.of(connection, [ada.id, bob.id])
            assert [(each.selection, each.rhythm, each.at, each.after_id) for each in found[ada.id]] == [
                (TEA, "now", AT, 2),
                (Selection("trending"), "daily", AT, 2),
            ]
            assert found[bob.id] == []
            assert not subscriptions.remove(connection, bob.id, found[ada.id][0].id)
            assert subscriptions.remove(connection, ada.id, found[ada.id][0].id)
            subscriptions.remove_all(connection, ada.id)
            assert subscriptions.of(connection, [ada.id]) == {ada.id: []}

    def test_an_end_calls_back_what_is_not_on_its_way_of_that_subscriber_alone(self, store: Store) -> None:
        with store.writing() as connection:
            ada, bob = mailbox(connection), mailbox(connection, "bob@example.org")
            for each in (ada, bob):
                fill_queue(connection, each)
            ending.end(connection, ada.id, why="Enough.", at=AT)
            told = connection.execute(digests.select().order_by(digests.c.subscriber_id, digests.c.id)).all()
            assert [row.state for row in told] == [
                *("suppressed", "suppressed", "staged", "doubt", "sent"),
                *("waiting", "taken", "staged", "doubt", "sent"),
            ]
            assert {row.why for row in told if row.state == "suppressed"} == {"Enough."}
            assert [row.subscriber_id for row in connection.execute(digest_times.select())] == [bob.id]
            known = subscribers.by_id(connection, ada.id)
            assert known is not None
            assert (known.state, known.why) == ("ended", "Enough.")

    def test_forgetting_leaves_numbers_and_states_of_who_ended_long_ago_and_all_of_others(self, store: Store) -> None:
        keep(store, [record(1)], at=AT)
        with store.writing() as connection:
            ada, bob = mailbox(connection), mailbox(connection, "bob@example.org")
            for each in (ada, bob):
                fill_queue(connection, each)
                subscriptions.put(connection, each.id, TEA, "daily", at=AT)
                came_back = Returned(0, each.id, None, "soft", f"{each.address} is full", AT)
                returns.keep(connection, came_back, each.key)
            ending.end(connection, ada.id, why="", at=AT)
            assert ending.forget(connection, ended_before=AT) == 0
            assert ending.forget(connection, ended_before=AT + DAY) == 1
            assert ending.forget(connection, ended_before=AT + DAY) == 0
            known = subscribers.by_id(connection, ada.id)
            assert known is not None
            assert (known.address, known.key, known.nonce, known.state) == ("", "", "n", "ended")
            queue = connection.execute(digests.select().where(digests.c.subscriber_id == ada.id)).all()
            assert {(row.content, row.domain, row.why) for row in queue} == {("", "", "")}
            assert [row.subscriber_id for row in connection.execute(digest_papers.select())] == [bob.id]
            assert [row.words for row in connection.execute(returned.select().order_by(returned.c.id))] == [
                "",
                "Bob@Example.Org is full",
            ]
            assert subscribers.by_id(connection, bob.id) == bob
            assert len(subscriptions.of(connection, [bob.id])[bob.id]) == 1

    def test_a_mailbox_that_a_reader_gives_up_ends_with_its_lists(self, store: Store) -> None:
        with store.writing() as connection:
            ada, bob = (readers.insert(connection, name, name, at=AT) for name in ("ada", "bob"))
            mine = mailbox(connection, reader_id=ada.id)
            same = mailbox(connection, way="webhook", reader_id=ada.id)
            others = mailbox(connection, reader_id=bob.id)
            for each in (mine, same, others):
                subscriptions.put(connection, each.id, TEA, "daily", at=AT)
            ending.end_mailbox(connection, ada.id, "ada@example.org", why="Gone.", at=AT)
            found = subscribers.by_ids(connection, [mine.id, same.id, others.id])
            assert [found[each.id].state for each in (mine, same, others)] == ["ended", "active", "active"]
            left = subscriptions.of(connection, found)
            assert [len(left[each.id]) for each in (mine, same, others)] == [0, 1, 1]

    def test_stale_letters_of_one_kind_are_dropped(self, store: Store) -> None:
        with store.writing() as connection:
            for hash_, kind, until in (("a", "subscribe", AT), ("b", "subscribe", AT + DAY), ("c", "join", AT)):
                letters.insert(connection, Letter(hash_, kind, AT - DAY, until))
            letters.insert(connection, Letter("d", "subscribe", AT, AT + DAY, used_at=AT))
            assert letters.drop_stale(connection, "subscribe", AT) == 2
            assert letters.by_hash(connection, "b", AT)
            assert letters.by_hash(connection, "c", AT - DAY)


def fill_queue(connection: Connection, subscriber: Subscriber) -> None:
    """Keep one digest in each state on the way, one to come, and a paper that was sent where there is one."""
    for number, state in enumerate(("waiting", "taken", "staged", "doubt", "sent")):
        told = {"id": 10 * subscriber.id + number, "subscriber_id": subscriber.id, "kind": "daily", "state": state}
        words = {"day": f"2026-11-0{number + 1}", "content": "it", "domain": "example.org", "why": "so"}
        connection.execute(digests.insert().values(filled(digests, told | words)))
    due = {"subscriber_id": subscriber.id, "kind": "daily"}
    connection.execute(digest_times.insert().values(filled(digest_times, due)))
    paper = connection.execute(papers.select()).first()
    if paper is not None:
        sent = {"subscriber_id": subscriber.id, "paper_id": paper.id, "digest_id": 10 * subscriber.id + 4}
        connection.execute(digest_papers.insert().values(filled(digest_papers, sent)))
