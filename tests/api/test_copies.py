"""Copies of answers: made once, told by their tags, and never older than what was written last."""

import gzip
from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from tests.api.conftest import FULL, Town

STABLE = [
    "/api/daily_papers",
    "/api/papers/search?q=kettle",
    f"/api/papers/{FULL}",
    "/api/papers",
    f"/papers/{FULL}.md",
]
PAPER = "2502.00009"


@pytest.fixture
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def see(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", see)
    yield seen
    event.remove(Engine, "before_cursor_execute", see)


@pytest.mark.parametrize("url", STABLE)
def test_who_has_the_same_copy_is_sent_nothing(town: Town, url: str) -> None:
    tag = town.get(url).headers["etag"]
    again = town.get(url, **{"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert town.get(url, **{"if-none-match": 'W/"other"'}).status_code == 200


def test_what_is_written_shows_at_once(town: Town) -> None:
    url = f"/api/papers/{PAPER}"
    before = town.get(url)
    town.ask("POST", f"{url}/comment", body={"comment": "Now it is said."})
    after = town.get(url, **{"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.json()["numComments"] == before.json()["numComments"] + 1


def test_a_copy_for_a_reader_is_kept_by_nobody(town: Town) -> None:
    for url in (
        "/api/daily_papers",
        "/api/papers/search?q=kettle",
        f"/api/papers/{FULL}",
        f"/api/papers/{FULL}/comments",
    ):
        told = town.ask("GET", url)
        assert (told.headers["cache-control"], "etag" in told.headers) == ("private, no-store", False)


@pytest.mark.parametrize(
    "url", ["/api/daily_papers?date=2026-03-06", "/api/papers/search?q=kettle", "/api/papers?limit=4"]
)
def test_an_answer_that_is_remembered_asks_the_store_for_no_paper(town: Town, statements: list[str], url: str) -> None:
    town.house.spaces.look_again()
    town.house.spaces.warm()
    town.get(url)
    statements.clear()
    told = town.get(url)
    assert told.status_code == 200
    assert statements == []


@pytest.mark.parametrize(
    ("url", "most"),
    [
        ("/api/daily_papers?date=2026-03-06&limit=50", 16),
        ("/api/daily_papers?limit=100", 12),
        ("/api/papers?limit=5", 16),
        ("/api/papers/search?q=kettle&limit=20", 16),
        ("/api/papers/search?q=kettle&limit=3", 16),
    ],
)
def test_an_answer_costs_as_many_statements_however_many_papers(
    town: Town, statements: list[str], url: str, most: int
) -> None:
    memory = town.client.app.app.state if hasattr(town.client.app, "app") else town.client.app.state
    memory.api_memory.forget()
    town.get(url)
    assert len([each for each in statements if each.startswith(("SELECT", "BEGIN"))]) <= most, "\n".join(statements)


def test_answers_are_packed_for_who_can_unpack(town: Town) -> None:
    with town.client.stream("GET", "/api/daily_papers", headers={"accept-encoding": "gzip"}) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        packed = b"".join(answer.iter_raw())
    assert gzip.decompress(packed) == town.get("/api/daily_papers", **{"accept-encoding": "identity"}).content
