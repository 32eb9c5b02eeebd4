"""Lists that everybody sees alike are made once; what is for one reader is made for them alone."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from tests.feeds.conftest import World

from broadsheet.entrance.visitor import COOKIE
from broadsheet.flow.accounts import tokens
from broadsheet.flow.lists import labels
from broadsheet.flow.lists.labels import Wanted

SHARED = ["/latest.rss", "/papers/month/2026-03.atom", "/search.json?q=kettle", "/readers/ann/labels/tea.bib"]


@pytest.fixture
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def see(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", see)
    yield seen
    event.remove(Engine, "before_cursor_execute", see)


@pytest.mark.parametrize("url", SHARED)
def test_a_list_for_everybody_is_asked_of_the_store_once(world: World, statements: list[str], url: str) -> None:
    # A search is remembered once its vectors hold all that is embedded.
    world.house.spaces.look_again()
    world.house.spaces.warm()
    first = world.get(url)
    statements.clear()
    second = world.get(url)
    unchanged = world.get(url, **{"if-none-match": first.headers["etag"]})
    assert statements == []
    assert (second.content, second.headers) == (first.content, first.headers)
    assert (unchanged.status_code, unchanged.content) == (304, b"")


def test_who_hid_a_paper_is_not_given_what_others_are(world: World) -> None:
    _, token = tokens.make(world.house, world.bo, "feeds", ["read"], 30)
    shared = world.get("/papers/month/2026-03.rss").text
    own = world.get("/papers/month/2026-03.rss", token)
    assert "2603.00001" in shared
    assert "2603.00001" not in own.text
    assert "private" in own.headers["cache-control"]
    assert world.get("/papers/month/2026-03.rss").text == shared


def test_what_a_reader_was_given_is_given_to_nobody_else(world: World) -> None:
    assert world.get("/readers/ann/labels/secrets.rss", world.token).status_code == 200
    assert world.get("/readers/ann/labels/secrets.rss").status_code == 404


def test_who_brings_a_session_is_looked_up(world: World, statements: list[str]) -> None:
    world.get("/latest.atom")
    statements.clear()
    world.get("/latest.atom", cookie=f"{COOKIE}=whoever")
    assert statements != []


def test_what_is_written_stands_in_a_list_at_once(world: World) -> None:
    label = labels.make(world.house, world.bo, Wanted("Fresh", "", "all"))
    url = f"/readers/bo/labels/{label.slug}.rss"
    before = world.get(url)
    labels.put(world.house, world.bo, label.slug, "2603.00002")
    after = world.get(url, **{"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.text.count("<item>") == before.text.count("<item>") + 1
