"""kill -9 at random moments of harvests and of indexing (harvest_kills.py does it ten thousand times)."""

from pathlib import Path

from tests.chaos.harvest_kills import Tally, kill_for


def test_h6_three_hundred_random_kills_of_harvest_and_index_lose_and_double_nothing(tmp_path: Path) -> None:
    tally = kill_for(300, 1, tmp_path, Tally())
    assert tally.kills >= 300
    assert tally.faults == []
