"""Word indexes to test."""

from pathlib import Path

import pytest
from tests.contracts.text_index_papers import MANY, PAPERS

from broadsheet.index.engine import open_index
from broadsheet.index.port import TextIndex


@pytest.fixture
def index(tmp_path: Path) -> TextIndex:
    """An empty word index on tantivy."""
    return open_index(tmp_path / "index")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> TextIndex:
    """An index of PAPERS, only to be read."""
    made = open_index(tmp_path_factory.mktemp("filled"))
    made.write(PAPERS, (), 1)
    return made


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> TextIndex:
    """An index of MANY in several segments with papers replaced and removed, only to be read."""
    made = open_index(tmp_path_factory.mktemp("full"))
    made.write(MANY[100:200], (), 1)
    made.write([*PAPERS, *MANY[len(PAPERS) : 100]], (), 2)
    made.write([*MANY[: len(PAPERS)], *MANY[200:]], [150], 3)
    made.write([MANY[149]], (), 4)
    return made
