"""A house that others reach, with papers, two readers, their labels, a saved search and what one of them follows."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from starlette.testclient import TestClient
from tests.readers import make_reader
from tests.web.conftest import NOW, PUBLIC, SECRET_KEY, shelf

from broadsheet.flow.accounts import tokens
from broadsheet.flow.house import House
from broadsheet.flow.lists import keeping, labels
from broadsheet.flow.lists.keeping import Wish
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.people import following
from broadsheet.flow.reading import saved_searches
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.model.query import Query
from broadsheet.model.reader import Reader
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.wiring import open_house


@dataclass(frozen=True, slots=True)
class World:
    """The house, its readers, and browsers that come to it; Ann's token may read."""

    house: House
    ann: Reader
    bo: Reader
    token: str
    client: TestClient

    def get(self, url: str, token: str = "", **headers: str):  # noqa: ANN201 - whatever the client answers with
        """Ask for an address, as whoever's token it is."""
        told = {"Authorization": f"Bearer {token}"} if token else {}
        return self.client.get(url, headers={**told, **headers})


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home = tmp_path_factory.mktemp("feeds")
    settings = Settings(home=home, public_url=PUBLIC, secret_key=SECRET_KEY, mail_from="post@papers.example")
    with open_house(settings, clock=lambda: NOW) as house:
        keep(house.store, shelf(), at=NOW)
        catch_up(house)
        ann, bo = make_reader(house, "ann"), make_reader(house, "bo")
        for name, seen_by in (("Tea", "all"), ("Secrets", "me")):
            label = labels.make(house, ann, Wanted(name, f"About {name} & <more>", seen_by))
            for number in range(1, 8):
                labels.put(house, ann, label.slug, f"2502.{number:05d}")
        saved_searches.save(house, "Kettles", Query(text="kettle", sort="date"), reader=ann)
        for kind, target in (
            ("author", "ann-lee"),
            ("organisation", "tea-institute-co"),
            ("category", "cs.LG"),
            ("label", "ann/secrets"),
            ("search", "kettles"),
        ):
            following.follow(house, ann, kind, target)
        keeping.keep(house, bo, "2603.00001", Wish([], "hidden", ""))
        _, token = tokens.make(house, ann, "feeds", ["read"], 30)
        app = create_app(house)
        with TestClient(app, base_url=PUBLIC, follow_redirects=False, raise_server_exceptions=False) as client:
            yield World(house, ann, bo, token, client)
