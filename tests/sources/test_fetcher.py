"""A service is asked as it wants to be asked, and what it answers is either good or one of our errors."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from random import Random

import pytest
from tests.net.talking import Script, Talker, answer, reset, say, talking

from broadsheet import __version__
from broadsheet.errors import BroadsheetError, Invalid, NotFound, Refused, Unavailable
from broadsheet.sources import services
from broadsheet.sources.adapter import Answer, Ask, Service
from broadsheet.sources.fetcher import BUSY_S, LONGEST_CLOSED_S, MOST_REDIRECTS, Fetcher

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DATE = "Fri, 20 Nov 2026 08:00:00 GMT"  # a server whose clock is not ours
CONTACT = "desk@example.org"


@dataclass
class Noted:
    """Turns that are always free, and note what they are told."""

    said: list[tuple[object, ...]] = field(default_factory=list)
    of: list[Service] = field(default_factory=list)
    taken: int = 0
    held: bool = False

    @contextmanager
    def turn(self, service: Service) -> Iterator[None]:
        assert not self.held
        self.taken, self.held = self.taken + 1, True
        self.of.append(service)
        try:
            yield
        finally:
            self.held = False

    def close(self, service: Service, seconds: float, message: str) -> None:
        assert self.held
        self.said.append(("close", service.name, seconds))

    def failed(self, service: Service, message: str) -> None:
        assert self.held
        self.said.append(("failed", service.name))

    def worked(self, service: Service) -> None:
        self.said.append(("worked", service.name))


@pytest.fixture
def turns() -> Noted:
    return Noted()


@pytest.fixture
def fetcher(turns: Noted) -> Fetcher:
    return Fetcher(turns, contact=CONTACT, allow_private=True, clock=lambda: NOW)


def service(talker: Talker, **told: object) -> Service:
    return Service(**{"name": "kettles", "base": talker.url, "timeout_s": 5.0} | told)  # type: ignore[arg-type]


def fetch(fetcher: Fetcher, script: Script, **ask: str) -> Answer:
    with talking(script) as talker:
        return fetcher.get(service(talker), Ask(url=f"{talker.url}/list?page=1", **ask))


def test_an_answer_says_what_it_is_and_when(fetcher: Fetcher, turns: Noted) -> None:
    script = answer(200, b"<x/>", content_type="Text/XML; charset=utf-8", etag='W/"7"', last_modified=DATE, date=DATE)
    got = fetch(fetcher, script)
    assert (got.kind, got.etag, got.modified, got.unchanged, got.body.read()) == (
        "text/xml",
        'W/"7"',
        DATE,
        False,
        b"<x/>",
    )
    assert got.at == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert got.headers["content-type"] == "Text/XML; charset=utf-8"
    assert (turns.taken, turns.said) == (1, [("worked", "kettles")])


@pytest.mark.parametrize("ahead", [timedelta(seconds=1), timedelta(days=27_000)])
def test_a_service_whose_clock_is_ahead_tells_nothing_from_the_future(fetcher: Fetcher, ahead: timedelta) -> None:
    """H9: what bears a moment to come would beat every later correction."""
    assert fetch(fetcher, answer(200, date=format_datetime(NOW + ahead, usegmt=True))).at == NOW


def test_when_to_come_back_is_read_by_the_clock_of_a_service_that_is_ahead(fetcher: Fetcher) -> None:
    theirs = NOW + timedelta(days=300)
    told = {"date": theirs, "retry_after": theirs + timedelta(seconds=40)}
    with pytest.raises(Unavailable) as raised:
        fetch(fetcher, answer(503, **{name: format_datetime(at, usegmt=True) for name, at in told.items()}))
    assert raised.value.retry_after_s == 40


def test_a_service_that_says_slow_down_with_403_is_busy_and_not_closed_to_us(fetcher: Fetcher, turns: Noted) -> None:
    with talking(answer(403)) as talker, pytest.raises(Unavailable) as raised:
        fetcher.get(service(talker, busy_statuses=services.OPENALEX.busy_statuses), Ask(url=talker.url))
    assert raised.value.retry_after_s == BUSY_S
    assert turns.said == [("failed", "kettles"), ("close", "kettles", BUSY_S)]


@pytest.mark.parametrize("date", ["", "yesterday", "Fri, 99 Nov 2026 08:00:00 GMT"])
def test_without_a_date_of_the_service_it_is_now(fetcher: Fetcher, date: str) -> None:
    assert fetch(fetcher, answer(200, date=date)).at == NOW


def test_whoever_is_asked_learns_who_asks(fetcher: Fetcher) -> None:
    with talking(answer()) as talker:
        fetcher.get(service(talker), Ask(url=talker.url, accept="application/json", etag='"7"', modified=DATE))
    told = talker.headers()
    assert told["user-agent"] == f"Broadsheet/{__version__} (+desk@example.org)"
    assert (told["from"], told["accept"]) == (CONTACT, "application/json")
    assert (told["if-none-match"], told["if-modified-since"]) == ('"7"', DATE)


def test_a_contact_that_is_a_page_is_no_mail_address(turns: Noted) -> None:
    with talking(answer()) as talker:
        page = Fetcher(turns, contact="https://example.org/about", allow_private=True)
        page.get(service(talker), Ask(url=talker.url))
    assert "from" not in talker.headers()
    assert talker.headers()["user-agent"].endswith("(+https://example.org/about)")
    assert "if-none-match" not in talker.headers()


@pytest.mark.parametrize("contact", ["a\r\nX: y", "a\nb", "desk (at) example", "dësk@example.org", "x" * 2_000])
def test_a_contact_that_no_header_can_hold_is_refused(turns: Noted, contact: str) -> None:
    with pytest.raises(Invalid) as raised:
        Fetcher(turns, contact=contact)
    assert raised.value.field == "contact"


@pytest.mark.parametrize("etag", ['"a"\r\nX-Evil: 1', '"a\0"', '"' + "a" * 5_000 + '"', '"–"'])
def test_what_a_service_once_said_puts_nothing_into_a_request(fetcher: Fetcher, etag: str) -> None:
    with talking(answer()) as talker:
        fetcher.get(service(talker), Ask(url=talker.url, etag=etag))
    assert "if-none-match" not in talker.headers()
    assert "x-evil" not in talker.headers()


def test_nothing_new_is_an_answer_with_what_was_known(fetcher: Fetcher) -> None:
    got = fetch(fetcher, say(b"HTTP/1.1 304 Not Modified\r\n\r\n"), etag='"7"', modified=DATE)
    assert (got.unchanged, got.etag, got.modified, got.body.read()) == (True, '"7"', DATE, b"")


@pytest.mark.parametrize("status", [204, 206, 304, 299, 999])
def test_an_answer_that_was_not_asked_for_is_none(fetcher: Fetcher, status: int) -> None:
    with pytest.raises(Unavailable, match="not asked for"):
        fetch(fetcher, answer(status))


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Invalid), (401, Refused), (403, Refused), (404, NotFound), (410, NotFound), (418, Invalid), (422, Invalid)],
)
def test_what_is_refused_is_raised_once_and_no_failure(
    fetcher: Fetcher, turns: Noted, status: int, kind: type[BroadsheetError]
) -> None:
    with talking(answer(status)) as talker, pytest.raises(kind) as raised:
        fetcher.get(service(talker), Ask(url=f"{talker.url}/list?token=abc"))
    assert type(raised.value) is kind
    assert f"kettles answers {status} at {talker.url}/list" in str(raised.value)
    assert "abc" not in str(raised.value)
    assert (len(talker.asked), turns.said) == (1, [("worked", "kettles")])


@pytest.mark.parametrize(("status", "kind"), [(400, Invalid), (404, NotFound), (422, Invalid)])
def test_an_error_that_may_explain_itself_is_an_answer(
    fetcher: Fetcher, turns: Noted, status: int, kind: type[BroadsheetError]
) -> None:
    with talking(answer(status, b"why")) as talker:
        told = fetcher.get(service(talker), Ask(url=talker.url, explains=True))
    assert (told.body.read(), type(told.denied), turns.said) == (b"why", kind, [("worked", "kettles")])


@pytest.mark.parametrize(("status", "kind"), [(401, Refused), (410, NotFound), (418, Invalid)])
def test_no_other_error_explains_itself(fetcher: Fetcher, status: int, kind: type[BroadsheetError]) -> None:
    with talking(answer(status, b"why")) as talker, pytest.raises(kind):
        fetcher.get(service(talker), Ask(url=talker.url, explains=True))


@pytest.mark.parametrize("status", [408, 425, 500, 502, 504, 599])
def test_a_service_that_fails_is_told_of(fetcher: Fetcher, turns: Noted, status: int) -> None:
    with pytest.raises(Unavailable):
        fetch(fetcher, answer(status))
    assert turns.said == [("failed", "kettles")]


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_service_that_does_not_say_for_how_long_is_left_alone_a_little(
    fetcher: Fetcher, turns: Noted, status: int
) -> None:
    with pytest.raises(Unavailable) as raised:
        fetch(fetcher, answer(status, retry_after="soon"))
    assert raised.value.retry_after_s == BUSY_S
    assert turns.said == [("failed", "kettles"), ("close", "kettles", BUSY_S)]


@pytest.mark.parametrize("script", [reset, say(b""), say(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")])
def test_an_answer_that_breaks_off_is_a_failure_and_asked_once(fetcher: Fetcher, turns: Noted, script: Script) -> None:
    with talking(script) as talker, pytest.raises(Unavailable):
        fetcher.get(service(talker), Ask(url=talker.url))
    assert (len(talker.asked), turns.taken, turns.said) == (1, 1, [("failed", "kettles")])


@pytest.mark.parametrize("status", [403, 429, 500, 503])
@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "120"}, 120),
        ({"retry_after": "0"}, 0),
        ({"retry_after": "Sat, 21 Nov 2026 12:01:00 GMT"}, 60),
        ({"retry_after": "Fri, 20 Nov 2026 08:00:30 GMT", "date": DATE}, 30),
        ({"retry_after": "99999999"}, LONGEST_CLOSED_S),
        ({"x_ratelimit_remaining": "0", "x_ratelimit_reset": str(int(NOW.timestamp()) + 77)}, 77),
    ],
)
def test_a_service_that_says_when_is_closed_until_then(
    fetcher: Fetcher, turns: Noted, status: int, headers: dict[str, str], seconds: float
) -> None:
    with pytest.raises(Unavailable) as raised:
        fetch(fetcher, answer(status, **headers))
    assert raised.value.retry_after_s == seconds
    assert turns.said == [("close", "kettles", seconds)]


def test_an_answer_that_is_too_large_can_never_work(fetcher: Fetcher) -> None:
    with talking(answer(200, bytes(2_000))) as talker, pytest.raises(Invalid):
        fetcher.get(service(talker, most_bytes=1_000), Ask(url=talker.url))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_in_a_turn_of_its_own(fetcher: Fetcher, turns: Noted, status: int) -> None:
    with talking(answer(status, location="/new?a=b%20c é"), answer(200, b"here")) as talker:
        got = fetcher.get(service(talker), Ask(url=f"{talker.url}/old", etag='"1"'))
    assert (got.url, got.body.read()) == (f"{talker.url}/new?a=b%20c%20%E9", b"here")
    assert turns.taken == 2
    assert talker.headers(1)["if-none-match"] == '"1"'


@pytest.mark.parametrize(("status", "warned"), [(301, 1), (308, 1), (302, 0), (303, 0), (307, 0)])
def test_an_address_that_moved_for_good_is_told_of_once(
    fetcher: Fetcher, caplog: pytest.LogCaptureFixture, status: int, warned: int
) -> None:
    moved = answer(status, location="/new?key=secret")
    with caplog.at_level(logging.WARNING), talking(moved, answer(), moved, answer(), answer()) as talker:
        for page in range(2):
            fetcher.get(service(talker), Ask(url=f"{talker.url}/old?page={page}"))
    assert [record.message for record in caplog.records] == [
        f"kettles has moved from {talker.url}/old to {talker.url}/new."
    ] * warned


@pytest.mark.parametrize(
    "location",
    [
        "http://elsewhere.example/",
        "//elsewhere.example/",
        "http://127.0.0.1.elsewhere.example/",
        "http://localhost/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://2130706433/",
        "http://user@127.0.0.1/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://127.0.0.1:0/",
        "http://[",
    ],
)
def test_a_redirect_to_anywhere_else_is_not_followed(fetcher: Fetcher, turns: Noted, location: str) -> None:
    with talking(answer(302, location=location)) as talker, pytest.raises(Invalid):
        fetcher.get(service(talker), Ask(url=talker.url))
    assert (len(talker.asked), turns.taken) == (1, 1)


@pytest.mark.parametrize("url", ["http://localhost/", "https://elsewhere.example/", "ftp://127.0.0.1/", "nonsense"])
def test_a_service_is_asked_at_its_own_hosts_only(fetcher: Fetcher, turns: Noted, url: str) -> None:
    with pytest.raises(Invalid):
        fetcher.get(Service(name="kettles", hosts=("127.0.0.1",)), Ask(url=url))
    assert turns.taken == 0


def test_a_redirect_within_the_list_is_followed(turns: Noted) -> None:
    fetcher = Fetcher(turns, contact="", allow_private=True, resolve=lambda *_: ["127.0.0.1"])
    with talking(answer(200, b"here")) as new, talking(answer(301, location=f"http://new.test:{new.port}/")) as old:
        kettles = service(old, hosts=("old.test", "new.test"))
        assert fetcher.get(kettles, Ask(url=f"http://old.test:{old.port}/")).body.read() == b"here"


def test_a_redirect_that_gives_up_its_security_is_not_followed(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    from broadsheet.net.exchange import Reply
    from broadsheet.sources import fetcher as module

    monkeypatch.setattr(module, "get", lambda *_: Reply(status=301, headers={"location": "http://127.0.0.1/"}))
    with pytest.raises(Invalid, match="not secured"):
        fetcher.get(Service(name="kettles"), Ask(url="https://127.0.0.1/"))


def test_whoever_is_sent_in_circles_stops(fetcher: Fetcher, turns: Noted) -> None:
    with talking(answer(302, location="/again")) as talker, pytest.raises(Unavailable, match="more than 5 times"):
        fetcher.get(service(talker), Ask(url=talker.url))
    assert turns.taken == len(talker.asked) == MOST_REDIRECTS + 1


def test_a_redirect_to_nowhere_may_lead_somewhere_later(fetcher: Fetcher) -> None:
    with pytest.raises(Unavailable, match="without saying where"):
        fetch(fetcher, answer(302))


def test_private_addresses_are_refused_unless_allowed(turns: Noted) -> None:
    fetcher = Fetcher(turns, contact=CONTACT)
    with talking(answer()) as talker, pytest.raises(Invalid, match="not on the public internet"):
        fetcher.get(service(talker), Ask(url=talker.url))
    assert talker.asked == []


def test_a_secret_goes_to_the_origin_of_its_service_and_nowhere_else(
    turns: Noted, caplog: pytest.LogCaptureFixture
) -> None:
    secrets = {"kettles": {"Authorization": "Bearer s3cret"}}
    fetcher = Fetcher(turns, contact="", allow_private=True, secrets=secrets, resolve=lambda *_: ["127.0.0.1"])
    with (
        caplog.at_level(logging.DEBUG),
        talking(answer()) as other,
        talking(answer(), answer(301, location=f"http://127.0.0.1:{other.port}/")) as talker,
    ):
        kettles = service(talker, hosts=("127.0.0.1", "127.0.0.2"))
        fetcher.get(kettles, Ask(url=talker.url))
        fetcher.get(kettles, Ask(url=talker.url))
        fetcher.get(service(other, name="cups"), Ask(url=other.url))
    assert [talker.headers(at).get("authorization") for at in range(2)] == ["Bearer s3cret"] * 2
    assert [other.headers(at).get("authorization") for at in range(2)] == [None] * 2
    assert "s3cret" not in repr(fetcher) + caplog.text


def test_a_secret_that_no_header_can_hold_is_refused_without_being_shown(turns: Noted) -> None:
    with pytest.raises(Invalid) as raised:
        Fetcher(turns, contact="", secrets={"kettles": {"Authorization": "s3cret\n"}})
    assert "s3cret" not in str(raised.value)


def test_of_a_thousand_that_say_when_every_one_is_obeyed(tmp_path: object) -> None:
    """H2: 503 and 429, seconds and dates, and a server whose clock is a day behind."""
    from broadsheet.flow.harvesting.taking_turns import SharedTurns
    from broadsheet.store.connect import open_store

    now, asked_at, not_before = [NOW], [], [NOW]
    draw = Random(7)

    def wait(seconds: float) -> None:
        now[0] += timedelta(seconds=seconds)

    def busy(connection: object) -> None:
        asked_at.append(now[0])
        seconds = draw.choice([0, 1, 2, 7, 30, 600])
        theirs = now[0] - timedelta(days=1)
        when = format_datetime(theirs + timedelta(seconds=seconds), usegmt=True)
        not_before.append(now[0] + timedelta(seconds=seconds))
        told = {"Retry-After": draw.choice([str(seconds), when]), "Date": format_datetime(theirs, usegmt=True)}
        answer(draw.choice([429, 503]), **told)(connection)  # type: ignore[arg-type]

    store = open_store(f"sqlite:///{tmp_path}/papers.db", clock=lambda: now[0])
    fetcher = Fetcher(
        SharedTurns(store, clock=lambda: now[0], wait=wait), contact="", allow_private=True, clock=lambda: now[0]
    )
    with talking(busy) as talker:
        while len(asked_at) < 1_000:
            try:
                fetcher.get(service(talker, gap_s=3.0), Ask(url=talker.url))
            except Unavailable:
                wait(draw.choice([0.1, 3, 100]))  # whoever asks does not do as he is told
    store.close()
    assert [at for at, earliest in zip(asked_at, not_before, strict=False) if at < earliest] == []
    gaps = [(b - a).total_seconds() for a, b in pairwise(asked_at)]
    assert min(gaps) >= 3.0
