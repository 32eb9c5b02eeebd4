"""Bringing papers in and moderating, as browsers see it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.readers import make_reader
from tests.web.conftest import FRIDAY, HOSTILE, NOW, Page, Public, told
from tests.web.owner import browser

from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.talking.say import say
from broadsheet.model.reader import Reader, Role
from broadsheet.settings import Settings
from broadsheet.store import submissions as store
from broadsheet.wiring import open_house

SHELF = "2611.00001"


@dataclass
class Browser:
    """Somebody's browser, and what their forms carry."""

    client: TestClient
    token: str
    reader: Reader

    def page(self, url: str) -> Page:
        answer = self.client.get(url)
        assert answer.status_code == 200, answer.text
        return Page(answer.text)

    def send(self, url: str, **form: str) -> int:
        answer = self.client.post(url, data={"token": self.token, **form})
        return answer.status_code

    def status(self, url: str) -> int:
        return self.client.get(url).status_code


Enter = Callable[..., Browser]


@pytest.fixture
def enter(public: Public, sign_in: Callable[..., str]) -> Enter:
    keep(
        public.house.store,
        [
            told(SHELF, "A new way to fold", abstract="We fold.", published="2026-11-18"),
            told("2603.00001", "Folding napkins", day=FRIDAY, published="2026-03-04"),
        ],
        at=NOW,
    )

    def enter(handle: str, role: Role = "reader") -> Browser:
        reader = make_reader(public.house, handle, role=role)
        client = public.client()
        return Browser(client, sign_in(client, reader), reader)

    return enter


def test_who_is_not_signed_in_is_led_to_where_one_signs_in(public: Public) -> None:
    anybody = public.client()
    for url in ("/submit", "/submissions", "/submissions/1", "/moderation"):
        answer = anybody.get(url)
        assert (answer.status_code, answer.headers["location"][:8]) == (303, "/sign-in")
    assert anybody.get("/moderation/log").status_code == 200


def test_a_paper_that_waits_for_its_source_shows_how_it_stands(enter: Enter) -> None:
    ann = enter("ann")
    assert ann.send("/submit", asked="2611.00009", note=HOSTILE, media="https://a.example/<b>.mp4") == 303
    page = ann.page("/submissions/1")
    assert "Being looked up" in page.text
    assert HOSTILE in page.text
    assert page.all("a", **{"class": "reload"})[0]["href"] == "/submissions/1"
    assert "Withdraw it" in page.text
    assert "arxiv:2611.00009" in ann.page("/submissions").text
    assert ann.send("/submissions/1/withdraw") == 303
    assert "Withdrawn" in ann.page("/submissions/1").text
    assert enter("bo").status("/submissions/1") == 404
    assert [ann.status(f"/submissions/{number}") for number in ("2", "x", "9" * 30)] == [404, 404, 404]


def test_what_cannot_be_read_comes_back_in_the_form_with_a_sentence(enter: Enter) -> None:
    ann = enter("ann")
    answer = ann.client.post("/submit", data={"token": ann.token, "asked": HOSTILE, "note": "Why not"})
    page = Page(answer.text)
    assert (answer.status_code, page.all("input", name="asked")[0]["value"]) == (400, HOSTILE)
    assert "Paste an arXiv id" in page.text
    ann.send("/submit", asked="2611.00009")
    assert ann.client.post("/submit", data={"token": ann.token, "asked": "2611.00009"}).status_code == 409


def test_a_paper_that_is_here_is_led_to_and_can_be_put_on_todays_page(enter: Enter) -> None:
    ann = enter("ann")
    answer = ann.client.post("/submit", data={"token": ann.token, "asked": "2603.00001"})
    assert "On the page of" in Page(answer.text).text
    assert "Put it on today" not in answer.text
    answer = ann.client.post("/submit", data={"token": ann.token, "asked": SHELF, "note": "Read it"})
    page = Page(answer.text)
    assert "never yet on a daily page" in page.text
    form = {field["name"]: field["value"] for field in page.all("input", type="hidden") if field["name"] != "next"}
    assert ann.client.post("/submit", data=form).status_code == 303
    assert "Waits for a moderator" in ann.page("/submissions/1").text


def test_a_moderator_approves_and_everybody_reads_who_brought_it_and_why(enter: Enter) -> None:
    ann, mo = enter("ann"), enter("mo", "moderator")
    ann.send("/submit", asked=SHELF, note=f"Read it {HOSTILE}", media="https://a.example/v.mp4", put_on_page="1")
    queue = mo.page("/moderation")
    assert "A new way to fold" in queue.text
    assert HOSTILE in queue.text
    assert mo.send("/moderation/submissions/1/approve", why=f"Welcome {HOSTILE}") == 303
    assert "No paper waits" in mo.page("/moderation").text
    log = ann.page("/moderation/log")
    assert "@mo approved the submission A new way to fold" in log.text
    assert HOSTILE in log.text
    paper = ann.page(f"/papers/{SHELF}")
    assert "Brought in by Ann" in paper.text
    assert {"href": "https://a.example/v.mp4", "rel": "nofollow ugc noopener noreferrer"} in paper.all("a")
    assert paper.all("video") == paper.all("img") == []
    assert "A new way to fold Brought in by Ann" in ann.page("/").text


