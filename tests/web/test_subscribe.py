"""Subscribing in a browser: without an account, without JavaScript, and with nothing kept before a mailbox says yes."""

from pathlib import Path

import pytest
from starlette.background import BackgroundTask
from starlette.testclient import TestClient
from tests.contracts.store import rows
from tests.web.conftest import FRIDAY, HOSTILE, NOW, Page, Public
from tests.web.owner import browser
from tests.web.subscribing import confirm, fields, furnish, letters, mails, press

from broadsheet.flow.house import House
from broadsheet.flow.subscribing import signing_up as flow
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Times
from broadsheet.settings import Settings
from broadsheet.store import subscribers, subscriptions
from broadsheet.web.csrf import FIELD
from broadsheet.wiring import open_house

ADDRESS = "ada@example.org"


@pytest.fixture
def guest(public: Public) -> TestClient:
    furnish(public.house)
    return public.client()


def ask(client: TestClient, url: str = "/subscribe", **typed: str) -> tuple[int, str, str]:
    return press(client, url, "/subscribe", **{"email": ADDRESS} | typed)


def test_somebody_without_an_account_gets_what_trends_in_four_steps(public: Public, guest: TestClient) -> None:
    front = guest.get("/trending")
    began = guest.post("/subscribe/begin", data=fields(front.text, "/subscribe/begin") | {"email": ADDRESS})
    assert (began.status_code, guest.cookies.get("broadsheet_form")) == (200, None)
    sent = fields(began.text, "/subscribe")
    assert (sent["email"], sent["list"], sent["rhythm"], sent["hour"]) == (ADDRESS, "/trending", "daily", "07:00")
    asked = guest.post("/subscribe", data=sent | {"hour": "08:15", "zone": "Europe/Berlin"})
    assert (asked.status_code, asked.headers["location"]) == (303, "/subscribe/sent")
    shown = Page(guest.get(letters(public.house)[0]).text).text
    assert f"Trending papers comes to {ADDRESS}: every day at 08:15, time of Europe/Berlin" in shown
    page = Page(guest.get(confirm(guest, public.house)).text)
    assert "You are subscribed." in page.text
    assert "Mail · at 08:15, time of Europe/Berlin · next on 21 November 2026" in page.text
    assert "/trending" in page.links()


def test_the_field_on_pages_that_many_read_sets_no_cookie_and_keeps_nothing(public: Public, guest: TestClient) -> None:
    before = rows(public.house.store)
    for url in ("/", "/trending", f"/papers/date/{FRIDAY}"):
        answer = guest.get(url)
        assert "etag" in answer.headers
        assert "set-cookie" not in answer.headers
        page = guest.post("/subscribe/begin", data=fields(answer.text, "/subscribe/begin") | {"email": HOSTILE})
        assert fields(page.text, "/subscribe")["email"] == HOSTILE
        assert not Page(page.text).all("img")
    assert rows(public.house.store) == before
    assert mails(public.house) == []


def test_nothing_is_kept_of_an_address_until_its_mailbox_says_yes(public: Public, guest: TestClient) -> None:
    ask(guest)
    [link] = letters(public.house)
    before = rows(public.house.store)
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        assert guest.request(method, link).status_code < 500
    assert rows(public.house.store) == before
    assert before["subscribers"] == before["subscriptions"] == []
    assert confirm(guest, public.house).startswith("/subscriptions/1.")
    assert guest.get(link).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("email", "nobody at all", "not a mail address"),
        ("email", HOSTILE, "not a mail address"),
        ("hour", "25:00", "no time of day"),
        ("zone", "Europe/Atlantis", "no such time zone"),
        ("weekday", "Caturday", "no such weekday"),
        ("quiet_from", "22:00", "a begin and an end"),
        ("rhythm", "hourly", "one of these rhythms"),
    ],
    ids=["no address", "hostile", "hour", "zone", "weekday", "quiet", "rhythm"],
)
def test_what_was_typed_stays_with_the_reason_why_it_was_not_taken(
    guest: TestClient, field: str, value: str, reason: str
) -> None:
    typed = {"email": "kept@example.org", "hour": "09:45", "zone": "Asia/Tokyo", field: value}
    status, _, html = ask(guest, "/subscribe?list=/authors/ann-lee", **typed)
    page, sent = Page(html), fields(html, "/subscribe")
    assert (status, reason in page.text, sent["list"]) == (400, True, "/authors/ann-lee")
    kept = {"email", "hour", "zone", "quiet_from"} & typed.keys()
    assert {name: sent[name] for name in kept} == {name: typed[name] for name in kept}
    assert not page.all("img")


