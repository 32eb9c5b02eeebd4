"""What every store does with what came back, with dead letters, and when it counts digests."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert
from tests.filling import filled
from tests.papers import AT

from broadsheet.model.digest import State
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import State as Standing
from broadsheet.model.subscription import Subscriber, Way
from broadsheet.store import dead_letters, digest_counts, digests, returns, subscribers, subscriptions
from broadsheet.store.connect import Connection, Store
from broadsheet.store.payload import moment
from broadsheet.store.returns import Kind, Returned
from broadsheet.store.schema_digests import digest_times
from broadsheet.store.schema_digests import digests as table

DAY = timedelta(days=1)


def somebody(connection: Connection, way: Way = "mail", state: Standing = "active") -> Subscriber:
    """Keep a subscriber."""
    return subscribers.insert(
        connection, Subscriber(id=0, way=way, address="a", key="a", at=AT, state=state, nonce="n")
    )


def digest(connection: Connection, number: int, who: Subscriber, state: State, **told: object) -> None:
    """Keep a digest under a number, settled at AT unless told otherwise."""
    facts = {"id": number, "subscriber_id": who.id, "kind": "daily", "day": str(number), "way": who.way, "attempts": 0}
    rest = {"state": state, "settled_at": moment(AT), "content": "{}", "why": "It was.", **told}
    connection.execute(insert(table).values(filled(table, {**facts, **rest})))


def came(who: Subscriber, kind: Kind, digest_id: int | None = None, at: datetime = AT) -> Returned:
    """Give what came back."""
    return Returned(0, who.id, digest_id, kind, "Words.", at)


class ReturnsContract:
    """What a store must do; subclasses give one with nothing in it."""

    @pytest.fixture
    def store(self) -> Store:
        """A store with nothing in it."""
        raise NotImplementedError

    def test_a_mail_is_kept_once(self, store: Store) -> None:
        with store.writing() as connection:
            who = somebody(connection)
            assert returns.keep(connection, came(who, "soft"), "one")
            assert not returns.keep(connection, came(who, "soft"), "one")
            assert returns.keep(connection, came(who, "hard"), "two")
        with store.reading() as connection:
            assert [each.kind for each in returns.latest(connection, 9)] == ["hard", "soft"]
            assert returns.counts(connection, AT) == {"soft": 1, "hard": 1}
            assert returns.counts(connection, AT + DAY) == {}

    def test_bounces_count_by_digest_and_complaints_by_who_complained(self, store: Store) -> None:
        with store.writing() as connection:
            ann, bo = somebody(connection), somebody(connection)
            for number in (1, 2):
                digest(connection, number, ann, "sent")
            told = [came(ann, "soft", 1), came(ann, "soft", 1), came(ann, "hard", 2), came(ann, "complaint", 2)]
            told += [came(ann, "complaint", 1), came(bo, "complaint"), came(bo, "soft", at=AT - DAY)]
            for number, each in enumerate(told):
                returns.keep(connection, each, str(number))
            assert returns.bounced_digests(connection, ann.id, AT) == 2
            assert returns.bounced_digests(connection, bo.id, AT) == 0
            assert returns.complaints(connection, AT - DAY) == 2
            assert returns.complaints(connection, AT) == 0

    def test_what_came_back_long_ago_is_forgotten(self, store: Store) -> None:
        with store.writing() as connection:
            who = somebody(connection)
            for days in (0, 1, 2):
                returns.keep(connection, came(who, "soft", at=AT - days * DAY), str(days))
            assert returns.sweep(connection, AT - DAY) == 1
            assert len(returns.latest(connection, 9)) == 2

    def test_only_sent_mails_count_as_mailed(self, store: Store) -> None:
        with store.writing() as connection:
            ann, bo = somebody(connection), somebody(connection, "slack")
            digest(connection, 1, ann, "sent")
            digest(connection, 2, ann, "bounced")
            digest(connection, 3, bo, "sent")
            digest(connection, 4, ann, "sent")
            assert [returns.mailed(connection, AT - DAY, most) for most in (0, 1, 9)] == [0, 1, 2]
            assert returns.mailed(connection, AT, 9) == 0

    def test_dead_letters_are_pushes_that_were_tried_and_wait_anew_once(self, store: Store) -> None:
        with store.writing() as connection:
            ann, bo = somebody(connection), somebody(connection, "matrix")
            digest(connection, 1, ann, "bounced")
            digest(connection, 2, bo, "bounced")
            digest(connection, 3, bo, "expired", settled_at=moment(AT + DAY), attempts=4)
            digest(connection, 4, bo, "expired")
            digest(connection, 5, bo, "sent")
            assert [each.id for each in dead_letters.latest(connection, 9)] == [3, 2]
            told = [dead_letters.revive(connection, number, AT + DAY) for number in (1, 2, 2, 3, 4, 5, 9)]
            assert told == [False, True, False, True, False, False, False]
            revived = digests.by_id(connection, 3)
            assert revived is not None
            assert (revived.state, revived.attempts, revived.content) == ("waiting", 0, "")
            assert (revived.due_at, revived.next_at) == (AT + DAY, AT + DAY)
            assert dead_letters.latest(connection, 9) == []

    def test_digests_and_subscribers_are_counted(self, store: Store) -> None:
        with store.writing() as connection:
            assert digest_counts.last_sent(connection) is None
            assert digest_counts.next_due(connection) is None
            ann, bo = somebody(connection), somebody(connection, "slack", "paused")
            somebody(connection, state="ended")
            digest(connection, 1, ann, "sent", settled_at=moment(AT - DAY))
            digest(connection, 2, ann, "sent", settled_at=moment(AT - 3 * DAY))
            digest(connection, 3, ann, "doubt")
            subscriptions.put(connection, ann.id, Selection("trending"), "daily", at=AT)
            subscriptions.put(connection, bo.id, Selection("trending"), "weekly", at=AT)
            due = filled(digest_times, {"subscriber_id": ann.id, "kind": "daily", "next_at": moment(AT + DAY)})
            connection.execute(insert(digest_times).values(due))
            assert digest_counts.settled(connection, AT - DAY) == {"sent": 1, "doubt": 1}
            assert digest_counts.last_sent(connection) == AT - DAY
            assert digest_counts.next_due(connection) == AT + DAY
            assert digest_counts.of_subscribers(connection) == {
                "mail": {"active": 1, "ended": 1},
                "slack": {"paused": 1},
            }
            assert digest_counts.of_subscriptions(connection) == {"daily": 1}
