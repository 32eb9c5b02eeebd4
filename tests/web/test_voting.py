"""Upvotes and what they move, as a reader gets them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.readers import make_reader
from tests.web.conftest import FRIDAY, NOW, Page, Public, shelf
from tests.web.owner import browser
from tests.web.serving import serving
from tests.web.test_browser import CHROMIUM, WATCH
from tests.web.test_browser import browser as chromium  # noqa: F401 - a fixture

from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.flow.voting.upvote import cast
from broadsheet.model.harvest import Source
from broadsheet.model.reader import Reader
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.sources.adapter import DayTold
from broadsheet.store import source_days, sources
from broadsheet.wiring import open_house

DAY = "/papers/date/2026-03-06"
PAPER = "/papers/2603.00001"


@pytest.fixture
def own_house(tmp_path: Path) -> Iterator[House]:
    """A house of the test's own, with the shelf in it."""
    with open_house(Settings(home=tmp_path / "own"), clock=lambda: NOW) as opened:
        keep(opened.store, shelf(), at=NOW)
        catch_up(opened)
        yield opened


@pytest.fixture
def owner(own_house: House) -> Iterator[TestClient]:
    """The owner's browser."""
    with browser(own_house) as opened:
        yield opened


def button(client: TestClient, url: str, slug: str) -> dict[str, str]:
    """Find the form under a paper: where it leads, and its fields."""
    page = Page(client.get(url).text)
    form = next(form for form in page.all("form", method="post") if form["action"].startswith(f"/papers/{slug}/upvote"))
    fields = {field["name"]: field["value"] for field in page.all("input", type="hidden") if "name" in field}
    return {"action": form["action"], "token": fields["token"], "next": fields["next"]}


def press(client: TestClient, url: str, slug: str, **headers: str) -> Any:
    found = button(client, url, slug)
    return client.post(found.pop("action"), data=found, headers=headers)


def papers_of(client: TestClient, url: str) -> list[str]:
    page = Page(client.get(url).text)
    return [link.removeprefix("/papers/") for link in dict.fromkeys(page.links()) if link.startswith("/papers/2")]


@pytest.mark.parametrize(
    "url", [DAY, PAPER, "/search?q=folding+napkins", "/papers/week/2026-W10", "/papers/month/2026-03"]
)
def test_the_owner_upvotes_wherever_a_paper_stands(owner: TestClient, url: str) -> None:
    answer = press(owner, url, "2603.00001")
    assert (answer.status_code, answer.headers["location"].partition("#paper-")[0]) == (303, url)
    assert button(owner, url, "2603.00001")["action"].endswith("/upvote/undo")
    assert "4" in Page(owner.get(PAPER).text).text.partition("Abstract")[0]
    assert press(owner, url, "2603.00001").status_code == 303
    assert button(owner, url, "2603.00001")["action"].endswith("/upvote")


def test_upvotes_here_and_elsewhere_order_the_page_together(owner: TestClient, own_house: House) -> None:
    old = replace(own_house, clock=lambda: NOW - timedelta(days=100))
    assert papers_of(owner, DAY)[:2] == ["2603.00002", "2603.00001"]
    for number in range(10):
        cast(own_house, make_reader(old, f"reader-{number}"), "2603.00001")
    assert papers_of(owner, DAY)[:2] == ["2603.00001", "2603.00002"]
    assert papers_of(owner, "/trending")[0] == "2603.66666"
    assert "Upvote Folding napkins, 13" in Page(owner.get("/trending").text).text


def test_a_script_gets_numbers_and_a_form_a_page(owner: TestClient) -> None:
    answer = press(owner, DAY, "2603.00001", accept="application/json")
    assert answer.json() == {"upvotes": "4", "mine": True, "waits": ""}
    answer = press(owner, DAY, "2603.00001", accept="application/json")
    assert answer.json() == {"upvotes": "3", "mine": False, "waits": ""}


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_away(owner: TestClient, back: str) -> None:
    found = button(owner, DAY, "2603.00001")
    answer = owner.post(found["action"], data={"token": found["token"], "next": back})
    assert answer.headers["location"].partition("#")[0] == "/"


def test_a_form_of_another_site_upvotes_nothing(owner: TestClient) -> None:
    assert owner.post(f"{PAPER}/upvote", data={"next": DAY}).status_code == 403
    assert button(owner, DAY, "2603.00001")["action"].endswith("/upvote")
    assert owner.post("/papers/2603.99999/upvote", data=button(owner, DAY, "2603.00001")).status_code == 404


def test_a_good_copy_is_good_no_more_when_somebody_upvotes(public: Public, sign_in: Callable[..., str]) -> None:
    keep(public.house.store, shelf(), at=NOW)
    guest, reader = public.client(), old_reader(public)
    tag = guest.get(DAY).headers["etag"]
    assert guest.get(DAY, headers={"If-None-Match": tag}).status_code == 304
    client = public.client()
    token = sign_in(client, reader)
    assert client.post(f"{PAPER}/upvote", data={"token": token}).headers["location"] == PAPER
    assert guest.get(DAY, headers={"If-None-Match": tag}).status_code == 200
    assert "4 upvotes" in Page(guest.get(DAY).text).text


