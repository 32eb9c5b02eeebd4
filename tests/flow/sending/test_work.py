"""What goes on beside serving: digests are called up and sent until somebody stops it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from tests.empty_store import empty_home
from tests.flow.sending.queued import DAY, NOW, Time, addresses, files, queue_up, shelve, states
from tests.mail.server import postbox
from tests.waiting import until

from broadsheet.flow.house import House
from broadsheet.flow.sending.work import work
from broadsheet.flow.subscribing import due
from broadsheet.mail.folder import FolderMailer
from broadsheet.mail.smtp import SmtpMailer
from broadsheet.model.subscription import Subscriber
from broadsheet.settings import Settings
from broadsheet.store import subscribers, subscriptions
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


def test_a_digest_is_called_up_at_its_time_and_sent(house: House, time: Time) -> None:
    told = Subscriber(id=0, way="mail", address="ann@example.org", key="ann@example.org", at=NOW, state="active")
    with house.store.writing() as connection:
        made = subscribers.insert(connection, told)
        subscriptions.put(connection, made.id, DAY, "daily", at=NOW)
        due.schedule(connection, house, made.id)
    stop = Event()
    worker = Thread(target=work, args=(house,), kwargs={"stop": stop, "every_s": 0.01})
    worker.start()
    try:
        assert files(house.settings.outbox_folder) == []
        time.wait(86_400)
        until(lambda: states(house) == {"sent": 1})
    finally:
        stop.set()
        worker.join()
    assert len(files(house.settings.outbox_folder)) == 1


def test_what_fails_is_told_once_and_tried_again(
    house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    queue_up(house, addresses(1))
    (tmp_path / "spool").write_text("no folder")
    failing = replace(house, mailer=FolderMailer(tmp_path / "spool"))
    looks: list[float | None] = []

    class Stopping(Event):
        def wait(self, timeout: float | None = None) -> bool:
            looks.append(timeout)
            if len(looks) == 3:
                (tmp_path / "spool").unlink()
            return len(looks) == 4

    work(failing, stop=Stopping(), every_s=0.01)
    assert states(house) == {"sent": 1}
    assert [record.message for record in caplog.records].count("digests in trouble") == 1


def test_a_server_that_answers_nothing_is_left_alone_for_a_while(house: House, time: Time) -> None:
    queue_up(house, addresses(8))
    doubts: list[int] = []

    class Stopping(Event):
        def wait(self, timeout: float | None = None) -> bool:
            doubts.append(states(house).get("doubt", 0))
            time.wait(300 if len(doubts) == 2 else 20)
            return len(doubts) == 3

    with postbox() as server:
        server.verdict = ""
        work(replace(house, mailer=SmtpMailer(server.url)), stop=Stopping())
    assert doubts == [3, 3, 6]
