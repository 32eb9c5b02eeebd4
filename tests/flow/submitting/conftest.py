"""A house that holds nobody's first submission, the sites it asks, and Ann, who has been here for a year."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.flow.submitting.sites import Day, Sites, opened, serving_sites

from broadsheet.flow.house import House
from broadsheet.model.reader import Reader
from broadsheet.store import readers


@pytest.fixture
def sites() -> Iterator[Sites]:
    with serving_sites() as served:
        yield served


@pytest.fixture
def day() -> Day:
    return Day()


@pytest.fixture
def house(tmp_path: Path, day: Day, sites: Sites) -> Iterator[House]:
    with opened(tmp_path / "home", day, sites, submit_hold_first=0) as house:
        yield house


@pytest.fixture
def strict_house(house: House) -> House:
    """The same house, which holds the first submission of a reader."""
    return replace(house, settings=replace(house.settings, submit_hold_first=1))


@pytest.fixture
def ann(house: House) -> Reader:
    with house.store.writing() as connection:
        return readers.insert(connection, "ann", "Ann", at=house.clock() - timedelta(days=365))