def test_who_is_not_signed_in_sees_counts_and_where_to_sign_in(public: Public) -> None:
    keep(public.house.store, shelf(), at=NOW)
    guest = public.client()
    page = Page(guest.get(DAY).text)
    assert [link for link in page.links() if link.startswith("/sign-in?next=/papers/date/")]
    assert [form["action"] for form in page.all("form", method="post")] == ["/subscribe/begin"]
    assert guest.post(f"{PAPER}/upvote", data={}).status_code in {303, 401, 403}


def test_a_new_reader_is_told_that_an_upvote_waits(public: Public, sign_in: Callable[..., str]) -> None:
    keep(public.house.store, shelf(), at=NOW)
    client = public.client()
    token = sign_in(client, make_reader(public.house, "new"))
    answer = client.post(f"{PAPER}/upvote", data={"token": token}, headers={"accept": "application/json"})
    assert answer.json()["upvotes"] == "3"
    assert "72 hours" in answer.json()["waits"]
    assert "waits: Your account is new" in Page(client.get(PAPER).text).text
    assert "1 upvote waits" in Page(client.get(PAPER).text).text


def old_reader(public: Public) -> Reader:
    return make_reader(replace(public.house, clock=lambda: NOW - timedelta(days=100)), "ann")


def test_a_paper_shows_what_its_place_is_made_of(owner: TestClient) -> None:
    press(owner, PAPER, "2603.00001")
    text = Page(owner.get(PAPER).text).text
    assert "upvotes 1 1.0 1.0" in text
    assert "hf upvotes 3 0.2 0.6" in text
    assert "It appeared on 6 March 2026" in text


@pytest.mark.parametrize("url", ["/trending", "/trending?of=week", "/trending?of=day&page=2", "/ranking"])
def test_what_trends_is_kept_while_it_is_good(client: TestClient, url: str) -> None:
    Page(client.get(url).text)
    tag = client.get(url).headers["etag"]
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/trending?of=ever", 400),
        ("/trending?page=0", 404),
        ("/trending?page=21", 404),
        ("/trending?page=x", 404),
        ("/trending?page=" + "9" * 5_000, 404),
        ("/papers/week/2026-W54", 404),
        ("/papers/week/2026-10", 404),
        ("/papers/month/2026-13", 404),
        ("/papers/month/2026-W10", 404),
        ("/papers/month/0000-01", 404),
    ],
)
def test_what_is_no_page_is_said_to_be_none(client: TestClient, url: str, status: int) -> None:
    assert client.get(url).status_code == status


def test_an_empty_house_says_how_papers_come_to_trend(empty_client: TestClient) -> None:
    assert "Nothing trends here yet" in Page(empty_client.get("/trending").text).text
    assert "of all time" in Page(empty_client.get("/trending?of=day").text).text


def test_how_ranking_works_is_said_with_the_numbers_of_the_code(client: TestClient) -> None:
    text = Page(client.get("/ranking").text).text
    for words in ("72 hours × log10", "hf upvotes 0.2", "news.arc", "HOTNESS_WINDOW", "broadsheet (chosen here)"):
        assert words in text


def test_weeks_and_months_lead_to_days_and_neighbours(client: TestClient) -> None:
    week = Page(client.get("/papers/week/2026-W10").text)
    assert "Week 10 of 2026" in week.text
    assert {"/papers/date/2026-03-05", "/papers/week/2026-W11", "/papers/2603.00002"} <= set(week.links())
    month = Page(client.get("/papers/month/2026-03").text)
    assert "4 papers, most upvoted first" in month.text
    assert {"/papers/week/2026-W10", "/papers/month/2026-03"} <= set(Page(client.get(DAY).text).links())
    assert "Nothing was printed then" in client.get("/papers/month/2026-01").text
    for end in ("/papers/week/0001-W01", "/papers/month/9999-12", "/papers/week/9999-W52"):
        assert client.get(end).status_code == 200


def test_a_page_whose_sources_have_told_all_is_final(own_house: House, owner: TestClient) -> None:
    assert "· final" not in Page(owner.get(DAY).text).text
    with own_house.store.writing() as connection:
        hugging_face = sources.add(
            connection, Source(name="hf", kind="hf-daily", target="", every_s=0, at=NOW, next_at=NOW)
        )
        source_days.told(connection, hugging_face.id, [DayTold(FRIDAY, 2, final=True)], NOW)
    assert "2 papers, most upvoted first · final" in Page(owner.get(DAY).text).text


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_a_click_upvotes_without_leaving_the_page(own_house: House, request: pytest.FixtureRequest) -> None:
    opened = request.getfixturevalue("chromium")
    with serving(create_app(own_house)) as address:
        context = opened.new_context()
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(address + DAY)
        page.evaluate("window.same = true")
        form = page.locator('form.upvote[data-cast="/papers/2603.00001/upvote"]')
        for pressed, count in (("true", "4"), ("false", "3"), ("true", "4")):
            form.locator("button").click()
            form.locator(f'button[aria-pressed="{pressed}"]').wait_for(timeout=30_000)
            assert form.locator(".count").inner_text() == count
        assert page.evaluate("window.same") is True
        assert page.evaluate("window.blocked") == []
        context.close()
        plain = opened.new_context(java_script_enabled=False)
        page = plain.new_page()
        page.goto(address + DAY)
        page.locator('form.upvote[action="/papers/2603.00001/upvote/undo"] button').click()
        page.locator('form.upvote[action="/papers/2603.00001/upvote"]').wait_for(timeout=30_000)
        assert page.url.startswith(address + DAY + "#paper-")
        plain.close()
