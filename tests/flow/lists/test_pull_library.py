"""A library at Zotero comes onto labels, under a key that is forgotten."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.flow.lists.loopback_zotero import GROUP, KEY, USER, Zotero, zotero
from tests.readers import make_reader
from tests.web.conftest import NOW, shelf

from broadsheet.errors import Invalid, NotFound, Refused, Unavailable
from broadsheet.flow.house import House
from broadsheet.flow.lists import labels, pull_library, zotero_library
from broadsheet.flow.lists.bring_in import BroughtIn
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.lists.pull_library import Pulled
from broadsheet.flow.lists.push_label import push_label
from broadsheet.flow.shelf.keep import keep
from broadsheet.model.reader import Reader
from broadsheet.settings import Settings
from broadsheet.wiring import open_house


@dataclass
class World:
    """A house whose reader has a library at a Zotero."""

    house: House
    ann: Reader
    server: Zotero
    waits: list[float] = field(default_factory=list)

    def pull(self, key: str = KEY, *, keeping_papers: bool = False, **wanted: Any) -> BroughtIn:
        return pull_library.pull_library(
            self.house, self.ann, Pulled(**wanted), key, keeping_papers=keeping_papers, wait=self.waits.append
        )

    def on(self) -> dict[str, list[str]]:
        """Give the papers on each label."""
        every = labels.of_reader(self.house, self.ann, self.ann)
        return {
            label.name: sorted(one.paper.slug for one in labels.kept(self.house, label, limit=1_000)) for label in every
        }


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with zotero() as server:
        settings = Settings(home=tmp_path, private_addresses=True, addresses=f"zotero={server.base}")
        with open_house(settings, clock=lambda: NOW) as house:
            keep(house.store, shelf(), at=NOW)
            yield World(house, make_reader(house, "ann"), server)


def arxiv(number: int) -> dict[str, str]:
    """Tell in CSL-JSON which paper of arXiv's it is, as Zotero does."""
    return {"number": f"arXiv:2502.{number:05d}", "publisher": "arXiv"}


def test_collections_become_labels(world: World) -> None:
    world.server.put("One", "NAPKINS1", "KETTLES1", **arxiv(1))
    world.server.put("Two", "NAPKINS1", **arxiv(2))
    world.server.put("Three", **arxiv(3))
    world.server.put("Nobody here has this", "NAPKINS1", author=[{"family": "Lee", "given": "Ann"}])
    done = world.pull()
    assert world.on() == {
        "Napkins1": ["2502.00001", "2502.00002"],
        "Kettles1": ["2502.00001"],
        "Imported": ["2502.00003"],
    }
    assert (done.papers, done.known, done.new, done.missing) == (4, 3, 0, ["Nobody here has this"])
    again = world.pull(label="Else")
    assert [came for _, came in again.labels] == [0, 0, 1]


def test_who_operates_the_house_brings_papers_too(world: World) -> None:
    author, issued = [{"family": "Lee", "given": "Ann"}], {"date-parts": [["2024", 3]]}
    world.server.put("A study of nothing else", DOI="10.1000/nothing", author=author, issued=issued)
    done = world.pull(keeping_papers=True)
    assert (done.new, done.missing, world.on()) == (1, [], {"Imported": ["doi/10.1000/nothing"]})
    assert world.pull(keeping_papers=True).new == 0


@pytest.mark.parametrize("name", ["NAPKINS1", "Napkins1", " napkins1 "])
@pytest.mark.parametrize("owner", ["", f"groups/{GROUP}", f"https://www.zotero.org/groups/{GROUP}/tea/library"])
def test_one_collection_comes_onto_one_label(world: World, name: str, owner: str) -> None:
    world.server.put("One", "NAPKINS1", "KETTLES1", **arxiv(1))
    world.server.put("Two", "KETTLES1", **arxiv(2))
    world.pull(library=owner, collection=name)
    assert world.on() == {"Napkins1": ["2502.00001"]}
    world.pull(library=owner, collection=name, label="Tea")
    assert world.on() == {"Napkins1": ["2502.00001"], "Tea": ["2502.00001"]}
    paths = {path.partition("?")[0] for _, path, _ in world.server.asked}
    assert ("/keys/current" in paths) == (not owner)
    assert f"/{(owner and f'groups/{GROUP}') or f'users/{USER}'}/collections/NAPKINS1/items/top" in paths


def test_what_was_pushed_comes_back_as_the_same_papers(world: World) -> None:
    labels.make(world.house, world.ann, Wanted("Tea", "", "me"))
    labels.put(world.house, world.ann, "tea", "2603.00002")
    push_label(world.house, world.ann, "tea", KEY, world.waits.append)
    (item,) = world.server.items.values()
    assert item["data"]["extra"] == "Broadsheet: arxiv:2603.00002"
    item["csljson"] = {"id": "1/ABCD2345", "title": "Named otherwise", "note": f"Mine\n{item['data']['extra']}"}
    world.pull(collection="Tea", label="Back", keeping_papers=True)
    assert world.on()["Back"] == ["2603.00002"]


