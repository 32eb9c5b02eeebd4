"""A house with papers of arXiv's and others, asked by a program."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.empty_store import empty_home
from tests.readers import make_reader
from tests.web.conftest import NOW, shelf, told

from broadsheet.flow.house import House
from broadsheet.flow.moderating import papers as moderating
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Author, Record, Version
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.wiring import open_house

HIDDEN = "2502.00030"
MANY = 260


def lamps() -> Iterator[Record]:
    """Write many papers on lamps, a day after the other; the older, the later changed."""
    for number in range(1, MANY + 1):
        day = date(2020, 1, 1) + timedelta(days=number)
        changed = date(2025, 1, 1) - timedelta(days=number)
        yield told(
            f"2001.{number:05d}",
            f"Lamp {number} and its light",
            abstract="A lamp is lit.",
            authors=(Author("Yann LeCun", "Lamp Lab"), Author(f"Kit Number{number}")),
            published=day.isoformat(),
            updated=changed.isoformat(),
            categories=("physics.optics", "cs.CV"),
            versions=(Version(1, day.isoformat()), Version(2, changed.isoformat())),
            venue="Journal of Lamps",
            ids=(ExternalId("arxiv", f"2001.{number:05d}"), ExternalId("doi", f"10.1000/lamp.{number}")),
            source="arxiv",
            comment=f"{number} pages",
        )


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The house, at this machine."""
    home = empty_home(tmp_path_factory.mktemp("query") / "home")
    with open_house(Settings(home=home), clock=lambda: NOW) as house:
        keep(house.store, [*shelf(), *lamps()], at=NOW)
        moderating.hide(house, make_reader(house, "mo", role="moderator"), HIDDEN, "spam")
        catch_up(house)
        yield house


@pytest.fixture(scope="session")
def program(asked: House) -> Iterator[TestClient]:
    with TestClient(create_app(asked), base_url="http://127.0.0.1", raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture(scope="session")
def found(program: TestClient) -> Any:
    """Ask by parameters and read the answer: how many there are, and the ids of this page."""

    def found(search_query: str = "", **params: object) -> tuple[int, list[str]]:
        from feedparser import parse

        told_ = {"search_query": search_query, **params}
        answer = program.get("/arxiv/api/query", params={name: str(value) for name, value in told_.items()})
        assert answer.status_code == 200, answer.text
        read = parse(answer.content)
        assert read.bozo == 0
        assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
        return int(read.feed.opensearch_totalresults), [entry.id.rpartition("abs/")[2] for entry in read.entries]

    return found
