"""A label goes to Zotero whole, once, and under a key that is forgotten."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from tests.flow.lists.loopback_zotero import KEY, USER, Zotero, zotero
from tests.readers import make_reader
from tests.web.conftest import NOW, shelf

from broadsheet.errors import Invalid, NotFound, Refused, Unavailable
from broadsheet.flow.house import House
from broadsheet.flow.lists import keeping, labels
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.lists.push_label import Pushed, push_label, push_reading
from broadsheet.flow.lists.zotero_library import MOST_ITEMS
from broadsheet.flow.shelf.keep import keep
from broadsheet.model.reader import Reader
from broadsheet.settings import Settings
from broadsheet.wiring import open_house


@dataclass
class World:
    """A house whose reader has a label with papers, and a Zotero."""

    house: House
    ann: Reader
    server: Zotero
    waits: list[float]

    def push(self, slug: str = "tea", key: str = KEY) -> Pushed:
        return push_label(self.house, self.ann, slug, key, self.waits.append)

    def put(self, count: int, slug: str = "tea") -> None:
        for number in range(1, count + 1):
            labels.put(self.house, self.ann, slug, f"2502.{number:05d}")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with zotero() as server:
        settings = Settings(home=tmp_path, private_addresses=True, addresses=f"zotero={server.base}")
        with open_house(settings, clock=lambda: NOW) as house:
            keep(house.store, shelf(), at=NOW)
            ann = make_reader(house, "ann")
            labels.make(house, ann, Wanted("Tea", "", "me"))
            yield World(house, ann, server, [])


def test_a_label_becomes_a_collection_of_items(world: World) -> None:
    world.put(3)
    labels.put(world.house, world.ann, "tea", "2603.00002")
    assert world.push() == Pushed("Tea", new=4)
    (collection,) = world.server.collections.values()
    assert collection["data"]["name"] == "Tea"
    items = [each["data"] for each in world.server.items.values()]
    assert all(each["collections"] == [collection["key"]] for each in items)
    by_extra = {each["extra"]: each for each in items}
    paper = by_extra["Broadsheet: arxiv:2603.00002"]
    assert (paper["itemType"], paper["publicationTitle"]) == ("journalArticle", "Journal of Maps")
    assert paper["date"] == "2026-03-01"
    assert paper["url"] == "https://arxiv.org/abs/2603.00002"
    preprint = by_extra["Broadsheet: arxiv:2502.00001"]
    assert (preprint["itemType"], preprint["repository"], preprint["archiveID"]) == (
        "preprint",
        "arXiv",
        "arXiv:2502.00001",
    )
    assert {"creatorType": "author", "firstName": "Ann", "lastName": "Lee"} in preprint["creators"]


def test_nothing_is_pushed_twice(world: World) -> None:
    world.put(3)
    world.push()
    assert world.push() == Pushed("Tea", known=3)
    world.put(5)
    assert world.push() == Pushed("Tea", new=2, known=3)
    assert (len(world.server.items), len(world.server.collections)) == (5, 1)


def test_an_item_that_stands_elsewhere_comes_into_the_collection_too(world: World) -> None:
    world.put(2)
    world.push()
    labels.make(world.house, world.ann, Wanted("More", "", "me"))
    world.put(2, "more")
    assert world.push("more") == Pushed("More", added=2)
    assert all(len(each["data"]["collections"]) == 2 for each in world.server.items.values())
    assert all(each["data"]["title"] for each in world.server.items.values())


def test_so_many_go_at_once_as_zotero_takes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_ITEMS == 50
    monkeypatch.setattr(f"{push_label.__module__}.MOST_ITEMS", 15)
    world.put(30)
    assert world.push() == Pushed("Tea", new=30)
    posts = [path for method, path, _ in world.server.asked if method == "POST"]
    assert posts == [f"/users/{USER}/collections", *[f"/users/{USER}/items"] * 2]
    assert world.push() == Pushed("Tea", known=30)


def test_what_is_too_large_goes_in_halves(world: World) -> None:
    world.put(7)
    world.server.most = 2
    assert world.push() == Pushed("Tea", new=7)
    assert len(world.server.items) == 7


def test_a_library_that_changes_meanwhile_is_looked_at_anew(world: World) -> None:
    world.put(3)
    world.server.meanwhile = 2
    assert world.push() == Pushed("Tea", new=3)
    assert (len(world.server.items), len(world.server.collections)) == (3, 1)
    world.server.meanwhile = 100
    world.put(4)
    with pytest.raises(Unavailable, match="nothing is pushed twice"):
        world.push()


def test_zotero_is_waited_for_as_long_as_it_says(world: World) -> None:
    world.put(1)
    world.server.say = [("GET", 429, {"Retry-After": "3"}), ("POST", 503, {"Retry-After": "2"})]
    assert world.push() == Pushed("Tea", new=1)
    assert world.waits == [3.0, 2.0]
    world.waits.clear()
    world.server.say = [("GET", 429, {"Retry-After": "120"})]
    with pytest.raises(Unavailable, match="nothing comes twice") as raised:
        world.push()
    assert (raised.value.retry_after_s, world.waits) == (120.0, [])


def test_what_was_put_off_or_read_is_pushed_as_a_label_is(world: World) -> None:
    for number, state in ((1, "later"), (2, "later"), (3, "read")):
        keeping.mark(world.house, world.ann, f"2502.{number:05d}", state)
    push = partial(push_reading, world.house, world.ann, key=KEY, wait=world.waits.append)
    assert push("later") == Pushed("To read later", new=2)
    assert push("read") == Pushed("Read", new=1)
    keeping.mark(world.house, world.ann, "2502.00001", "read")
    assert push("read") == Pushed("Read", added=1, known=1)
    names = sorted(each["data"]["name"] for each in world.server.collections.values())
    assert (names, len(world.server.items)) == (["Read", "To read later"], 3)


@pytest.mark.parametrize("key", ["", "x", "a b" * 10, f"{KEY}\r\nX: y", "ü" * 24])
def test_what_is_no_key_is_never_sent(world: World, key: str) -> None:
    with pytest.raises(Invalid) as raised:
        world.push(key=key)
    assert (raised.value.field, world.server.asked) == ("zotero_key", [])


def test_a_key_that_may_not_write_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="does not take this key"):
        world.push(key="A" * 24)
    world.server.may_write = False
    with pytest.raises(Refused, match="may not write"):
        world.push()
    with pytest.raises(NotFound):
        world.push("absent")


def test_the_key_stands_in_no_address_log_or_error(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world.put(1)
    world.push()
    world.server.say = [("GET", 418, {})]
    with pytest.raises(Unavailable) as raised:
        world.push()
    assert KEY not in caplog.text + repr(raised.getrepr(style="long"))
    assert all(KEY not in path for _, path, _ in world.server.asked)
    kept = [
        path for path in world.house.settings.home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()
    ]
    assert kept == []
