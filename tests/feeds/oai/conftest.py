"""A house that harvesters come to: papers of arXiv's and others, one part of another, one hidden, pages of seven."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from starlette.testclient import TestClient
from tests.empty_store import empty_home
from tests.readers import make_reader
from tests.web.conftest import NOW, shelf
from tests.web.serving import serving

from broadsheet.feeds.oai import lists
from broadsheet.flow.house import House
from broadsheet.flow.moderating import papers as moderating
from broadsheet.flow.shelf.keep import keep
from broadsheet.model.record import Record
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.wiring import open_house

OAI = "{http://www.openarchives.org/OAI/2.0/}"
HIDDEN, MERGED = "2502.00030", "2502.00029"


class Ticking:
    """A clock that goes on only by waiting."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def ticking() -> Ticking:
    return Ticking()


@pytest.fixture
def source(tmp_path: Path, ticking: Ticking, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """The house, at this machine."""
    monkeypatch.setattr(lists, "PAGE", 7)
    with open_house(Settings(home=empty_home(tmp_path / "source")), clock=ticking, wait=ticking.wait) as house:
        fill(house)
        yield house


def fill(house: House) -> None:
    keep(house.store, shelf(), at=house.clock())
    ids = tuple(next(r.ids[0] for r in shelf() if r.key == key) for key in ("2502.00028", MERGED))
    keep(house.store, [Record(source="said", key="one", title="Kettle study", ids=ids)], at=house.clock())
    moderating.hide(house, make_reader(house, "mo", role="moderator"), HIDDEN, "spam")


@pytest.fixture(scope="session")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Such a house that no test changes, with its pages whole."""
    home = empty_home(tmp_path_factory.mktemp("oai") / "home")
    with open_house(Settings(home=home), clock=lambda: NOW) as house:
        fill(house)
        with TestClient(create_app(house), base_url="http://127.0.0.1") as opened:
            yield opened


@pytest.fixture
def address(source: House) -> Iterator[str]:
    """Where the house is harvested, behind a real server."""
    with serving(create_app(source)) as url:
        yield f"{url}/oai"


@pytest.fixture
def client(source: House) -> Iterator[TestClient]:
    with TestClient(create_app(source), base_url="http://127.0.0.1", raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def ask(client: TestClient) -> Callable[..., ET.Element]:
    """Ask by GET with arguments, of which those that end with a line are words of Python's, and read the answer."""

    def ask(**arguments: str) -> ET.Element:
        answer = client.get("/oai", params={name.rstrip("_"): value for name, value in arguments.items()})
        assert answer.status_code == 200, answer.text
        return ET.fromstring(answer.content)  # noqa: S314 - what we wrote ourselves

    return ask


def code(answer: ET.Element) -> str:
    """Give the code of an answer's error, empty where there is none."""
    error = answer.find(f"{OAI}error")
    return "" if error is None else error.get("code", "")