def test_a_hidden_paper_is_gone_for_readers_and_marked_for_moderators(enter: Enter) -> None:
    ann, mo = enter("ann"), enter("mo", "moderator")
    assert ann.send("/report", paper=SHELF, why="Not a paper", next=f"/papers/{SHELF}") == 200
    assert "Not a paper" in mo.page("/moderation").text
    assert mo.send("/moderation/papers/hide", paper=SHELF, why="An advertisement", next=f"/papers/{SHELF}") == 303
    assert [ann.status(f"/papers/{SHELF}{more}") for more in ("", ".bib", "/history")] == [404, 404, 404]
    assert "Hidden from readers: An advertisement" in mo.page(f"/papers/{SHELF}").text
    assert "A new way to fold" in mo.page("/moderation").text
    assert mo.send("/moderation/papers/restore", paper=SHELF, why="My mistake") == 303
    assert ann.status(f"/papers/{SHELF}") == 200


def test_comments_and_readers_are_moderated_from_the_pages(public: Public, enter: Enter) -> None:
    ann, bo, mo = enter("ann"), enter("bo"), enter("mo", "moderator")
    comment = say(public.house, ann.reader, 1, "Nonsense!")
    bo.send(f"/comments/{comment.id}/report", why="Rude")
    bo.send("/report", handle="ann", why="Always rude")
    queue = mo.page("/moderation")
    assert "Nonsense!" in queue.text
    assert "Always rude" in queue.text
    assert mo.send(f"/moderation/comments/{comment.id}/hide", why="Rude") == 303
    assert mo.send("/moderation/dismiss", kind="reader", target=str(ann.reader.id), why="Once is not always") == 303
    assert mo.send("/moderation/readers/suspend", handle="ann", days="3", why="Cool down") == 303
    assert ann.status("/submit") == 403
    assert "@ann is suspended until" in mo.page("/moderation").text
    assert mo.send("/moderation/readers/reinstate", handle="ann", why="Back") == 303
    assert ann.status("/submit") == 200


def test_two_papers_are_merged_from_the_page(enter: Enter) -> None:
    mo = enter("mo", "moderator")
    assert mo.send("/moderation/papers/merge", paper=SHELF, other="2603.00001", why="One work") == 303
    assert mo.status(f"/papers/{SHELF}") == 308


def test_no_act_is_open_to_plain_readers_and_unknown_ones_are_not_found(enter: Enter) -> None:
    ann, mo = enter("ann"), enter("mo", "moderator")
    acts = [
        "submissions/1/approve",
        "comments/1/hide",
        "papers/hide",
        "papers/merge",
        "readers/suspend",
        "readers/reinstate",
        "dismiss",
    ]
    assert {ann.send(f"/moderation/{act}", why="Because", paper=SHELF) for act in acts} == {403}
    assert ann.status("/moderation") == 403
    for url in ("submissions/1/eat", "comments/1/eat", "papers/eat", "comments/x/hide", "submissions/7/approve"):
        assert mo.send(f"/moderation/{url}", why="Because", paper=SHELF) == 404
    assert mo.send("/moderation/papers/hide", paper=SHELF, why="") == 400
    assert mo.send("/moderation/readers/suspend", handle="ann", why="x", days="many") == 400


def test_a_day_that_took_all_it_takes_says_when_to_come_back(public: Public, enter: Enter) -> None:
    ann = enter("ann")
    for number in range(3):
        ann.send("/submit", asked=f"2611.0010{number}")
    answer = ann.client.post("/submit", data={"token": ann.token, "asked": "2611.00200"})
    assert (answer.status_code, "retry-after" in answer.headers) == (429, True)
    with public.house.store.reading() as connection:
        assert store.count_since(connection, ann.reader.id, NOW - timedelta(days=1)) == 3


def test_at_the_machine_the_owner_brings_papers_in_without_signing_in(tmp_path: Path) -> None:
    with open_house(Settings(home=tmp_path), clock=lambda: NOW) as house, browser(house) as client:
        token = Page(client.get("/submit").text).all("input", name="token")[0]["value"]
        answer = client.post("/submit", data={"token": token, "asked": "2611.00001"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/submissions/1")
        assert "Nothing yet" in Page(client.get("/moderation/log").text).text
        assert client.get("/moderation").status_code == 200
