"""How digests stand, on a page: counts for everybody, and the desk of whoever administers."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.empty_store import empty_home
from tests.flow.sending.coming_back import became, complaint, digest, report, somebody
from tests.web.conftest import NOW, Page, Public
from tests.web.owner import browser, token

from broadsheet.flow.house import House
from broadsheet.flow.sending import holding
from broadsheet.flow.sending.returned import take
from broadsheet.settings import Settings
from broadsheet.store import facts
from broadsheet.web.csrf import FIELD
from broadsheet.wiring import open_house

HOSTILE = "<script>alert(1)</script> at secret.person@lab.example"


@pytest.fixture
def house(tmp_path: Any) -> Iterator[House]:
    with open_house(Settings(home=empty_home(tmp_path / "home")), clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def owner(house: House) -> Iterator[TestClient]:
    with browser(house) as client:
        yield client


def figures(page: str) -> list[list[str]]:
    """Read the rows of all tables."""
    return [re.sub("<[^>]*>", " ", row.partition("</tr>")[0]).split() for row in page.split("<tr>")[1:]]


def send(client: TestClient, action: str) -> Any:
    """Send one of the page's forms."""
    carried = Page(client.get("/status/digests").text).all("input", name=FIELD)
    return client.post(action, data={FIELD: carried[0]["value"] if carried else token(client)})


def fill(house: House) -> dict[str, int]:
    """Put a digest of every kind there; gives the numbers of those that somebody decides about."""
    ann, bo = somebody(house), somebody(house, "bo", way="slack")
    sent = [digest(house, ann, f"2026-11-1{day}") for day in range(3)]
    take(house, report(house, ann, sent[0], "4.2.2"))
    take(house, complaint(house, ann, sent[1]))
    return {
        "doubt": digest(house, ann, "2026-11-18", "doubt", why=f"Nobody answered. {HOSTILE}"),
        "dead": digest(house, bo, "2026-11-19", "bounced", why=f"404 {HOSTILE}"),
    }


def test_a_house_without_digests_says_so(owner: TestClient) -> None:
    page = owner.get("/status/digests")
    assert page.status_code == 200
    assert "Nobody gets digests yet." in page.text
    assert "Of every digest it is known what became of it." in page.text
    assert "/status/digests" in owner.get("/status").text


def test_everybody_sees_counts_and_no_address(public: Public) -> None:
    fill(public.house)
    page = public.client().get("/status/digests")
    rows = figures(page.text)
    assert ["sent", "3", "3"] in rows
    assert ["mail", "0", "0", "0", "1", "0"] in rows
    assert ["slack", "0", "1", "0", "0", "0"] in rows
    assert "Of 5 recipients" in page.text
    assert "lab.example" not in page.text
    assert Page(page.text).all("form", method="post") == []
    assert "Dead letters" not in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_administrators_see_masked_addresses_and_what_servers_said_as_text(owner: TestClient, house: House) -> None:
    fill(house)
    text = owner.get("/status/digests").text
    assert "a…@lab.example" in text
    assert "ann@lab.example" not in text
    assert "&lt;script&gt;" in text
    assert "<script>alert" not in text


def test_a_doubt_is_ended_either_way(owner: TestClient, house: House) -> None:
    first = fill(house)["doubt"]
    other = digest(house, somebody(house, "cy"), "2026-11-18", "doubt")
    send(owner, f"/status/doubts/{first}/arrived")
    send(owner, f"/status/doubts/{other}/again")
    assert (became(house, first), became(house, other)) == ("sent", "waiting")
    assert send(owner, f"/status/doubts/{first}/again").status_code == 404
    assert send(owner, f"/status/doubts/{first}/elsewhere").status_code == 404
    assert became(house, first) == "sent"


def test_a_dead_letter_is_made_anew(owner: TestClient, house: House) -> None:
    numbers = fill(house)
    answer = send(owner, f"/status/dead-letters/{numbers['dead']}/retry")
    assert (answer.status_code, became(house, numbers["dead"])) == (303, "waiting")
    assert send(owner, f"/status/dead-letters/{numbers['dead']}/retry").status_code == 404
    assert send(owner, f"/status/dead-letters/{numbers['doubt']}/retry").status_code == 404


def test_the_operator_lets_mails_go_on_after_complaints(owner: TestClient, house: House) -> None:
    for name in ("ann", "bo", "cy"):
        who = somebody(house, name)
        take(house, complaint(house, who, digest(house, who, "2026-11-19")))
    assert "Nothing is mailed. 3 subscribers called digests spam" in owner.get("/status/digests").text
    assert send(owner, "/status/digests/lift").status_code == 303
    assert "Nothing is mailed" not in owner.get("/status/digests").text


def test_the_operator_lets_a_restored_house_send_again(owner: TestClient, house: House) -> None:
    with house.store.writing() as connection:
        facts.put(connection, "mail-mark:elsewhere", "7")
    assert holding.reason(house)
    assert f"Nothing is sent. {holding.reason(house)}" in owner.get("/status/digests").text
    assert send(owner, "/status/digests/resume").status_code == 303
    assert holding.reason(house) == ""
    assert "Nothing is sent" not in owner.get("/status/digests").text
