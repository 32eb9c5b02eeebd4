"""One click ends all digests, and nothing but that click or a button changes anything (TRUST M4; RFC 8058)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.contracts.store import rows
from tests.web.conftest import NOW, PUBLIC, Page, Public
from tests.web.subscribing import furnish, press

from broadsheet.flow.house import House
from broadsheet.flow.sending import run as sending
from broadsheet.flow.subscribing import due, managing, tokens, unsubscribing
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Subscriber
from broadsheet.site import create_app
from broadsheet.store import subscribers, subscriptions

MAILS, CLICKS = 1_000, 100
BODY = b"List-Unsubscribe=One-Click"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PARTS = {"Content-Type": "multipart/form-data; boundary=x"}
IN_PARTS = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'


@pytest.fixture
def house(public: Public) -> House:
    furnish(public.house)
    return public.house


def subscribe(house: House, count: int = 1) -> list[Subscriber]:
    """Keep people who get what trends, and the papers of the day."""
    kept = []
    with house.store.writing() as connection:
        for number in range(count):
            text = f"reader{number}@example.org"
            told = Subscriber(id=0, way="mail", address=text, key=text, at=NOW, state="active", nonce=f"{number:032x}")
            kept.append(subscribers.insert(connection, told))
            for selection in (Selection("trending"), Selection("day")):
                subscriptions.put(connection, kept[-1].id, selection, "daily", at=NOW)
            due.schedule(connection, house, kept[-1].id)
    return kept


@contextmanager
def browsing(house: House) -> Iterator[TestClient]:
    """Open a browser that keeps no cookie and follows nothing."""
    app = create_app(house)
    with TestClient(app, base_url=PUBLIC, follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


def path_of(house: House, subscriber: Subscriber) -> str:
    secret = tokens.token(tokens.key_of(house), "unsubscribe", subscriber.id, subscriber.nonce)
    return f"/unsubscribe/{secret}"


def mails(house: House) -> list[Message]:
    """Read the digests that were sent."""
    return [message_from_bytes(file.read_bytes()) for file in house.settings.outbox_folder.glob("*.eml")]


def links(mail: Message) -> set[str]:
    """Give every address of ours in a mail: in its headers, its text and its page."""
    found = set(re.findall(r"<(https:[^>]+)>", f"{mail['List-Unsubscribe']} {mail['List-Archive']}"))
    for part in mail.walk():
        text = part.get_payload(decode=True)
        if isinstance(text, bytes):
            found |= set(re.findall(r"https://[^\s\"'<>]+", unescape(text.decode())))
    return {url.removeprefix(PUBLIC) or "/" for url in found if url.startswith(PUBLIC)}


def state_of(house: House, subscriber: Subscriber) -> str:
    with house.store.reading() as connection:
        found = subscribers.by_id(connection, subscriber.id)
    return found.state if found else "gone"


def everybody(house: House) -> list[Subscriber]:
    with house.store.reading() as connection:
        return list(subscribers.by_ids(connection, range(1, MAILS + 1)).values())


def test_looking_at_every_link_of_a_thousand_mails_changes_nothing(house: House) -> None:
    subscribe(house, MAILS)
    tomorrow = replace(house, clock=lambda: NOW + timedelta(days=1))
    due.call_up(tomorrow)
    sending.send_due(tomorrow)
    sent = mails(house)
    wanted = set().union(*map(links, sent))
    for kind in ("/unsubscribe/", "/subscriptions/", "/digests/view/"):
        assert (len(sent), sum(url.startswith(kind) for url in wanted)) == (MAILS, MAILS)
    with browsing(tomorrow) as client:
        before, answers = rows(house.store), {}
        for url in sorted(wanted):
            answers[url] = client.get(url).status_code
        assert rows(house.store) == before
    assert {url: status for url, status in answers.items() if status != 200} == {}
    assert {each.state for each in everybody(house)} == {"active"}


@pytest.mark.parametrize(("headers", "body"), [(FORM, BODY), (PARTS, IN_PARTS)], ids=["as a form", "in parts"])
def test_one_click_unsubscribes_a_hundred_times_without_cookie_redirect_or_sign_in(
    house: House, headers: dict[str, str], body: bytes
) -> None:
    [mine, other] = subscribe(house, 2)
    url, after = path_of(house, mine), None
    with browsing(house) as client:
        for _ in range(CLICKS):
            answer = client.post(url, content=body, headers=headers)
            told = answer.headers
            assert (answer.status_code, "set-cookie" in told, "location" in told) == (200, False, False)
            after = after or rows(house.store)
        assert told["content-type"].startswith("text/plain")
        assert "no-store" in told["cache-control"]
    assert rows(house.store) == after
    assert (state_of(house, mine), state_of(house, other)) == ("ended", "active")


def test_a_body_of_parts_within_parts_is_refused_and_not_read(house: House) -> None:
    [mine] = subscribe(house, 1)
    head = b"Content-Type: message/rfc822\r\n\r\n"
    with browsing(house) as client:
        answer = client.post(path_of(house, mine), content=b"--x\r\n" + head * 5_000, headers=PARTS)
    assert (answer.status_code, state_of(house, mine)) == (413, "active")


def test_one_click_holds_before_anything_else_is_sent(house: House) -> None:
    [mine, other] = subscribe(house, 2)
    tomorrow = replace(house, clock=lambda: NOW + timedelta(days=1))
    due.call_up(tomorrow)
    with browsing(tomorrow) as client:
        client.post(path_of(house, mine), content=BODY, headers=FORM)
    sending.send_due(tomorrow)
    assert [mail["To"] for mail in mails(house)] == [other.address]


def test_a_click_still_counts_when_all_is_forgotten(house: House) -> None:
    [mine] = subscribe(house)
    unsubscribing.end(house, mine)
    with browsing(house) as client:
        assert client.post(path_of(house, mine), content=BODY, headers=FORM).status_code == 200
        assert client.get(path_of(house, mine)).status_code == 200


def test_whatever_other_sites_and_browsers_say_beside_it_a_click_counts(house: House) -> None:
    people = subscribe(house, 5)
    said: list[dict[str, Any]] = [
        {"headers": FORM | {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}},
        {"headers": FORM | {"Cookie": "__Host-broadsheet=bss_nobody"}},
        {"headers": FORM | {"Authorization": "Bearer nope"}},
        {"headers": {}, "content": b""},
        {"headers": FORM | {"Referer": "https://evil.example"}, "content": b"\xff\0=" * 10},
    ]
    with browsing(house) as client:
        for each, more in zip(people, said, strict=True):
            assert client.post(path_of(house, each), **{"content": BODY} | more).status_code == 200
    assert {state_of(house, each) for each in people} == {"ended"}


@pytest.mark.parametrize("purpose", ["manage", "view"])
def test_a_link_for_something_else_unsubscribes_nobody(house: House, purpose: Any) -> None:
    [mine] = subscribe(house)
    secret = tokens.token(tokens.key_of(house), purpose, mine.id, mine.nonce)
    with browsing(house) as client:
        for told in (secret, secret[:-1], f"{mine.id}.", "x", "9" * 40):
            assert client.post(f"/unsubscribe/{told}", content=BODY, headers=FORM).status_code == 404
            assert client.get(f"/unsubscribe/{told}").status_code == 404
    assert state_of(house, mine) == "active"


def test_the_page_behind_the_link_unsubscribes_by_a_button_and_lets_one_undo_it(house: House) -> None:
    [mine] = subscribe(house)
    url = path_of(house, mine)
    with browsing(house) as client:
        page = Page(client.get(url).text)
        assert "2 lists come to r…@example.org" in page.text
        assert mine.address not in page.text
        status, leads_to, html = press(client, url, url)
        assert (status, leads_to, state_of(house, mine)) == (200, "", "ended")
        assert "You are unsubscribed" in Page(html).text
        assert press(client, url, f"{url}/undo")[:2] == (303, url)
        assert state_of(house, mine) == "active"
        assert press(client, url, f"{url}/pause")[0] == 303
        assert state_of(house, mine) == "paused"
        assert "are paused" in Page(client.get(url).text).text
        assert press(client, url, f"{url}/undo")[0] == 303
        assert not client.cookies
    assert (state_of(house, mine), len(managing.show(house, mine).lists)) == ("active", 2)


def test_what_is_no_act_of_the_page_is_not_there(house: House) -> None:
    [mine] = subscribe(house)
    with browsing(house) as client:
        assert client.post(f"{path_of(house, mine)}/end").status_code == 404
    assert state_of(house, mine) == "active"
