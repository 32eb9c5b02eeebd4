"""What every store must do with digests on their way; ``tests/store`` runs this against each database."""

from datetime import date, timedelta

import pytest
from tests.papers import AT, record

from broadsheet.flow.shelf.keep import keep
from broadsheet.model.record import Daily
from broadsheet.model.subscription import Subscriber, Way
from broadsheet.store import digest_times, subscribers
from broadsheet.store import digests as queue
from broadsheet.store.connect import Store
from broadsheet.store.digest_times import Called, Due
from broadsheet.store.digests import Later, Lease, Queued, Settled

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def fill(store: Store, count: int = 3, way: Way = "mail") -> None:
    """Keep subscribers and papers, and let a digest for each subscriber be due."""
    keep(store, [record(number, daily=(Daily(date(2026, 11, 20)),)) for number in range(2)], at=AT)
    with store.writing() as connection:
        for number in range(count):
            address = f"reader{number}@example.org"
            told = Subscriber(id=0, way=way, address=address, key=address, at=AT, state="active", nonce="n")
            made = subscribers.insert(connection, told)
            due = Due(made.id, "daily", "2026-11-20", AT)
            digest_times.call_up(connection, [Called(due, way, "example.org")], AT)


def take(store: Store, holder: str, *, at: timedelta = timedelta(), most: int = 10, by_mail: bool = True) -> list[int]:
    """Take digests for an hour, so long after AT."""
    with store.writing() as connection:
        lease = Lease(holder, AT + at + HOUR)
        return [row.id for row in queue.take(connection, lease, AT + at, most=most, by_mail=by_mail)]


def row(store: Store, number: int) -> Queued:
    """Give a digest that there is."""
    with store.reading() as connection:
        found = queue.by_id(connection, number)
    assert found is not None
    return found


def fail(store: Store) -> None:
    """End a digest in a transaction that fails after."""
    with store.writing(durable=True) as connection:
        queue.end(connection, [1], "bounced", AT)
        raise KeyError


class DigestContract:
    """Each test gets an empty store as ``store``."""

    def test_nobody_takes_what_another_has_taken_until_its_time_is_over(self, store: Store) -> None:
        fill(store)
        assert take(store, "one", most=2) == [1, 2]
        assert take(store, "two") == [3]
        assert take(store, "two", at=HOUR / 2) == []
        assert take(store, "three", at=HOUR) == [1, 2, 3]
        with store.reading() as connection:
            assert queue.held(connection, "one", [1, 2, 3]) == set()
            assert queue.held(connection, "three", [1, 2, 3]) == {1, 2, 3}
            assert not queue.is_due(connection, AT + HOUR, AT + 2 * HOUR, by_mail=True)

    def test_what_a_clock_that_was_ahead_took_or_put_off_is_free(self, store: Store) -> None:
        fill(store, 2)
        assert take(store, "one", at=2 * DAY, most=1) == [1]
        with store.writing() as connection:
            queue.put_back(connection, [Later(2, AT + 2 * DAY)])
        assert take(store, "two") == [1, 2]

    def test_mails_and_pushes_are_taken_apart(self, store: Store) -> None:
        fill(store, 2, "ntfy")
        assert (take(store, "one"), take(store, "one", by_mail=False)) == ([], [1, 2])

    def test_papers_are_noted_once_and_given_free_where_nothing_arrived(self, store: Store) -> None:
        fill(store, 2)
        with store.writing() as connection:
            for number in (1, 2):
                for _ in range(2):
                    queue.settle(connection, [Settled(number, number, "{}", (1, 2))], AT)
            queue.end(connection, [1], "sent", AT)
            queue.end(connection, [2], "bounced", AT, why="No.")
            assert queue.seen(connection, [1, 2]) == {1: {1, 2}, 2: set()}
            assert dict(queue.counts(connection)) == {"sent": 1, "bounced": 1}
        assert (row(store, 1).content, row(store, 2).why) == ("{}", "No.")

    def test_what_is_on_its_way_is_not_suppressed(self, store: Store) -> None:
        fill(store, 3)
        take(store, "spool:one")
        with store.writing() as connection:
            queue.stage(connection, [1], AT)
            queue.doubt(connection, 2, AT, AT + HOUR)
            assert [queue.suppress(connection, number, AT, why="Over.") for number in (1, 2, 3)] == [0, 0, 1]
            assert [each.id for each in queue.staged(connection, "spool", 10)] == [1]
            assert queue.staged(connection, "spoo", 10) == []
        assert [row(store, number).state for number in (1, 2, 3)] == ["staged", "doubt", "suppressed"]

    def test_a_doubt_is_ruled_on_once_and_not_while_its_sender_waits(self, store: Store) -> None:
        fill(store, 1)
        take(store, "one")
        with store.writing() as connection:
            queue.doubt(connection, 1, AT, AT + HOUR)
            assert not queue.rule(connection, 1, AT, arrived=False)
            assert [each.id for each in queue.doubts(connection, AT + HOUR, 10)] == [1]
            assert queue.rule(connection, 1, AT + HOUR, arrived=False)
            assert not queue.rule(connection, 1, AT + HOUR, arrived=True)
        assert take(store, "two", at=HOUR) == [1]

    def test_all_is_given_up_and_what_was_staged_is_in_doubt(self, store: Store) -> None:
        fill(store, 3)
        take(store, "spool:one", most=2)
        with store.writing() as connection:
            queue.settle(connection, [Settled(2, 2, "{}", (1,))], AT)
            queue.stage(connection, [1], AT)
            assert queue.give_up(connection, AT, why="Put back.") == 3
            # It may have been sent since, so it does not come again.
            assert queue.seen(connection, [2]) == {2: {1}}
        assert [row(store, number).state for number in (1, 2, 3)] == ["doubt", "expired", "expired"]

    def test_what_a_place_may_have_taken_in_keeps_its_papers_when_it_expires(self, store: Store) -> None:
        fill(store, 2, way="webhook")
        take(store, "one", by_mail=False)
        with store.writing() as connection:
            for number in (1, 2):
                queue.settle(connection, [Settled(number, number, "{}", (1, 2))], AT)
            queue.put_back(connection, [Later(1, AT, 1, "Nobody answered."), Later(2, AT)])
            assert queue.expire(connection, AT + DAY, AT + DAY, why="Over.", once=("webhook",)) == 2
            assert queue.seen(connection, [1, 2]) == {1: {1, 2}, 2: set()}

    def test_a_durable_transaction_is_kept_and_one_that_fails_is_undone(self, store: Store) -> None:
        fill(store, 1)
        with store.writing(durable=True) as connection:
            queue.end(connection, [1], "sent", AT)
        with pytest.raises(KeyError):
            fail(store)
        assert row(store, 1).state == "sent"
