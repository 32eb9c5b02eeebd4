"""Houses with papers as Hugging Face tells them: one at this machine behind a real server, one that others reach."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.readers import make_reader
from tests.web.conftest import NOW, PUBLIC, SECRET_KEY, shelf
from tests.web.serving import serving

from broadsheet.flow.accounts import tokens
from broadsheet.flow.house import House
from broadsheet.flow.moderating import papers as moderating
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.model.reader import Reader
from broadsheet.model.record import Record
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.sources.hf import parse
from broadsheet.store import limits
from broadsheet.wiring import open_house

FULL, OTHER, HIDDEN = "2603.01001", "2603.01002", "2603.01009"


def told_by_the_hub() -> list[dict[str, Any]]:
    """Give a day as ``/api/daily_papers`` of the hub answers: all there can be of one paper, and little of others."""
    person = {"_id": "0decb734433ca6b651334040", "avatarUrl": "/avatars/a.svg", "isPro": False, "type": "user"}
    full = {
        "id": FULL,
        "authors": [{"_id": "69e6efbe76b653026bd83dc7", "name": "Ann Lee", "hidden": False}],
        "mediaUrls": ["https://cdn.example/film.mp4", "https://cdn.example/picture.png"],
        "publishedAt": "2026-03-04T17:08:18.000Z",
        "submittedOnDailyAt": "2026-03-06T03:55:12.777Z",
        "submittedOnDailyBy": {**person, "fullname": "Ak Reader", "user": "ak", "name": "ak"},
        "title": "Folding kettles into networks",
        "summary": "We fold kettles. Models are at https://huggingface.co/lab/kettle and data at "
        "https://huggingface.co/datasets/lab/steam, to be tried at https://huggingface.co/spaces/lab/boil.",
        "upvotes": 70,
        "discussionId": "69e6efbe76b653026bd83dd0",
        "projectPage": "https://kettle.example/",
        "githubRepo": "https://github.com/lab/kettle",
        "githubStars": 12,
        "ai_summary": "Kettles are folded.",
        "ai_keywords": ["kettles", "folding"],
        "organization": {"_id": "0" * 24, "name": "lab", "fullname": "The Lab", "avatar": "https://x.example/a.png"},
    }
    others = [
        {
            "id": OTHER,
            "title": "Little is known of this kettle",
            "upvotes": 3,
            "publishedAt": "2026-03-05T00:00:00.000Z",
        },
        {"id": HIDDEN, "title": "A kettle that a moderator hid", "upvotes": 99},
    ]
    return [{"paper": paper, "title": paper["title"], "numComments": 4} for paper in (full, *others)]


def fill(house: House) -> None:
    """Lay the shelf out, the hub's day with it, and hide one paper of that."""
    day = BytesIO(json.dumps(told_by_the_hub()).encode())
    read = [each for each in parse(day, name="2026-03-06.json", observed=NOW) if isinstance(each, Record)]
    keep(house.store, [*shelf(), *read], at=NOW)
    moderating.hide(house, make_reader(house, "mo", role="moderator"), HIDDEN, "spam")
    catch_up(house)


@dataclass(frozen=True, slots=True)
class Town:
    """A house that others reach, a reader with a token for reading and one for both, and a program that comes to it."""

    house: House
    ann: Reader
    reads: str
    writes: str
    client: TestClient

    def get(self, url: str, **headers: str) -> Any:
        """Ask as anybody."""
        return self.client.get(url, headers=headers)

    def ask(self, method: str, url: str, token: str = "", body: Any = None) -> Any:
        """Ask as whoever's token it is; with the one that writes if none is given."""
        return self.client.request(method, url, json=body, headers={"Authorization": f"Bearer {token or self.writes}"})


def a_town(opened: House, client: TestClient) -> Town:
    """Give the town around an open house."""
    ann = make_reader(opened, "ann")
    _, reads = tokens.make(opened, ann, "Reads", ["read"], 30)
    _, writes = tokens.make(opened, ann, "Writes", ["read", "write"], 30)
    return Town(opened, ann, reads, writes, client)


def settings(home: Any, **more: Any) -> Settings:
    """Give the settings of a house that others reach."""
    told = {"public_url": PUBLIC, "secret_key": SECRET_KEY, "mail_from": "post@papers.example", "api_quota": 0}
    return Settings(home=home, **{**told, **more})


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    home = tmp_path_factory.mktemp("town")
    with open_house(settings(home), clock=lambda: NOW) as house:
        fill(house)
        with TestClient(
            create_app(house), base_url=PUBLIC, follow_redirects=False, raise_server_exceptions=False
        ) as client:
            yield a_town(house, client)


@pytest.fixture(autouse=True)
def rested(request: pytest.FixtureRequest) -> None:
    """Let nobody have done too much before a test, whichever ran before: the time stands still here."""
    if "town" in request.fixturenames:
        town: Town = request.getfixturevalue("town")
        with town.house.store.writing() as connection:
            limits.sweep(connection, float("inf"))


@pytest.fixture(scope="session")
def at_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house at this machine."""
    with open_house(Settings(home=tmp_path_factory.mktemp("at_home")), clock=lambda: NOW) as house:
        fill(house)
        yield house


@pytest.fixture(scope="session")
def address(at_home: House) -> Iterator[str]:
    """The address of the house at this machine, behind its real server."""
    with serving(create_app(at_home)) as served:
        yield served
