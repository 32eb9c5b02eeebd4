"""A house at this machine behind its real server, which remembers what it was asked, and a reader's client for it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send
from tests.api.conftest import fill
from tests.readers import make_reader
from tests.web.conftest import NOW
from tests.web.serving import serving

from broadsheet import Client
from broadsheet.flow.accounts import tokens
from broadsheet.flow.house import House
from broadsheet.model.reader import Reader
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.wiring import open_house


@dataclass
class Recorded:
    """An application, and the method and address of all it was asked."""

    app: ASGIApp
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.asked.append((scope["method"], scope["path"]))
        await self.app(scope, receive, send)


@dataclass(frozen=True, slots=True)
class Served:
    """A house and where it is served, a reader of it with tokens for reading and for all."""

    house: House
    url: str
    asked: list[tuple[str, str]]
    ann: Reader
    reads: str
    writes: str

    def client(self, token: str = "", **more: Any) -> Client:
        """Make a client that says who it is by a token, or comes as anybody."""
        return Client(self.url, token, **more)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with open_house(Settings(home=tmp_path_factory.mktemp("served")), clock=lambda: NOW) as house:
        fill(house)
        recorded: Any = Recorded(create_app(house))
        ann = make_reader(house, "ann", role="admin")
        _, reads = tokens.make(house, ann, "Reads", ["read"], 30)
        _, writes = tokens.make(house, ann, "Writes", ["read", "write"], 30)
        with serving(recorded, lifespan="off") as url:
            yield Served(house, url, recorded.asked, ann, reads, writes)


@pytest.fixture
def client(served: Served) -> Iterator[Client]:
    """Ann's client."""
    with served.client(served.writes) as made:
        yield made


@pytest.fixture
def anybody(served: Served) -> Iterator[Client]:
    """A client without a token."""
    with served.client() as made:
        yield made
