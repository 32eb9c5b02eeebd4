"""Digests that are due leave through the spool once, whatever happens meanwhile (M1, M2)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from tests.empty_store import empty_home
from tests.flow.sending.queued import Time, addresses, call_up, files, noted, queue_up, rows, shelve, states

from broadsheet.errors import Unavailable
from broadsheet.flow.house import House
from broadsheet.flow.sending.run import LEASE, send_due
from broadsheet.flow.subscribing import unsubscribing
from broadsheet.mail.folder import FolderMailer
from broadsheet.mail.staging import Staging
from broadsheet.settings import Settings
from broadsheet.store import digests as queue
from broadsheet.store import subscribers
from broadsheet.store.digests import Lease
from broadsheet.wiring import open_house


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def house(tmp_path: Path, time: Time) -> Iterator[House]:
    settings = Settings(home=empty_home(tmp_path / "home"), public_url="https://papers.example", secret_key="x" * 32)
    with open_house(settings, clock=time, wait=time.wait) as opened:
        shelve(opened)
        yield opened


def outbox(house: House) -> Path:
    return house.settings.outbox_folder


def take(house: House, holder: str = "elsewhere:1") -> list[int]:
    """Take what is due as a worker that is killed then."""
    lease = Lease(holder, house.clock() + LEASE)
    with house.store.writing() as connection:
        return [row.id for row in queue.take(connection, lease, house.clock(), most=100, by_mail=True)]


def test_each_subscriber_gets_one_file_and_its_papers_are_noted(house: House) -> None:
    queue_up(house, addresses(5))
    counts = send_due(house)
    assert (counts.sent, counts.recipients, states(house)) == (5, 5, {"sent": 5})
    assert len(files(outbox(house))) == 5
    assert set(map(len, noted(house).values())) == {2}


def test_sending_again_sends_nothing(house: House) -> None:
    queue_up(house, addresses(2))
    send_due(house)
    before = files(outbox(house))
    assert (send_due(house).recipients, files(outbox(house))) == (0, before)


def test_a_file_is_never_there_in_part_and_none_is_left_beside_the_spool(house: House) -> None:
    queue_up(house, addresses(3))
    send_due(house)
    assert list(FolderMailer(outbox(house)).spool().staged()) == []


def test_who_has_had_all_papers_gets_nothing_and_is_no_recipient(house: House) -> None:
    numbers = queue_up(house, addresses(1))
    send_due(house)
    with house.store.writing() as connection:
        call_up(connection, house.clock(), numbers, addresses(1), rhythm="weekly", day="2026-11-16")
    counts = send_due(house)
    assert (counts.ends, counts.recipients, len(files(outbox(house)))) == ({"empty": 1}, 0, 1)


def test_who_unsubscribed_in_between_gets_nothing(house: House) -> None:
    (number,) = queue_up(house, addresses(1))
    take(house)
    with house.store.reading() as connection:
        ann = subscribers.by_id(connection, number)
    assert ann is not None
    unsubscribing.end(house, ann)
    assert (send_due(house).sent, states(house), files(outbox(house))) == (0, {"suppressed": 1}, [])


def test_who_is_not_active_is_suppressed(house: House) -> None:
    (number,) = queue_up(house, addresses(1))
    with house.store.writing() as connection:
        subscribers.place(connection, number, "suspended", why="Mail came back.", at=house.clock())
    send_due(house)
    assert [(row.state, row.why) for row in rows(house)] == [("suppressed", "Mail came back.")]


def test_what_a_living_worker_has_taken_nobody_else_takes(house: House, time: Time) -> None:
    queue_up(house, addresses(2))
    assert len(take(house)) == 2
    assert send_due(house).sent == 0
    time.wait(LEASE.total_seconds() + 1)
    assert send_due(house).sent == 2


def test_a_lease_from_a_clock_that_was_a_day_ahead_keeps_nobody_waiting(house: House, time: Time) -> None:
    queue_up(house, addresses(1))
    time.wait(86_400)
    take(house)
    time.wait(-86_400)
    assert send_due(house).sent == 1


def test_a_worker_whose_lease_ran_out_sends_nothing_any_more(house: House, time: Time) -> None:
    """One makes digests for so long that another takes them meanwhile, and sends them."""
    queue_up(house, addresses(3))
    slow = replace(house, mailer=Slow(FolderMailer(outbox(house)), house, time))
    assert send_due(slow).sent == 0
    assert (states(house), len(files(outbox(house)))) == ({"sent": 3}, 3)
    send_due(house)
    assert list(FolderMailer(outbox(house)).spool().staged()) == []


class Slow:
    """A mailer that takes longer over the first mail than its lease lasts, while somebody else is at work."""

    def __init__(self, mailer: FolderMailer, house: House, time: Time) -> None:
        self._mailer, self._house, self._time = mailer, house, time
        self._done = False

    def send(self, mail: object) -> None:
        raise AssertionError

    def content(self, mail: object) -> bytes:
        if not self._done:
            self._done = True
            self._time.wait(LEASE.total_seconds() + 1)
            assert send_due(self._house).sent == 3
        return self._mailer.content(mail)  # type: ignore[arg-type]

    def spool(self) -> Staging:
        return self._mailer.spool()


def staged(house: House) -> str:
    """Leave a digest as a worker leaves it that is killed after it was staged; gives the file's name."""
    queue_up(house, addresses(1))
    spool = FolderMailer(outbox(house)).spool()
    holder = f"{spool.identity()}:{'a' * 16}"
    (number,) = take(house, holder)
    spool.stage(f"digest-2026-11-20-daily-{number}", "a" * 16, b"Subject: whole\r\n\r\n")
    with house.store.writing() as connection:
        queue.stage(connection, [number], house.clock())
    return f"digest-2026-11-20-daily-{number}.eml"


