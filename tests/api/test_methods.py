"""By which methods addresses are asked: HEAD wherever GET is, and whoever asks otherwise is told by which."""

import pytest
from tests.api.conftest import FULL, Town

READ = [
    "/api/v1/lists/day?fields=id",
    f"/api/v1/papers/{FULL}",
    "/api/v1/status",
    "/api/daily_papers",
    f"/api/papers/{FULL}",
]


@pytest.mark.parametrize("url", READ)
def test_head_is_answered_as_get_without_the_body(town: Town, url: str) -> None:
    for _ in range(2):  # the second time by what is remembered
        asked, head = town.get(url), town.client.head(url)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == asked.headers["etag"]
    assert town.client.head(url, headers={"if-none-match": asked.headers["etag"]}).status_code == 304
    lines = town.client.head("/api/v1/lists/day", headers={"accept": "application/x-ndjson"})
    assert (lines.status_code, lines.content) == (200, b"")


@pytest.mark.parametrize("url", ["/api/v1/papers/9999.99999", "/api/v1/labels", "/api/papers/9999.99999"])
def test_head_is_refused_as_get_is(town: Town, url: str) -> None:
    head = town.client.head(url)
    assert (head.status_code, head.content) == (town.get(url).status_code, b"")


@pytest.mark.parametrize(
    ("method", "url", "methods"),
    [
        ("POST", "/api/v1/labels/one", "DELETE, GET, HEAD, PATCH"),
        ("GET", "/api/v1/comments/1", "DELETE, PATCH"),
        ("HEAD", "/api/v1/comments/1", "DELETE, PATCH"),
        ("OPTIONS", "/api/v1/lists/day", "GET, HEAD"),
        ("PATCH", "/api/v1/searches", "GET, HEAD, POST"),
        ("PUT", "/api/v1/submissions/1", "DELETE, GET, HEAD"),
        ("PATCH", f"/api/papers/{FULL}", "GET, HEAD"),
    ],
)
def test_who_asks_by_another_method_is_told_all_that_are_answered(
    town: Town, method: str, url: str, methods: str
) -> None:
    answer = town.client.request(method, url)
    assert (answer.status_code, answer.headers["allow"]) == (405, methods)


def test_pages_of_other_sites_are_told_nothing(town: Town) -> None:
    for method in ("GET", "OPTIONS"):
        answer = town.client.request(method, "/api/v1/lists/day", headers={"Origin": "https://other.example"})
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