def test_the_answer_is_the_same_for_every_address_and_what_depends_on_it_is_done_later(
    public: Public, guest: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(guest)
    confirm(guest, public.house)
    assert ask(guest) == ask(guest, email="stranger@example.org")
    done: list[str] = []
    monkeypatch.setattr(flow, "ask", lambda *_: done.append("mailed"))
    original = BackgroundTask.__call__

    async def after(task: BackgroundTask) -> None:
        assert done == []
        await original(task)

    monkeypatch.setattr(BackgroundTask, "__call__", after)
    assert ask(guest)[:2] == (303, "/subscribe/sent")
    assert done == ["mailed"]


def test_a_network_that_asks_too_often_is_told_to_wait_and_loses_nothing(guest: TestClient) -> None:
    answers = [ask(guest, email=f"a{number}@example.org") for number in range(25)]
    assert {status for status, _, _ in answers} == {303, 429}
    sent = fields(answers[-1][2], "/subscribe")
    assert (sent["email"], sent["list"]) == ("a24@example.org", "/trending")


LISTS = {
    "/": "Papers of the day",
    f"/papers/date/{FRIDAY}": "Papers of the day",
    "/trending": "Trending papers",
    "/search?q=kettle&code=1": "Search: kettle",
    "/search?cat=cs.CL&sort=date": "Papers of cs.CL",
    "/search?q=zzzz&code=1": "Search: zzzz",
    "/authors/ann-lee": "Papers by Ann Lee",
    "/organisations/tea-institute-co": "Papers of Tea Institute & Co",
}


@pytest.mark.parametrize("url", LISTS, ids=LISTS.get)
def test_each_list_leads_to_how_it_is_subscribed_to(guest: TestClient, url: str) -> None:
    [link] = [each for each in Page(guest.get(url).text).links() if each.startswith("/subscribe?list=")]
    answer = guest.get(link)
    assert (answer.status_code, LISTS[url] in Page(answer.text).text) == (200, True)


def test_a_list_that_brings_nothing_new_is_not_offered(guest: TestClient) -> None:
    page = Page(guest.get(f"/papers/week/{FRIDAY:%G-W%V}").text)
    assert "Take this list along" in page.text
    assert not [each for each in page.links() if each.startswith("/subscribe")]


def test_what_trends_can_be_had_before_anything_does(public: Public) -> None:
    assert "/subscribe?list=/trending" in Page(public.client().get("/trending").text).links()


def test_lists_that_change_all_day_are_not_offered_at_once(guest: TestClient) -> None:
    offered = {
        url: [each["value"] for each in Page(guest.get(f"/subscribe?list={url}").text).all("input", name="rhythm")]
        for url in ("/trending", "/authors/ann-lee")
    }
    assert offered == {"/trending": ["daily", "weekly"], "/authors/ann-lee": ["daily", "weekly", "now"]}


def test_a_weekly_digest_comes_on_the_day_that_was_chosen(public: Public, guest: TestClient) -> None:
    ask(guest, "/subscribe?list=/authors/ann-lee", rhythm="weekly", weekday="2", quiet_from="22:00", quiet_until="6:30")
    confirm(guest, public.house)
    with public.house.store.reading() as connection:
        found = subscribers.by_key(connection, "mail", ADDRESS)
        assert found is not None
        [kept] = subscriptions.of(connection, [found.id])[found.id]
    assert found.times == Times(weekday=2, quiet_from="22:00", quiet_until="06:30")
    assert (kept.selection, kept.rhythm) == (Selection("author", "ann-lee"), "weekly")


def test_lists_that_are_a_readers_own_ask_who_it_is(guest: TestClient) -> None:
    for url in ("/following", "/searches/mine"):
        answer = guest.get(f"/subscribe?list={url}")
        assert (answer.status_code, answer.headers["location"].startswith("/sign-in?next=/subscribe")) == (303, True)


@pytest.mark.parametrize("told", ["/nope", "/papers/2603.00001", "/authors/nobody-here", "/papers/month/2026-03"])
def test_what_is_no_list_is_told_so(guest: TestClient, told: str) -> None:
    answer = guest.get("/subscribe", params={"list": told})
    assert answer.status_code in {400, 404}
    assert Page(answer.text).all("h1")


def test_a_form_of_another_page_subscribes_nobody(public: Public, guest: TestClient) -> None:
    before = rows(public.house.store)
    assert guest.post("/subscribe", data={"email": ADDRESS, "list": "/"}).status_code == 403
    sent = fields(guest.get("/subscribe").text, "/subscribe") | {"email": ADDRESS}
    assert guest.post("/subscribe", data=sent, headers={"Origin": "https://evil.example"}).status_code == 403
    assert rows(public.house.store) == before


def test_the_owner_at_the_machine_subscribes_any_address_at_once(tmp_path: Path) -> None:
    with open_house(Settings(home=tmp_path), clock=lambda: NOW) as house, browser(house) as client:
        status, leads_to, _ = press(client, "/subscribe?list=/", "/subscriptions", email="me@example.org")
        assert (status, leads_to) == (303, "/subscriptions?done=subscribed#place-1")
        assert "me@example.org" in Page(client.get("/subscriptions").text).text


def test_who_only_reads_over_the_network_is_told_who_can_subscribe(house: House) -> None:
    client = browser(house, host="0.0.0.0")  # noqa: S104 - nothing listens
    page = Page(client.get("/subscribe").text)
    assert "subscribed to at the machine" in page.text
    assert not page.all("input", name="email")
    assert client.post("/subscribe", data={"email": ADDRESS, FIELD: ""}).status_code == 404


def test_what_is_due_first_is_told_in_the_time_of_the_place(public: Public, guest: TestClient) -> None:
    assert NOW.hour == 12
    ask(guest, hour="23:30", zone="UTC")
    page = Page(guest.get(confirm(guest, public.house)).text)
    assert "next on 20 November 2026" in page.text
