"""Sources on pages: the table, one source closely, the schedule, and the buttons of the owner."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.empty_store import empty_home
from tests.web.conftest import HOSTILE, NOW, Page
from tests.web.owner import browser
from tests.web.test_hostile import foreign
from tests.web.test_searches import send

from broadsheet.flow.harvesting import problems as misread
from broadsheet.flow.harvesting import sources as flow
from broadsheet.flow.house import House
from broadsheet.model.harvest import Source
from broadsheet.model.record import Problem
from broadsheet.settings import Settings
from broadsheet.sources.adapter import DayTold
from broadsheet.store import gaps, problems, runs, source_days, sources
from broadsheet.wiring import open_house

TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
NEXT = NOW + timedelta(minutes=40)


def ail(house: House) -> None:
    """Have a source in trouble: a run, days, a gap and two problems, all of them hostile."""
    with house.store.writing() as connection:
        made = sources.add(
            connection,
            Source(
                name="arxiv-cs-cl", kind="arxiv", target=HOSTILE, every_s=3600, at=NOW, next_at=NEXT, failures=3,
                trouble=f"Busy {HOSTILE}", succeeded_at=NOW - timedelta(hours=3), tried_at=NOW,
            ),
        )  # fmt: skip
        run = runs.begin(connection, made.id, NOW)
        runs.save(connection, replace(run, outcome="waiting", records=1_234, new=7, pages=2, message=HOSTILE))
        days = [DayTold(date(2026, 11, 18), 412, final=True), DayTold(date(2026, 11, 20), 9)]
        source_days.told(connection, made.id, days, NOW)
        gaps.found(connection, "day", made.name, ["2026-11-19", HOSTILE], NOW)
        told = [Problem(made.name, f"{n} {HOSTILE}", "no-title", HOSTILE, "{'title': 'Tea'} "[n:]) for n in (0, 1)]
        problems.note(connection, told, at=NOW)


@pytest.fixture
def house(tmp_path: Any) -> Iterator[House]:
    with open_house(Settings(home=empty_home(tmp_path / "home")), clock=lambda: NOW) as opened:
        ail(opened)
        yield opened


@pytest.fixture
def owner(house: House) -> Iterator[TestClient]:
    with browser(house) as client:
        yield client


@pytest.fixture
def stranger(house: House) -> Iterator[TestClient]:
    with browser(house, "http://papers.example") as client:
        yield client


def test_the_status_says_in_words_how_each_source_stands(owner: TestClient) -> None:
    page = Page(owner.get("/status").text)
    assert "/status/arxiv-cs-cl" in page.links()
    cells = ["arxiv-cs-cl", "failing", "3 h ago", "in 40 min", "1h", "1,234", "7", "2", "2"]
    assert "".join(cells) in "".join(page.texts)
    assert "Gaps that are open 2" in page.text


def test_an_empty_house_is_told_how_to_begin(empty_client: TestClient) -> None:
    for url in ("/status", "/status/schedule"):
        assert "broadsheet sources add arxiv cs:cs:CL" in Page(empty_client.get(url).text).text


def test_a_source_is_shown_with_runs_days_gaps_and_problems(owner: TestClient) -> None:
    answer = owner.get("/status/arxiv-cs-cl")
    page = Page(answer.text)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert "18 November 2026 412 final" in page.text
    assert "19 November 2026 0 missing" in page.text
    assert "20 November 2026 9 open" in page.text
    assert "waiting21,2347" in "".join(page.texts)
    assert "What the source said" in page.text


def test_what_others_wrote_is_only_text(owner: TestClient) -> None:
    for url in ("/status", "/status/arxiv-cs-cl", "/status/schedule"):
        page = Page(owner.get(url).text)
        assert foreign(page) <= TABLE | {"ol", "abbr"}
        assert page.all("img") == []
    assert f"Busy {HOSTILE}" in Page(owner.get("/status").text).text


def test_strangers_see_how_it_stands_but_not_what_was_said(stranger: TestClient) -> None:
    for url in ("/status", "/status/arxiv-cs-cl", "/status/schedule"):
        page = Page(stranger.get(url).text)
        assert "failing" in page.text
        assert "Busy" not in page.text
        assert page.all("form", method="post") == []
    assert "title': 'Tea" not in Page(stranger.get("/status/arxiv-cs-cl").text).text


def test_the_owner_pauses_resumes_and_runs_a_source(owner: TestClient, house: House) -> None:
    url = "/status/arxiv-cs-cl"
    for verb, paused in (("pause", True), ("resume", False)):
        answer = send(owner, Page(owner.get(url).text), f"{url}/{verb}")
        assert (answer.status_code, answer.headers["location"]) == (303, url)
        assert flow.named(house, "arxiv-cs-cl").paused is paused
    with house.store.writing() as connection:
        sources.save(connection, replace(flow.named(house, "arxiv-cs-cl"), next_at=NEXT))
    assert send(owner, Page(owner.get(url).text), f"{url}/run").status_code == 303
    assert flow.named(house, "arxiv-cs-cl").next_at == NOW


def test_the_owner_ignores_a_problem_and_reads_one_again(owner: TestClient, house: House) -> None:
    url = "/status/arxiv-cs-cl"
    page = Page(owner.get(url).text)
    assert send(owner, page, f"{url}/problems/1/retry").headers["location"] == f"{url}#problems"
    assert [each.id for each in misread.problems(house)] == [2]
    assert send(owner, page, f"{url}/problems/2/ignore").status_code == 303
    assert "All records could be read." in Page(owner.get(url).text).text
    assert send(owner, page, f"{url}/problems/2/ignore").status_code == 303


@pytest.mark.parametrize("number", ["9", "x", "-1", "9" * 400, "%00", "٣"])
def test_a_problem_that_is_not_there_is_a_page(owner: TestClient, number: str) -> None:
    token = Page(owner.get("/status/arxiv-cs-cl").text).all("input", name="token")[0]["value"]
    for verb in ("retry", "ignore"):
        answer = owner.post(f"/status/arxiv-cs-cl/problems/{number}/{verb}", data={"token": token})
        assert (answer.status_code, bool(Page(answer.text).all("h1"))) == (404, True)


@pytest.mark.parametrize("name", ["none", "%00", "%ED%A0%80", "x" * 5_000, "%FF", "..%2F.."])
def test_a_source_that_is_not_there_is_a_page(owner: TestClient, name: str) -> None:
    answer = owner.get(f"/status/{name}")
    assert (answer.status_code, bool(Page(answer.text).all("h1"))) == (404, True)


def test_the_whole_schedule_is_on_one_page(owner: TestClient) -> None:
    from broadsheet.flow.harvesting.schedule import TASKS

    text = Page(owner.get("/status/schedule").text).text
    assert "arxiv-cs-cl" in text
    for task in TASKS:
        assert task.name.replace("-", " ").capitalize() in text
