"""A house at this machine behind its real server, with readers, their tokens, and papers that mean harm."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from tests.mcp.agents import Errand, over_http
from tests.mcp.smuggling import hostile_records
from tests.readers import make_reader
from tests.web.conftest import NOW, shelf
from tests.web.serving import serving

from broadsheet.flow.accounts import tokens
from broadsheet.flow.house import House
from broadsheet.flow.lists import keeping, labels
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.moderating import papers as moderating
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.flow.voting import upvote
from broadsheet.model.reader import Reader
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.wiring import open_house

HIDDEN_BY_ALL, HIDDEN_BY_ANN = "2502.00029", "2502.00004"


@dataclass(frozen=True, slots=True)
class Town:
    """A house and its address; Ann has a token to read and one to write, Bo keeps a label to himself."""

    house: House
    address: str
    ann: Reader
    bo: Reader
    reads: str
    writes: str

    def send(self, errand: Errand, *, token: str = "", mode: str = "auto"):  # noqa: ANN201 - what the errand gives
        """Send an agent."""
        return over_http(self.address, errand, token=token, mode=mode)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    home = tmp_path_factory.mktemp("agents")
    with open_house(Settings(home=home), clock=lambda: NOW) as house:
        keep(house.store, [*shelf(), *hostile_records()], at=NOW)
        ann, bo, mo = make_reader(house, "ann"), make_reader(house, "bo"), make_reader(house, "mo", role="moderator")
        moderating.hide(house, mo, HIDDEN_BY_ALL, "spam")
        keeping.mark(house, ann, HIDDEN_BY_ANN, "hidden")
        upvote.cast(house, mo, "2502.00007")
        labels.make(house, bo, Wanted("Secrets"))
        labels.put(house, bo, "secrets", "2502.00001", "nobody may know")
        catch_up(house)
        _, reads = tokens.make(house, ann, "Reads", ["read"], 30)
        _, writes = tokens.make(house, ann, "Writes", ["read", "write"], 30)
        with serving(create_app(house)) as address:
            yield Town(house, address, ann, bo, reads, writes)
