"""The operator is told of a trouble once, and once that it is over; in every way there is, whatever fails."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from threading import Thread
from typing import Any

import pytest
from tests.conftest import NOW
from tests.empty_store import empty_home
from tests.mail.server import Postbox, postbox
from tests.push.server import Listener, listening

from broadsheet.flow.harvesting import alerts, schedule
from broadsheet.flow.harvesting import sources as flow
from broadsheet.flow.harvesting.harvest import MOST_FAILURES
from broadsheet.flow.house import House
from broadsheet.model.harvest import Source
from broadsheet.settings import Settings
from broadsheet.store import gaps, runs, sources
from broadsheet.wiring import open_house

HOUR = timedelta(hours=1)


class Hand:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


@contextmanager
def told_by(tmp_path: Any, hand: Hand, **settings: Any) -> Iterator[House]:
    chosen = Settings(home=empty_home(tmp_path / "home"), private_addresses=True, **settings)
    with open_house(chosen, clock=hand) as house:
        yield house


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def post() -> Iterator[Postbox]:
    with postbox() as server:
        yield server


@pytest.fixture
def hook() -> Iterator[Listener]:
    with listening() as server:
        yield server


@pytest.fixture
def house(tmp_path: Any, hand: Hand, post: Postbox, hook: Listener) -> Iterator[House]:
    """A house that tells by mail and webhook, with one source."""
    with told_by(
        tmp_path, hand, alert_mail="me@papers.example", smtp_url=post.url, alert_webhook=hook.url, alert_after_h=24.0
    ) as opened:
        with opened.store.writing() as connection:
            sources.add(connection, Source(name="arxiv", kind="arxiv", every_s=3600, at=NOW, next_at=NOW))
        yield opened


def stands(house: House, **facts: Any) -> None:
    """Have the source stand otherwise."""
    with house.store.writing() as connection:
        (source,) = sources.everything(connection)
        connection.exec_driver_sql("UPDATE sources SET paused = 0")
        sources.save(connection, replace(source, **({"paused": False, "next_at": house.clock() + HOUR} | facts)))
        if facts.get("paused"):
            sources.pause(connection, source.id)


def subjects(post: Postbox) -> list[str]:
    return [str(message_from_bytes(raw)["Subject"]) for raw in post.taken]


def test_a_failing_source_is_told_of_once_when_it_has_lasted_and_once_when_it_is_over(
    house: House, hand: Hand, post: Postbox, hook: Listener
) -> None:
    stands(house, failures=4, trouble="It is busy.")
    for _ in range(26):
        alerts.look(house)
        hand.at += HOUR
    assert subjects(post) == ["[Broadsheet] arxiv: trouble"]
    assert [(told["event"], told["about"]) for _, told in hook.heard] == [("begun", "source:arxiv")]
    assert "It is busy." in hook.heard[0][1]["text"]
    stands(house, failures=0, trouble="", tried_at=hand.at)
    for _ in range(3):
        alerts.look(house)
    assert subjects(post) == ["[Broadsheet] arxiv: trouble", "[Broadsheet] arxiv: well again"]
    assert [told["event"] for _, told in hook.heard] == ["begun", "over"]


def test_what_passes_in_time_is_told_to_nobody(house: House, hand: Hand, post: Postbox) -> None:
    for _ in range(10):
        stands(house, failures=2, trouble="It is busy.")
        alerts.look(house)
        hand.at += 20 * HOUR
        stands(house, failures=0, trouble="", tried_at=hand.at)
        alerts.look(house)
    assert post.taken == []


def refused(house: House) -> None:
    with house.store.writing() as connection:
        run = runs.begin(connection, 1, NOW)
        runs.save(connection, replace(run, outcome="refused", ended_at=NOW, message="403"))
    stands(house, paused=True, trouble="It forbids harvesting.")


@pytest.mark.parametrize("kind", ["refused", "parked"])
def test_what_needs_a_hand_is_told_at_once(house: House, post: Postbox, kind: str) -> None:
    if kind == "refused":
        refused(house)
    else:
        stands(house, failures=MOST_FAILURES, trouble="It is gone.")
    assert alerts.look(house) == 3  # the log, the mail and the webhook
    assert alerts.look(house) == 0
    assert len(post.taken) == 1


def test_a_parked_source_that_is_tried_again_is_no_new_trouble(house: House, hand: Hand, post: Postbox) -> None:
    for failures in range(MOST_FAILURES, MOST_FAILURES + 5):
        stands(house, failures=failures, trouble=f"It is gone, {failures}.")
        alerts.look(house)
        hand.at += 24 * HOUR
    assert len(post.taken) == 1


def test_a_source_that_its_operator_paused_is_no_trouble(house: House, hand: Hand, post: Postbox) -> None:
    stands(house, paused=True, failures=MOST_FAILURES, trouble="It is gone.")
    for _ in range(3):
        alerts.look(house)
        hand.at += 48 * HOUR
    assert post.taken == []


def test_a_source_that_nobody_runs_is_late(house: House, hand: Hand, hook: Listener) -> None:
    stands(house, tried_at=NOW, next_at=NOW)
    for _ in range(27):
        hand.at += HOUR
        alerts.look(house)
    (heard,) = hook.heard
    assert "nobody runs it" in heard[1]["message"]


def test_gaps_that_stay_open_for_days_are_told_of_once(house: House, hand: Hand, hook: Listener) -> None:
    with house.store.writing() as connection:
        gaps.found(connection, "id", "arxiv", ["2611.00007"], NOW)
    for _ in range(5):
        stands(house)
        alerts.look(house)
        hand.at += 24 * HOUR
    (heard,) = hook.heard
    assert (heard[1]["about"], "2611.00007" in heard[1]["message"]) == ("gaps", True)
    with house.store.writing() as connection:
        gaps.close(connection, gaps.page(connection, 10), "filled", hand.at)
    stands(house)
    alerts.look(house)
    assert [told["event"] for _, told in hook.heard] == ["begun", "over"]


def test_a_mail_server_that_fails_is_tried_again_and_holds_up_nobody(
    house: House, post: Postbox, hook: Listener
) -> None:
    stands(house, failures=MOST_FAILURES, trouble="It is gone.")
    post.refusing = "451 later"
    for _ in range(3):
        schedule.run_due(house)
        alerts.look(house)
    assert (len(post.taken), len(hook.heard)) == (0, 1)
    post.refusing = ""
    for _ in range(3):
        alerts.look(house)
    assert (len(post.taken), len(hook.heard)) == (1, 1)


def events(hook: Listener) -> list[tuple[str, str]]:
    return [(told["event"], told["about"]) for _, told in hook.heard]


def sick(house: House, *names: str) -> None:
    """Have sources that are parked, and no others."""
    with house.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM sources")
        for name in names:
            ill = Source(name=name, kind="hf", every_s=3600, at=NOW, failures=MOST_FAILURES, trouble="Gone.")
            sources.add(connection, ill)


def test_what_may_have_been_taken_is_not_sent_again(house: House, post: Postbox, hook: Listener) -> None:
    sick(house, "a")
    hook.status, post.verdict = 0, ""
    for _ in range(3):
        alerts.look(house)
    assert (len(post.taken), events(hook)) == (1, [("begun", "source:a")])


def test_a_webhook_that_answers_none_is_asked_for_one_at_a_time(house: House, hook: Listener) -> None:
    sick(house, "a", "b")
    hook.status = 0
    alerts.look(house)
    assert events(hook) == [("begun", "source:a")]


@pytest.mark.parametrize(("status", "tries"), [(400, 1), (500, 3)])
def test_a_notice_that_is_refused_holds_up_no_other(house: House, hook: Listener, status: int, tries: int) -> None:
    sick(house, "a", "b")
    hook.statuses["source:a"] = status
    for _ in range(3):
        alerts.look(house)
    assert sorted(events(hook)) == [("begun", "source:a")] * tries + [("begun", "source:b")]


def test_who_takes_nothing_now_is_spared_most(house: House, hook: Listener) -> None:
    sick(house, *"abcdef")
    hook.status = 503
    alerts.look(house)
    assert len(hook.heard) == 3


@pytest.mark.parametrize("verb", [flow.pause, flow.remove])
def test_what_is_paused_or_removed_is_not_called_well(
    house: House, post: Postbox, hook: Listener, verb: Callable[[House, str], object]
) -> None:
    sick(house, "a")
    alerts.look(house)
    verb(house, "a")
    alerts.look(house)
    assert subjects(post) == ["[Broadsheet] a: trouble", "[Broadsheet] a: no longer watched"]
    assert events(hook) == [("begun", "source:a"), ("unwatched", "source:a")]


def test_gaps_of_a_source_that_is_paused_are_not_called_filled(house: House, hand: Hand, hook: Listener) -> None:
    with house.store.writing() as connection:
        gaps.found(connection, "id", "arxiv", ["2611.00007"], NOW)
    hand.at += timedelta(days=4)
    stands(house)
    alerts.look(house)
    flow.pause(house, "arxiv")
    alerts.look(house)
    assert events(hook) == [("begun", "gaps"), ("unwatched", "gaps")]


def test_a_clock_that_was_ahead_silences_nothing(house: House, hand: Hand, hook: Listener) -> None:
    stands(house, failures=4, trouble="It is busy.")
    hand.at = NOW + timedelta(days=365)
    alerts.look(house)
    for hours in (0, 25):
        hand.at = NOW + hours * HOUR
        alerts.look(house)
    assert events(hook) == [("begun", "source:arxiv")]


def test_what_was_told_by_a_clock_that_was_ahead_is_told_over(house: House, hand: Hand, hook: Listener) -> None:
    hand.at = NOW + timedelta(days=365)
    stands(house, failures=MOST_FAILURES, trouble="It is gone.")
    alerts.look(house)
    hand.at = NOW
    stands(house, failures=0, trouble="", tried_at=NOW)
    alerts.look(house)
    alerts.look(house)
    assert events(hook) == [("begun", "source:arxiv"), ("over", "source:arxiv")]


def test_neither_workers_side_by_side_nor_a_restart_tell_twice(
    house: House, tmp_path: Any, hand: Hand, post: Postbox, hook: Listener
) -> None:
    stands(house, failures=MOST_FAILURES, trouble="It is gone.")
    with open_house(house.settings, clock=hand) as other:
        workers = [Thread(target=alerts.look, args=(each,)) for each in (house, other, house, other)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    with open_house(house.settings, clock=hand) as restarted:
        alerts.look(restarted)
    assert (len(post.taken), len(hook.heard)) == (1, 1)


def test_without_a_mail_server_mails_wait_in_the_outbox(tmp_path: Any, hand: Hand) -> None:
    with told_by(tmp_path, hand, alert_mail="me@papers.example") as house:
        with house.store.writing() as connection:
            sources.add(connection, Source(name="a", kind="arxiv", at=NOW, failures=99, trouble="Gone."))
        for _ in range(2):
            alerts.look(house)
        (file,) = house.settings.outbox_folder.iterdir()
        assert "Gone." in file.read_text("utf-8")


def test_with_nobody_to_tell_the_log_is_told_once(tmp_path: Any, hand: Hand, caplog: pytest.LogCaptureFixture) -> None:
    with told_by(tmp_path, hand) as house:
        with house.store.writing() as connection:
            sources.add(connection, Source(name="a", kind="arxiv", at=NOW, failures=99, trouble="Gone."))
        for _ in range(3):
            alerts.look(house)
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == ["trouble begun"]
