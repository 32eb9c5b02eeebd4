"""A world that all tests of a file share, and one that each test finds as it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.security.forms import Site, visit
from tests.security.world import World, open_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A public house with everybody and everything."""
    folder: Path = tmp_path_factory.mktemp("world")
    with open_world(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def sites(world: World) -> dict[str, Site]:
    """What each of some finds, by what they are called in VISITORS."""
    return {
        kind: visit(world, world.caller(kind)) for kind in ("anybody", "newcomer", "owner", "other reader", "admin")
    }