def test_notes_and_files_are_no_papers(world: World) -> None:
    for kind in ("note", "attachment", "annotation"):
        world.server.put("Aside", kind=kind)
    world.server.put("")
    world.server.put("One", **arxiv(1))
    done = world.pull()
    assert (done.papers, done.problems, world.on()) == (1, 1, {"Imported": ["2502.00001"]})


def test_a_library_of_several_pages_is_read_whole(world: World) -> None:
    for number in range(230):
        world.server.put(f"Paper {number}", **arxiv(number % 30 + 1))
    done = world.pull()
    assert (done.papers, done.known) == (30, 30)
    asked = [path for _, path, _ in world.server.asked if "/items/top" in path]
    assert len(asked) == 3
    assert all("include=data%2Ccsljson" in path for path in asked)


def test_more_than_may_come_is_refused_before_it_is_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(150):
        world.server.put(f"Paper {number}", **arxiv(1))
    with pytest.raises(Refused, match="150 there, and at most 100"):
        world.pull(most=100)
    assert sum("/items/top" in path for _, path, _ in world.server.asked) == 1
    monkeypatch.setattr(pull_library, "MAX_BYTES", 1 << 10)
    with pytest.raises(Invalid, match="one collection"):
        world.pull()
    assert world.on() == {}


def test_zotero_is_waited_for_as_long_as_it_says_and_not_for_ever(world: World) -> None:
    world.server.put("One", **arxiv(1))
    world.server.say = [("GET", 429, {"Retry-After": "3"}), ("GET", 503, {"Retry-After": "2"})]
    assert world.pull().known == 1
    assert world.waits == [3.0, 2.0]
    world.waits.clear()
    world.server.say = [("GET", 429, {"Retry-After": "10"})] * 100
    with pytest.raises(Unavailable, match="nothing comes twice") as raised:
        world.pull()
    assert (raised.value.retry_after_s, sum(world.waits)) == (10.0, zotero_library._LONGEST_WAITS_S)


def test_a_pause_that_zotero_wishes_for_is_kept(world: World) -> None:
    world.server.put("One", **arxiv(1))
    world.server.backoff = 4
    world.pull()
    assert world.waits == [4.0, 4.0]


@pytest.mark.parametrize("told", [{}, [1], [{"data": 1}], "x", [{"key": "X"}]], ids=repr)
def test_what_is_no_list_of_items_is_not_believed(world: World, told: Any) -> None:
    world.server.instead = told
    with pytest.raises(Unavailable, match="no list"):
        world.pull()


@pytest.mark.parametrize(
    "told",
    [
        {"csljson": None},
        {"csljson": {"title": ["x"], "author": "y", "note": 3, "id": {}}},
        {"data": {"collections": {"NAPKINS1": 1}}},
        {"data": {"collections": [["x"], None, "NAPKINS1"]}},
    ],
    ids=repr,
)
def test_an_odd_item_costs_itself_at_most(world: World, told: dict[str, Any]) -> None:
    world.server.put("One", "NAPKINS1", **arxiv(1))
    world.server.put("Two", "NAPKINS1", **arxiv(2))
    world.server.items["ITEM0001"].update(told)
    world.pull()
    assert "2502.00001" in world.on()["Napkins1"]


@pytest.mark.parametrize("owner", ["users", "users/", "users/x", "users/1/../../groups", "groups/1?x=", "//x/users/1"])
def test_what_is_no_library_is_never_asked_for(world: World, owner: str) -> None:
    with pytest.raises((Invalid, NotFound)):
        world.pull(library=owner)
    assert all(path.startswith("/users/1/collections?") for _, path, _ in world.server.asked)


def test_a_collection_or_library_that_is_not_there_is_told_so(world: World) -> None:
    world.server.put("One", "NAPKINS1", "NAPKINS2")
    for name in ("Absent", "ABSENT12", "../NAPKINS1"):
        with pytest.raises(Invalid, match="no such collection") as raised:
            world.pull(collection=name)
        assert raised.value.field == "collection"
    world.server.collections["NAPKINS2"]["data"]["name"] = "Napkins1"
    with pytest.raises(Invalid, match="Several"):
        world.pull(collection="Napkins1")
    with pytest.raises(NotFound):
        world.pull(library="users/1")


def test_a_key_that_may_not_read_is_refused(world: World) -> None:
    world.server.put("One", **arxiv(1))
    world.server.may_write = False
    assert world.pull().known == 1
    world.server.may_read = False
    with pytest.raises(Refused, match="may not read"):
        world.pull()
    with pytest.raises(Refused, match="does not take this key"):
        world.pull("A" * 24)
    world.server.asked.clear()
    with pytest.raises(Invalid, match="no key"):
        world.pull("x")
    assert world.server.asked == []


def test_the_key_stands_in_no_address_log_or_error(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world.server.put("One", **arxiv(1))
    world.pull()
    world.server.say = [("GET", 418, {})]
    with pytest.raises(Unavailable) as raised:
        world.pull()
    assert KEY not in caplog.text + repr(raised.getrepr(style="long"))
    assert all(KEY not in path for _, path, _ in world.server.asked)
    home = world.house.settings.home
    assert [path for path in home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()] == []
