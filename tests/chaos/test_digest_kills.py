"""M1, M2: workers that send digests are killed 300 times; nobody gets one twice, and whoever gets none is told of."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.chaos.digest_kills import Lane, fast_folder, kill_at_points, kill_often, lane, prepare
from tests.chaos.digest_sink import Sink, sink

SEED = 7
KILLS = 110
# A kill at each is tried by hand; here at one in three, just before it and just after it.
EVERY = 3


@pytest.fixture(scope="module")
def workers() -> Iterator[Lane]:
    with lane() as opened:
        yield opened


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with fast_folder() as made:
        yield made


@pytest.fixture
def server() -> Iterator[Sink]:
    with sink(SEED) as opened:
        yield opened


@pytest.fixture(scope="module")
def many(folder: Path) -> Path:
    return prepare(folder, 40)


@pytest.fixture(scope="module")
def few(folder: Path) -> Path:
    return prepare(folder, 2)


def test_killing_two_workers_at_random_neither_doubles_nor_loses_a_digest_in_the_spool(
    workers: Lane, many: Path
) -> None:
    tally = kill_often(workers, many, None, kills=KILLS, workers=2, seed=SEED)
    assert (tally.faults, tally.not_sent, tally.kills >= KILLS) == ([], 0, True)


def test_killing_two_workers_at_random_doubles_no_digest_at_a_server_that_errs_and_leaves_the_missing_in_doubt(
    workers: Lane, many: Path, server: Sink
) -> None:
    server.errs = 0.2
    tally = kill_often(workers, many, server, kills=KILLS, workers=2, seed=SEED)
    assert (tally.faults, tally.kills >= KILLS) == ([], True)


@pytest.mark.parametrize("after", [False, True])
def test_a_worker_killed_at_any_point_neither_doubles_nor_loses_a_digest_in_the_spool(
    workers: Lane, few: Path, *, after: bool
) -> None:
    tally = kill_at_points(workers, few, None, EVERY, after=after)
    assert (tally.faults, tally.not_sent, tally.kills > 0) == ([], 0, True)


@pytest.mark.parametrize("after", [False, True])
def test_a_worker_killed_at_any_point_of_a_session_leaves_one_digest_in_doubt_at_most(
    workers: Lane, few: Path, server: Sink, *, after: bool
) -> None:
    tally = kill_at_points(workers, few, server, EVERY, after=after)
    assert (tally.faults, tally.doubts <= tally.kills) == ([], True)
    assert tally.kills > 0
