"""The daily page as a reader gets it."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import Page

Read = Callable[[str], Page]


def test_the_front_page_is_the_latest_day(read: Read) -> None:
    page = read("/")
    assert "Monday, 9 March 2026" in page.text
    assert page.all("link", rel="canonical")[0]["href"] == "/papers/date/2026-03-09"


def test_the_most_upvoted_paper_leads(read: Read) -> None:
    papers = [link for link in read("/papers/date/2026-03-06").links() if link.startswith("/papers/2603.")]
    assert papers == ["/papers/2603.00002", "/papers/2603.00001"]


def test_a_card_tells_authors_counts_and_links(read: Read) -> None:
    page = read("/papers/date/2026-03-06")
    assert "Person 0, Person 1, Person 2 and 37 others" in page.text
    assert "▲ 12 upvotes" in page.text
    assert {"https://maps.example/", "https://arxiv.org/pdf/2603.00002"} <= set(page.links())
    assert "Journal of Maps" in page.text


def test_the_neighbouring_days_are_one_click_away(read: Read) -> None:
    page = read("/papers/date/2026-03-06")
    assert page.all("a", rel="prev")[0]["href"] == "/papers/date/2026-03-05"
    assert page.all("a", rel="next")[0]["href"] == "/papers/date/2026-03-09"
    assert page.all("a", rel="prev")[0]["href"] in page.links()


def test_the_date_picker_needs_no_script(client: TestClient, read: Read) -> None:
    assert read("/").all("form", action="/papers/date")
    assert client.get("/papers/date?day=2026-03-05").headers["location"] == "/papers/date/2026-03-05"
    assert client.get("/papers/date").headers["location"] == "/"
    assert client.get("/papers/date?day=").status_code == 303


def test_a_day_without_papers_leads_to_the_nearest_ones(read: Read) -> None:
    page = read("/papers/date/2026-03-07")
    assert "Nothing was printed on this day" in page.text
    assert {"/papers/date/2026-03-06", "/papers/date/2026-03-09"} <= set(page.links())
    assert page.all("meta", name="robots")[0]["content"] == "noindex"


def test_an_empty_house_says_how_to_fill_it(empty_client: TestClient) -> None:
    page = Page(empty_client.get("/").text)
    assert "broadsheet import PATH" in page.text
    assert "/search" in page.links()


@pytest.mark.parametrize("day", ["2026-02-30", "20260306", "yesterday", "2026-03-06x", "0000-01-01", "2026-W10-5"])
def test_what_is_no_day_is_no_page(client: TestClient, day: str) -> None:
    assert client.get(f"/papers/date/{day}").status_code == 404
    assert client.get(f"/papers/date?day={day}").status_code == 400


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_time_are_empty_days(read: Read, day: str) -> None:
    assert "Nothing was printed" in read(f"/papers/date/{day}").text


@pytest.mark.parametrize("url", ["/", "/papers/date/2026-03-06", "/papers/2603.00002"])
def test_a_good_copy_is_not_sent_again(client: TestClient, url: str) -> None:
    tag = client.get(url).headers["etag"]
    again = client.get(url, headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(url, headers={"If-None-Match": 'W/"other"'}).status_code == 200


def test_a_heading_asks_nothing_for_its_body(client: TestClient) -> None:
    response = client.head("/papers/date/2026-03-06")
    assert (response.status_code, response.content) == (200, b"")
