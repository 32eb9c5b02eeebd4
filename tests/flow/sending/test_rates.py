"""M10: no more mails go out than the rates allow, and hardly fewer, over ten minutes and by several workers."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from tests.empty_store import empty_home
from tests.flow.sending.queued import NOW, Time, addresses, queue_up, shelve, states

from broadsheet.flow.house import House
from broadsheet.flow.sending.run import send_due
from broadsheet.mail.folder import FolderMailer
from broadsheet.mail.port import Mail
from broadsheet.mail.staging import Staging
from broadsheet.settings import Settings
from broadsheet.wiring import open_house

TEN_MINUTES_S = 600


class Counting:
    """A mailer that notes when each mail was set, and for which domain."""

    def __init__(self, mailer: FolderMailer, time: Time) -> None:
        self._mailer, self._time = mailer, time
        self.sent: list[tuple[datetime, str]] = []

    def content(self, mail: Mail) -> bytes:
        self.sent.append((self._time.at, mail.to.rpartition("@")[2]))
        return b"To: somebody\r\n\r\n"

    def spool(self) -> Staging:
        return self._mailer.spool()

    def send(self, mail: Mail) -> None:
        raise AssertionError


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def open_(stack: ExitStack, home: Path, time: Time, **rates: float) -> tuple[House, Counting]:
    settings = Settings(home=empty_home(home), public_url="https://papers.example", secret_key="x" * 32, **rates)
    house = stack.enter_context(open_house(settings, clock=time, wait=time.wait))
    mailer = Counting(FolderMailer(house.settings.outbox_folder), time)
    return replace(house, mailer=mailer), mailer


def within(sent: Sequence[tuple[datetime, str]], domain: str = "") -> int:
    """Count what went out in the first ten minutes."""
    return sum((at - NOW).total_seconds() < TEN_MINUTES_S and whose.endswith(domain) for at, whose in sent)


def test_the_rate_of_all_mails_is_kept_within_one_percent(stack: ExitStack, tmp_path: Path, time: Time) -> None:
    house, mailer = open_(stack, tmp_path / "home", time, mail_rate=30.0)
    shelve(house, 1)
    queue_up(house, addresses(310))
    send_due(house, for_s=TEN_MINUTES_S)
    assert abs(within(mailer.sent) - 300) <= 3
    gaps = [(later - sooner).total_seconds() for (sooner, _), (later, _) in pairwise(mailer.sent)]
    assert max(gaps) <= 3.5


def test_the_rate_of_each_domain_is_kept_and_keeps_no_other_domain_waiting(
    stack: ExitStack, tmp_path: Path, time: Time
) -> None:
    house, mailer = open_(stack, tmp_path / "home", time, mail_domain_rate=30.0)
    shelve(house, 1)
    queue_up(house, [*addresses(330, "slow.example"), *addresses(3, "quick.example")])
    send_due(house, for_s=TEN_MINUTES_S)
    assert abs(within(mailer.sent, "slow.example") - 300) <= 3
    quick = [(at - NOW).total_seconds() for at, whose in mailer.sent if whose == "quick.example"]
    assert max(quick) <= 6


def test_two_workers_keep_one_rate(stack: ExitStack, tmp_path: Path, time: Time) -> None:
    house, one = open_(stack, tmp_path / "home", time, mail_rate=120.0)
    another, two = open_(stack, tmp_path / "home", time, mail_rate=120.0)
    shelve(house, 1)
    queue_up(house, addresses(200))
    while (time.at - NOW).total_seconds() < 60:
        send_due(house, most=1)
        send_due(another, most=3)
        time.wait(0.2)
    sent = sorted([*one.sent, *two.sent])
    assert one.sent
    assert two.sent
    assert abs(sum((at - NOW).total_seconds() < 60 for at, _ in sent) - 120) <= 3


def test_without_rates_all_go_at_once(stack: ExitStack, tmp_path: Path, time: Time) -> None:
    house, mailer = open_(stack, tmp_path / "home", time)
    shelve(house, 1)
    queue_up(house, addresses(300))
    send_due(house)
    assert Counter(at for at, _ in mailer.sent) == {NOW: 300}
    assert states(house) == {"sent": 300}
