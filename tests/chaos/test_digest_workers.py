"""M3: several processes send from one queue, on either database, and each digest arrives once."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from tests.chaos.digest_kills import Lane, fast_folder, lane, wrong
from tests.chaos.digest_lane import settings_of
from tests.chaos.digest_sink import Sink, emptied, sink
from tests.flow.sending.queued import NOW, addresses, queue_up, shelve, states

from broadsheet.settings import Settings
from broadsheet.wiring import open_house

COUNT, WORKERS = 500, 3


@pytest.fixture
def workers() -> Iterator[Lane]:
    with lane() as opened:
        yield opened


@pytest.fixture
def server() -> Iterator[Sink]:
    with sink(1) as opened:
        yield opened


@pytest.fixture
def folder() -> Iterator[Path]:
    with fast_folder() as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        yield ""
        return
    url = str(request.getfixturevalue("postgresql_url"))
    name = "digest_workers"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def fill(settings: Settings) -> None:
    with open_house(settings, clock=lambda: NOW) as house:
        shelve(house)
        queue_up(house, addresses(COUNT))


def test_several_workers_hand_each_digest_over_once(workers: Lane, folder: Path, database: str) -> None:
    settings = settings_of(folder, "", database)
    fill(settings)
    settings.outbox_folder.mkdir()
    with emptied(settings.outbox_folder) as arrived:
        assert not workers.live(folder, NOW, "", WORKERS, database=database)["failed"]
    with open_house(settings, clock=lambda: NOW) as house:
        assert states(house) == {"sent": COUNT}
        assert list(wrong(house, arrived, kills=0, by_spool=True)) == []
    assert set(arrived.values()) == {1}


def test_several_workers_send_each_digest_once(workers: Lane, folder: Path, database: str, server: Sink) -> None:
    settings = settings_of(folder, server.url, database)
    fill(settings)
    assert not workers.live(folder, NOW, server.url, WORKERS, database=database)["failed"]
    with open_house(settings, clock=lambda: NOW) as house:
        assert states(house) == {"sent": COUNT}
    assert (len(server.arrived), set(server.arrived.values())) == (COUNT, {1})
