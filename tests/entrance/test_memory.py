"""Answers that are remembered: for whom, for how long, and how many."""

import gzip
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient
from tests.papers import record

from broadsheet.credentials.secret import Kind, new_secret
from broadsheet.entrance.asked import origin_of
from broadsheet.entrance.memory import Copy, Memory, Quick, remembered
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.settings import Settings
from broadsheet.wiring import open_house

LONG = b"a line of what is said\n" * 200
Said = tuple[object, Mapping[str, str]]


class Door:
    """A door with one room, and how often it was entered."""

    def __init__(self, home: Path) -> None:
        self.house = open_house(Settings(home=home))
        self.entered = 0
        self.say: Callable[[Request], Said] = lambda _: ({"n": 1}, {})
        self.media_type = "application/json"
        self.searches = False
        app = Starlette(routes=[Route("/list", self._answer)], middleware=[Middleware(Quick, Memory(), self.house)])
        app.state.house = self.house
        self.client = TestClient(app, base_url="http://127.0.0.1")

    def _answer(self, request: Request) -> Response:
        def make() -> Said:
            self.entered += 1
            return self.say(request)

        return remembered(request, make, self.media_type, searches=self.searches)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    opened = Door(tmp_path)
    with opened.house, opened.client:
        yield opened


def test_the_same_question_is_answered_once(door: Door) -> None:
    first, second = door.client.get("/list?a=1"), door.client.get("/list?a=1")
    assert (first.content, second.content, door.entered) == (b'{"n":1}', b'{"n":1}', 1)
    assert second.headers["content-type"] == "application/json"
    door.client.get("/list?a=2")
    assert door.entered == 2


def test_bytes_are_sent_as_they_are_under_their_own_type(door: Door) -> None:
    door.say, door.media_type = lambda _: (LONG, {"X-Own": "yes"}), "application/rss+xml; charset=utf-8"
    for _ in range(2):
        told = door.client.get("/list", headers={"accept-encoding": "identity"})
        assert (told.content, told.headers["x-own"]) == (LONG, "yes")
        assert told.headers["content-type"] == "application/rss+xml; charset=utf-8"
    assert door.entered == 1


def test_who_can_unpack_is_sent_it_packed_whoever_asked_first(door: Door) -> None:
    door.say = lambda _: (LONG, {})
    assert "content-encoding" not in door.client.get("/list", headers={"accept-encoding": "identity"}).headers
    with door.client.stream("GET", "/list", headers={"accept-encoding": "gzip"}) as answer:
        assert gzip.decompress(b"".join(answer.iter_raw())) == LONG
    assert door.entered == 1


def test_who_has_the_copy_is_sent_nothing_of_it(door: Door) -> None:
    tag = door.client.get("/list").headers["etag"]
    again = door.client.get("/list", headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"], door.entered) == (304, b"", tag, 1)
    assert "content-type" not in again.headers


def test_addresses_of_one_name_are_not_told_under_another(door: Door) -> None:
    door.say = lambda request: ({"at": origin_of(request)}, {})
    told = [door.client.get("/list", headers={"host": name}).json()["at"] for name in ("localhost", "127.0.0.1:80")]
    assert told == ["http://localhost", "http://127.0.0.1:80"]


def test_what_is_private_is_made_anew_each_time(door: Door) -> None:
    door.say = lambda _: ({"n": 1}, {"Cache-Control": "private, no-cache"})
    door.client.get("/list")
    assert door.client.get("/list").headers["cache-control"] == "private, no-cache"
    assert door.entered == 2


def test_who_says_who_they_are_is_not_answered_from_memory(door: Door) -> None:
    door.client.get("/list")
    door.client.get("/list", headers={"authorization": "Bearer whoever"})
    assert door.entered == 2


def test_a_search_is_remembered_only_once_all_that_is_stored_is_found(door: Door) -> None:
    door.searches = True
    keep(door.house.store, [record(1)], at=door.house.clock())
    for _ in range(2):
        door.client.get("/list")
    assert door.entered == 2
    catch_up(door.house)
    door.house.spaces.look_again()
    door.house.spaces.warm()
    for _ in range(2):
        door.client.get("/list")
    assert door.entered == 3


@pytest.mark.parametrize("weight", ["gzip;q=0", "gzip; q=0.000", "br, GZIP;q=0"])
def test_who_refuses_it_packed_is_sent_it_as_it_is(door: Door, weight: str) -> None:
    door.say = lambda _: (LONG, {})
    for _ in range(2):
        door.client.get("/list", headers={"accept-encoding": "gzip;q=0.5"})
        answer = door.client.get("/list", headers={"accept-encoding": weight})
        assert ("content-encoding" in answer.headers, answer.content) == (False, LONG)


def test_a_question_of_great_length_is_not_remembered(door: Door) -> None:
    for _ in range(2):
        door.client.get("/list?a=" + "x" * 3_000)
    assert door.entered == 2


def test_what_is_asked_with_a_key_is_not_remembered(door: Door) -> None:
    key = new_secret(Kind.FEED)
    for _ in range(2):
        door.client.get(f"/list?token={key}")
    assert door.entered == 2


def test_many_short_answers_take_no_more_room_than_few_long_ones() -> None:
    memory, moment = Memory(most_bytes=100_000), ("1", 0)
    for number in range(1_000):
        memory.keep(number, Copy(moment, b"no", b"", {}))
    assert sum(memory.has(number) for number in range(1_000)) <= 50


def test_memory_forgets_what_was_asked_for_longest_ago() -> None:
    moment = ("1", 0)
    memory = Memory(most_bytes=2 * Copy(moment, b"1234", b"", {}).size)
    for name in ("a", "b", "c"):
        memory.keep(name, Copy(moment, b"1234", b"", {}))
        memory.find("a", moment)
    assert memory.find("a", moment) is not None
    assert memory.find("b", moment) is None
    assert memory.find("c", moment) is not None
    assert memory.find("c", ("2", 0)) is None
