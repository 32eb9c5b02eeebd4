"""The history of one paper: its texts, and what changed between two of them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.empty_store import empty_home
from tests.web.conftest import HOSTILE, NOW, Page, told

from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep
from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Author, Daily, Record
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.wiring import open_house

URL = "/papers/2603.00001/history"
FIRST = told(
    "2603.00001",
    "Folding napkins",
    abstract="A napkin folds & unfolds.",
    authors=(Author("Ann Lee"), Author("Bo Chen")),
    published="2026-03-04",
    source="arxiv",
)
SECOND = replace(
    FIRST,
    title="Folding all napkins",
    abstract="A napkin folds & rests.",
    authors=(Author("Ann Lee"), Author("Cy Young")),
    updated="2026-03-09",
    observed=NOW + timedelta(days=1),
)
GONE = replace(SECOND, abstract="", withdrawn=True, updated="2026-03-20", observed=NOW + timedelta(days=2))


@pytest.fixture
def own_house(tmp_path: Path) -> Iterator[House]:
    with open_house(Settings(home=empty_home(tmp_path / "home")), clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def own_client(own_house: House) -> Iterator[TestClient]:
    with TestClient(create_app(own_house), follow_redirects=False) as opened:
        yield opened


def shelve(house: House, *records: Record) -> None:
    for each in records:
        keep(house.store, [each], at=NOW)


def test_what_changed_between_the_last_two_texts_is_shown(own_house: House, own_client: TestClient) -> None:
    shelve(own_house, FIRST, SECOND)
    answer = own_client.get(URL)
    assert answer.status_code == 200
    assert "Folding <ins>all </ins>napkins" in answer.text
    assert "A napkin folds &amp; <del>unfolds. </del><ins>rests.</ins>" in answer.text
    assert "<del>Bo Chen</del>" in answer.text
    assert "<ins>Cy Young</ins>" in answer.text
    text = Page(answer.text).text
    assert "2 texts told of it" in text
    assert "Told by arXiv, who tells another text now" in text


def test_any_two_texts_can_be_compared(own_house: House, own_client: TestClient) -> None:
    shelve(own_house, FIRST, SECOND, GONE)
    html = own_client.get(URL, params={"from": 1, "to": 2}).text
    assert "<ins>rests.</ins>" in html
    assert '<option value="1" selected>' in html
    last = own_client.get(URL).text
    assert "<del>A napkin folds &amp; rests.</del>" in last
    assert "This paper was withdrawn" in last
    assert f"{URL}?from=2&to=3" in Page(last).links()
    assert own_client.get(URL, params={"from": 2, "to": 2}).text.count("<ins>") == 1  # the one that explains


@pytest.mark.parametrize("number", ["0", "4", "-1", "x", "٢", "9" * 5_000, "1.5", "%00"])
def test_a_text_that_there_is_not_is_refused(own_house: House, own_client: TestClient, number: str) -> None:
    shelve(own_house, FIRST, SECOND, GONE)
    assert own_client.get(URL, params={"from": number}).status_code in {400, 422}


def test_a_paper_leads_to_its_history_once_it_was_told_of_twice(own_house: House, own_client: TestClient) -> None:
    shelve(own_house, FIRST)
    page = own_client.get("/papers/2603.00001")
    assert URL not in Page(page.text).links()
    assert "only one text is known" in Page(own_client.get(URL).text).text
    shelve(own_house, SECOND)
    assert (
        URL in Page(own_client.get("/papers/2603.00001", headers={"If-None-Match": page.headers["etag"]}).text).links()
    )


def test_other_names_lead_to_the_one_history(own_house: House, own_client: TestClient) -> None:
    shelve(own_house, FIRST, SECOND)
    answer = own_client.get("/papers/arxiv:2603.00001v1/history")
    assert (answer.status_code, answer.headers["location"]) == (308, URL)
    assert own_client.get("/papers/2603.99999/history").status_code == 404


def test_an_id_that_ends_like_a_history_keeps_its_page(own_house: House, own_client: TestClient) -> None:
    shelve(own_house, told("W1", "Told once", ids=(ExternalId("doi", "10.1000/x/history"),), source="bibtex"))
    assert "Told once" in own_client.get("/papers/doi/10.1000/x/history").text
    assert "only one text" in own_client.get("/papers/doi/10.1000/x/history/history").text


def test_a_copy_is_good_until_something_else_is_told(own_house: House, own_client: TestClient) -> None:
    shelve(own_house, FIRST, SECOND)
    tag = own_client.get(URL).headers["etag"]
    assert own_client.get(URL, headers={"If-None-Match": tag}).status_code == 304
    assert own_client.get(URL, params={"from": 2}, headers={"If-None-Match": tag}).status_code == 200
    shelve(own_house, GONE)
    assert own_client.get(URL, headers={"If-None-Match": tag}).status_code == 200


def test_text_of_strangers_stays_text(own_house: House, own_client: TestClient) -> None:
    hostile = replace(
        SECOND, title=f"Folding {HOSTILE}", abstract=f"A {HOSTILE} napkin", authors=(Author(f"Eve {HOSTILE}"),)
    )
    shelve(own_house, FIRST, hostile, replace(SECOND, observed=NOW + timedelta(days=3), updated=f"2026-03-1{HOSTILE}"))
    for url in (URL, f"{URL}?from=1&to=2", f"{URL}?from=2&to=3"):
        page = Page(own_client.get(url).text)
        assert page.all("script") == page.all("script", defer="")
        assert not page.all("img")
        assert len(page.all("title")) == 1
        assert not [name for _, found in page.elements for name in found if name.startswith("on") or name == "style"]


def test_a_history_has_labels_and_one_heading(own_house: House, own_client: TestClient) -> None:
    shelve(own_house, FIRST, SECOND)
    page = Page(own_client.get(URL).text)
    assert len(page.all("h1")) == 1
    labelled = {label["for"] for label in page.all("label")}
    assert {choice["id"] for choice in page.all("select")} <= labelled
    assert page.all("meta", name="robots") == [{"name": "robots", "content": "noindex"}]


def test_a_paper_shown_again_leads_to_the_one_daily_page_that_has_it(own_house: House, own_client: TestClient) -> None:
    twice = replace(FIRST, source="hf", daily=(Daily(date(2026, 3, 6)), Daily(date(2026, 3, 9))))
    shelve(own_house, twice)
    page = Page(own_client.get("/papers/2603.00001").text)
    assert [link for link in page.links() if link.startswith("/papers/date/")] == ["/papers/date/2026-03-06"]
    assert "shown again on 9 March 2026" in page.text
    assert "Folding napkins" in own_client.get("/papers/date/2026-03-06").text
    assert "Folding napkins" not in own_client.get("/papers/date/2026-03-09").text
