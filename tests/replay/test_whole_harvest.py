"""One harvest of arXiv's list from beginning to end in virtual time, against a service that is hard to please."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.replay.arxiv_oai import ArxivOai
from tests.replay.faults import Faults
from tests.replay.server import Place, ReplayServer
from tests.replay.simulation import OAI
from tests.replay.site import Moved
from tests.replay.verdict import impatient, overlapping, too_close
from tests.replay.virtual_time import Timekeeper, VirtualTime
from tests.replay.worker import opened
from tests.replay.world import World

from broadsheet.flow.harvesting import sources
from broadsheet.flow.harvesting.harvest import harvest
from broadsheet.flow.house import House
from broadsheet.model.harvest import Run
from broadsheet.store import papers

WORLD = World(seed=8, days=20, old=150)
BUSY = ("busy-seconds", "busy-date", "too-many")


@pytest.fixture
def time(tmp_path: Path) -> Iterator[VirtualTime]:
    found = VirtualTime(WORLD.ends_at, tmp_path / "now")
    yield found
    found.close()


@pytest.fixture
def server(time: VirtualTime) -> Iterator[ReplayServer]:
    with ReplayServer({OAI: Place(ArxivOai(WORLD))}, time=time) as found:
        yield found


@pytest.fixture
def house(time: VirtualTime, server: ReplayServer, tmp_path: Path) -> Iterator[House]:
    keeper = Timekeeper(time.address)
    with opened(tmp_path / "house", keeper, f"{OAI}={server.url(OAI)}") as found:
        sources.add(found, sources.Order(kind="arxiv"))
        yield found
    keeper.leave()


def to_the_end(house: House) -> Run:
    """Harvest until a run comes to its end, as a worker would."""
    while (run := harvest(house, "arxiv")).outcome in {"waiting", "parked"}:
        source = sources.named(house, "arxiv")
        assert source.next_at
        house.wait((source.next_at - house.clock()).total_seconds())
    return run


def held(house: House) -> dict[str, str]:
    with house.store.reading() as connection:
        return {paper.slug: paper.title for paper in papers.stream(connection, 0, 10_000)}


def expected() -> dict[str, str]:
    known = WORLD.papers_at(WORLD.ends_at).values()
    return {told.paper.id: told.paper.title for told in known if not told.paper.deleted}


def test_h2_a_thousand_503_and_429_are_obeyed_in_one_harvest(house: House, server: ReplayServer) -> None:
    faults = Faults(0.75, 4, BUSY)
    server.places[OAI] = Place(ArxivOai(WORLD, page=1), faults)
    assert to_the_end(house).outcome == "done"
    visits = server.visits_to(OAI)
    assert sum(faults.counts.values()) >= 1_000
    assert all(faults.counts[kind] > 250 for kind in BUSY)
    assert impatient(visits) == []
    assert too_close(visits, 3.0) == []
    assert held(house) == expected()


@pytest.mark.parametrize("status", [301, 308])
def test_h15_a_moved_base_address_is_followed_and_told_of_once(
    house: House, server: ReplayServer, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    server.places[OAI], server.places["elsewhere"] = Place(Moved(server.url("elsewhere"), status)), server.places[OAI]
    with caplog.at_level(logging.WARNING):
        assert to_the_end(house).outcome == "done"
    assert held(house) == expected()
    assert len(server.visits_to("elsewhere")) > 2
    assert [line.levelname for line in caplog.records if "moved" in line.getMessage()] == ["WARNING"]
    every = [visit for visit in server.visits if visit.site in {OAI, "elsewhere"}]
    assert too_close(every, 3.0) == []
    assert overlapping([(visit.began, visit.ended) for visit in every]) == []


def test_h15_an_address_that_is_not_allowed_is_not_followed(house: House, server: ReplayServer) -> None:
    server.places[OAI] = Place(Moved(server.astray, 301))
    run = harvest(house, "arxiv")
    assert run.outcome != "done"
    assert "localhost" in run.message
    assert server.visits_to("astray") == []
    assert held(house) == {}
