"""Digests that go to a server leave once, and what nobody can say is in doubt (M1, M2)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.empty_store import empty_home
from tests.flow.sending.queued import Time, addresses, noted, queue_up, rows, shelve, states
from tests.mail.server import Postbox, postbox

from broadsheet.flow.house import House
from broadsheet.flow.sending.run import send_due
from broadsheet.mail.smtp import SmtpMailer
from broadsheet.settings import Settings
from broadsheet.store import digests as queue
from broadsheet.store import subscribers
from broadsheet.wiring import open_house


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def server() -> Iterator[Postbox]:
    with postbox() as opened:
        yield opened


@pytest.fixture
def house(tmp_path: Path, time: Time, server: Postbox) -> Iterator[House]:
    settings = Settings(home=empty_home(tmp_path / "home"), public_url="https://papers.example", smtp_url=server.url)
    with open_house(settings, clock=time, wait=time.wait) as opened:
        shelve(opened)
        yield opened


def whys(house: House) -> list[str]:
    return [row.why for row in rows(house)]


def test_each_subscriber_gets_one_mail_over_one_line(house: House, server: Postbox) -> None:
    queue_up(house, addresses(4))
    assert send_due(house).ends == {"sent": 4}
    assert (len(server.taken), states(house)) == (4, {"sent": 4})
    assert sum(command.startswith("ehlo") for command in server.commands) == 1
    send_due(house)
    assert len(server.taken) == 4


@pytest.mark.parametrize("verdict", ["", "no"])
def test_a_mail_that_nobody_answered_for_is_in_doubt_and_never_sent_again(
    house: House, server: Postbox, time: Time, verdict: str
) -> None:
    server.verdict = verdict
    queue_up(house, addresses(1))
    assert send_due(house).ends == {"doubt": 1}
    server.verdict = "250 taken"
    time.wait(40_000)
    send_due(house)
    time.wait(86_400)
    send_due(house)
    assert (len(server.taken), states(house), len(noted(house))) == (1, {"doubt": 1}, 1)


def test_the_operator_rules_on_doubts(house: House, server: Postbox, time: Time) -> None:
    server.verdict = ""
    queue_up(house, addresses(2))
    send_due(house)
    server.verdict = "250 taken"
    with house.store.writing() as connection:
        first, second = queue.doubts(connection, house.clock(), 10)
        assert queue.rule(connection, first.id, house.clock(), arrived=True)
        assert queue.rule(connection, second.id, house.clock(), arrived=False)
        assert not queue.rule(connection, first.id, house.clock(), arrived=False)
    assert send_due(house).ends == {"sent": 1}
    assert states(house) == {"sent": 2}
    ids = [line for mail in server.taken for line in mail.splitlines() if line.startswith(b"Message-ID")]
    assert (len(ids), len(set(ids))) == (3, 2)


def test_what_is_put_off_is_tried_again_later_and_later_until_the_day_is_over(
    house: House, server: Postbox, time: Time
) -> None:
    server.refusing = "450 4.2.0 later"
    queue_up(house, addresses(1))
    waits = []
    while states(house) == {"waiting": 1}:
        send_due(house)
        (row,) = rows(house)
        waits.append((row.next_at - time.at) / timedelta(minutes=1))
        time.at = max(row.next_at, time.at)
    assert waits[:7] == [5, 10, 20, 40, 80, 160, 240]
    assert (states(house), server.taken, noted(house)) == ({"expired": 1}, [], {})


def test_what_is_put_off_arrives_as_it_was_composed(house: House, server: Postbox, time: Time) -> None:
    server.verdict = "451 later"
    queue_up(house, addresses(1))
    send_due(house)
    shelve(house, 5)
    server.verdict = "250 taken"
    time.wait(301)
    assert send_due(house).ends == {"sent": 1}
    first, second = (mail.partition(b"\r\n\r\n")[2] for mail in server.taken)
    assert first == second


@pytest.mark.parametrize("place", ["refusing", "verdict"])
def test_what_is_refused_has_bounced_and_who_is_not_there_gets_no_more(
    house: House, server: Postbox, place: str
) -> None:
    setattr(server, place, "550 5.1.1 no such user")
    (number,) = queue_up(house, addresses(1))
    assert send_due(house).ends == {"bounced": 1}
    with house.store.reading() as connection:
        ann = subscribers.by_id(connection, number)
    assert ann is not None
    assert (ann.state, noted(house)) == ("suspended", {})
    assert "no such user" in whys(house)[0]


def test_a_server_that_is_away_costs_three_tries_and_bounces_nobody(house: House, server: Postbox) -> None:
    queue_up(house, addresses(10))
    away = replace(house, mailer=SmtpMailer("smtp://127.0.0.1:1", timeout_s=5))
    assert send_due(away).later == 3
    assert states(house) == {"waiting": 10}
    assert sum(row.attempts for row in rows(house)) == 3


def test_a_server_that_refuses_us_bounces_nobody(house: House, server: Postbox) -> None:
    server.refusing_mail = "550 5.7.1 not you"
    queue_up(house, addresses(2))
    send_due(house)
    assert states(house) == {"waiting": 2}


def test_what_somebody_else_has_taken_meanwhile_is_not_ended(house: House, server: Postbox) -> None:
    """The row is called back while the mail goes out: the server never sees its end."""
    (number,) = queue_up(house, addresses(1))

    def call_back() -> None:
        with house.store.writing() as connection:
            queue.suppress(connection, number, house.clock(), why="They unsubscribed.")

    server.on_data = call_back
    assert send_due(house).ends == {}
    assert (server.taken, states(house)) == ([], {"suppressed": 1})
