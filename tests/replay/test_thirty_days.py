"""Thirty days of arXiv and Hugging Face from an empty house, in virtual time: H1 and completeness under faults."""

import pytest
from tests.replay.faults import ALL
from tests.replay.simulation import GAPS_S, HF, OAI, Plan, Simulated, simulate
from tests.replay.verdict import impatient, overlapping, too_close
from tests.replay.world import World

WORLD = World(seed=3, days=30)


@pytest.fixture(scope="module")
def faultless(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    return simulate(Plan(world=WORLD, workers=1), tmp_path_factory.mktemp("faultless"))


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    """Four processes, of which twelve are killed on the way, and five requests in a hundred that go wrong."""
    return simulate(
        Plan(world=WORLD, rate=0.05, seed=11, kinds=ALL, workers=4, kills=12), tmp_path_factory.mktemp("faulty")
    )


def test_thirty_days_without_faults_hold_every_paper_as_the_world_has_it(faultless: Simulated) -> None:
    # Hugging Face also shows older papers, and one that arXiv has deleted since.
    from_hf = {entry.paper.id: entry.paper for entry in WORLD.entries}
    from_arxiv = {
        own: told.paper
        for own, told in WORLD.papers_at(WORLD.ends_at).items()
        if told.stamp >= WORLD.start and not told.paper.deleted
    }
    held = {own: (paper.title, paper.abstract) for own, paper in faultless.papers.items()}
    assert held == {own: (paper.title, paper.abstract) for own, paper in (from_hf | from_arxiv).items()}
    days = {(entry.paper.id, entry.day) for entry in WORLD.entries}
    assert {(own, day) for own, paper in faultless.papers.items() for day in paper.days} == days


def test_thirty_days_with_faults_and_kills_end_with_the_papers_of_a_faultless_run(
    faultless: Simulated, faulty: Simulated
) -> None:
    assert faulty.killed == 12
    assert sum(sum(place.faults.counts.values()) for place in faulty.server.places.values()) >= 40
    assert faulty.shown == faultless.shown


@pytest.mark.parametrize("service", [OAI, HF])
def test_h1_no_two_requests_of_thirty_days_are_closer_than_the_gap(faulty: Simulated, service: str) -> None:
    visits = faulty.server.visits_to(service)
    assert len(visits) > 100
    assert too_close(visits, GAPS_S[service]) == []


@pytest.mark.parametrize("service", [OAI, HF])
def test_h1_no_two_connections_of_four_processes_overlap_over_kills_and_restarts(
    faulty: Simulated, service: str
) -> None:
    assert overlapping(faulty.server.connections_to(service)) == []


@pytest.mark.parametrize("service", [OAI, HF])
def test_h2_every_wish_to_wait_of_thirty_days_is_granted(faulty: Simulated, service: str) -> None:
    assert impatient(faulty.server.visits_to(service)) == []


def test_nobody_is_led_astray(faulty: Simulated) -> None:
    assert faulty.server.visits_to("astray") == []
    assert {visit.agent.partition("/")[0] for visit in faulty.server.visits} == {"Broadsheet"}
