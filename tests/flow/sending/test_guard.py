"""M8: too many complaints stop the mails, until they are over or the operator says so."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import insert
from tests.filling import filled
from tests.flow.sending.coming_back import somebody
from tests.flow.subscribing.mailboxes import later

from broadsheet.flow.house import House
from broadsheet.flow.sending import guard
from broadsheet.store import returns
from broadsheet.store.payload import moment
from broadsheet.store.returns import Returned
from broadsheet.store.schema_digests import digests


def mailed(house: House, number: int, way: str = "mail") -> None:
    """Let so many digests have been mailed."""
    reader = somebody(house, f"reader by {way}")
    at = moment(house.clock())
    told = {"subscriber_id": reader.id, "kind": "daily", "way": way, "state": "sent", "settled_at": at}
    rows = [filled(digests, {**told, "id": reader.id * 10_000 + each, "day": str(each)}) for each in range(number)]
    with house.store.writing() as connection:
        connection.execute(insert(digests), rows)


def complain(house: House, number: int) -> None:
    """Let so many subscribers complain, and each of them twice."""
    for each in range(number):
        who = somebody(house, f"unhappy {each}")
        with house.store.writing() as connection:
            for mail in ("once", "again"):
                told = Returned(0, who.id, None, "complaint", "", house.clock())
                returns.keep(connection, told, f"{mail} {who.id}")


def test_m8_the_guard_stops_at_three_in_a_thousand(house: House) -> None:
    mailed(house, 1_333)
    complain(house, 3)
    assert guard.reason(house) == ""
    complain(house, 1)
    assert "0.30%" in guard.reason(house)


def test_m8_two_complaints_among_few_mails_say_nothing_yet(house: House) -> None:
    mailed(house, 10)
    complain(house, 2)
    assert guard.reason(house) == ""
    complain(house, 1)
    assert guard.reason(house) != ""


def test_what_was_pushed_does_not_dilute_what_was_mailed(house: House) -> None:
    mailed(house, 1_000)
    mailed(house, 1_000, "slack")
    complain(house, 3)
    assert guard.reason(house) != ""


def test_complaints_of_more_than_a_week_ago_are_over(house: House) -> None:
    mailed(house, 100)
    complain(house, 5)
    assert guard.reason(later(house, timedelta(days=7, seconds=-1))) != ""
    assert guard.reason(later(house, timedelta(days=7))) == ""


def test_the_operator_lets_mails_go_on_and_only_new_complaints_count(house: House) -> None:
    mailed(house, 100)
    complain(house, 5)
    house = later(house, timedelta(hours=1))
    guard.lift(house)
    assert guard.reason(house) == ""
    house = later(house, timedelta(hours=1))
    complain(house, 3)
    assert guard.reason(house) != ""


def test_the_log_is_told_once_when_it_begins_and_once_when_it_ends(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    mailed(house, 100)
    complain(house, 3)
    with caplog.at_level(logging.INFO, "broadsheet.flow.events"):
        for at in (house, house, later(house, timedelta(days=8)), later(house, timedelta(days=8))):
            guard.look(at)
    assert [record.message for record in caplog.records] == ["digests held", "digests go on"]