def test_what_was_staged_by_who_was_killed_is_handed_over_by_the_next(house: House) -> None:
    name = staged(house)
    assert (send_due(house).sent, files(outbox(house)), states(house)) == (1, [name], {"sent": 1})


def test_what_was_staged_goes_out_whole_days_later(house: House, time: Time) -> None:
    name = staged(house)
    time.wait(2 * 86_400)
    assert (send_due(house).sent, files(outbox(house)), states(house)) == (1, [name], {"sent": 1})


def test_what_was_handed_over_by_who_was_killed_is_not_handed_over_again(house: House) -> None:
    name = staged(house)
    FolderMailer(outbox(house)).spool().hand_over(name.removesuffix(".eml"), "a" * 16)
    (outbox(house) / name).unlink()
    assert (send_due(house).sent, files(outbox(house)), states(house)) == (1, [], {"sent": 1})


def test_what_stands_beside_another_spool_is_in_doubt_after_a_day(house: House, time: Time, tmp_path: Path) -> None:
    staged(house)
    elsewhere = replace(house, mailer=FolderMailer(tmp_path / "elsewhere"))
    assert send_due(elsewhere).sent == 0
    assert states(house) == {"staged": 1}
    time.wait(86_401)
    send_due(elsewhere)
    assert (states(house), files(tmp_path / "elsewhere")) == ({"doubt": 1}, [])


def test_files_of_who_was_killed_before_they_were_staged_are_taken_away(house: House) -> None:
    queue_up(house, addresses(1))
    spool = FolderMailer(outbox(house)).spool()
    spool.identity()
    spool.stage("digest-2026-11-20-daily-1", "b" * 16, b"old")
    spool.stage("letter", "b" * 16, b"not ours to judge")
    assert send_due(house).sent == 1
    assert list(spool.staged()) == [("letter", "b" * 16)]


def test_a_spool_that_cannot_be_written_puts_all_back(house: House, tmp_path: Path) -> None:
    queue_up(house, addresses(2))
    (tmp_path / "file").write_text("x")
    with pytest.raises(Unavailable):
        send_due(replace(house, mailer=FolderMailer(tmp_path / "file" / "spool")))
    assert states(house) == {"waiting": 2}
    assert send_due(house).sent == 2


def test_what_was_not_sent_within_a_day_expires(house: House, time: Time) -> None:
    queue_up(house, addresses(2))
    time.wait(86_401)
    counts = send_due(house)
    assert (counts.ends, states(house), files(outbox(house))) == ({"expired": 2}, {"expired": 2}, [])


def test_an_address_that_is_none_keeps_nobody_else_waiting_and_expires(house: House, time: Time) -> None:
    queue_up(house, ["no address", *addresses(1)])
    counts = send_due(house)
    assert (counts.sent, counts.later) == (1, 1)
    time.wait(86_401)
    send_due(house)
    assert states(house) == {"sent": 1, "expired": 1}
    assert noted(house).keys() == {2}


def test_no_more_are_sent_than_were_asked_for_and_none_once_it_is_to_stop(house: House) -> None:
    queue_up(house, addresses(3))
    stop = Event()
    stop.set()
    assert send_due(house, stop=stop).recipients == 0
    assert send_due(house, most=2).sent == 2
    assert send_due(house).sent == 1


def test_a_subscriber_has_one_digest_under_way_at_a_time_and_no_paper_twice(house: House) -> None:
    numbers = queue_up(house, addresses(1))
    with house.store.writing() as connection:
        call_up(connection, house.clock(), numbers, addresses(1), rhythm="weekly", day="2026-11-16")
    assert len(take(house)) == 1
    assert take(house, "another:2") == []
