"""What the API refuses, and how: in words that its clients know."""

from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.api.conftest import FULL, Town, a_town, settings
from tests.web.conftest import NOW, PUBLIC

from broadsheet.site import create_app
from broadsheet.wiring import open_house

REFUSALS = [
    ("/api/papers/9999.99999", 404, "Paper not found"),
    ("/api/papers/no paper at all", 404, "Paper not found"),
    ("/api/arxiv/9999.99999/repos", 404, "Paper not found"),
    ("/api/papers/9999.99999/comments", 404, "Paper not found"),
    ("/papers/9999.99999.md", 404, "Paper not found"),
    ("/api/daily_papers?date=2026-13-40", 400, "Invalid date"),
    ("/api/daily_papers?date=20260306", 400, "Invalid date"),
    ("/api/daily_papers?week=2026-W60", 400, "Invalid week"),
    ("/api/daily_papers?month=March", 400, "Invalid month"),
    ("/api/daily_papers?sort=best", 400, "Invalid sort"),
    ("/api/daily_papers?limit=many", 400, "Invalid limit"),
    ("/api/papers?cursor=after-99999", 400, "Invalid cursor"),
    ("/api/papers?cursor=2", 400, "Invalid cursor"),
    ("/api/papers/search?q=" + "a" * 20_001, 400, "Invalid q"),
    ("/api/users/nobody/overview", 404, "Not found"),
    ("/api/organizations/nobody/overview", 404, "Not found"),
    ("/api/whoami-v2", 401, "Invalid username or password."),
    ("/api/nothing", 404, "Not found"),
    ("/api/docs", 404, "Not found"),
]


@pytest.mark.parametrize(("url", "status", "words"), REFUSALS, ids=[f"{case[0][:50]}" for case in REFUSALS])
def test_what_cannot_be_answered_is_told_in_words_that_clients_know(
    town: Town, url: str, status: int, words: str
) -> None:
    answer = town.get(url)
    assert (answer.status_code, answer.json()["error"]) == (status, words)
    assert answer.headers["x-error-message"] == words
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["message"]


def test_another_method_is_refused_by_name(town: Town) -> None:
    answer = town.ask("PUT", "/api/daily_papers")
    assert (answer.status_code, answer.json()["error"]) == (405, "Method not allowed")


def test_too_much_at_once_is_not_read(town: Town) -> None:
    answer = town.ask("POST", f"/api/papers/{FULL}/comment", body={"comment": "a" * 200_000})
    assert (answer.status_code, answer.json()["error"]) == (413, "Payload too large")


def test_whoever_asks_without_end_is_told_when_to_come_back(tmp_path: Any) -> None:
    with (
        open_house(settings(tmp_path, api_quota=3), clock=lambda: NOW) as house,
        TestClient(create_app(house), base_url=PUBLIC) as client,
    ):
        town = a_town(house, client)
        left = [town.get("/api/daily_papers").headers["ratelimit"] for _ in range(3)]
        refused = town.get("/api/daily_papers")
        page = town.get("/")
    assert left == ['"api";r=2;t=300', '"api";r=1;t=300', '"api";r=0;t=300']
    assert refused.status_code == 429
    assert refused.headers["ratelimit"] == '"api";r=0;t=300'
    assert refused.headers["ratelimit-policy"] == '"fixed window";"api";q=3;w=300'
    assert refused.headers["retry-after"] == "300"
    assert refused.json()["error"] == "Too many requests"
    assert page.status_code == 200
