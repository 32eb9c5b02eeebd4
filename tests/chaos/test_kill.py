"""kill -9 loses nothing and doubles nothing (a sample of the points; kill_points.py tries them all)."""

import shutil
from pathlib import Path

import pytest
from tests.chaos import harvest_points
from tests.chaos.kill_points import VERBS, kill_everywhere

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
POINTS = 12


@pytest.mark.parametrize("verb", VERBS)
def test_a_command_killed_after_any_write_loses_and_doubles_nothing(verb: str, tmp_path: Path) -> None:
    outcome = kill_everywhere(verb, tmp_path, every=lambda writes: max(1, writes // POINTS))
    assert outcome.faults == ()
    assert outcome.killed >= outcome.points - 3


def test_h5_a_harvest_killed_after_any_write_loses_and_doubles_nothing(tmp_path: Path) -> None:
    outcome = harvest_points.kill_everywhere(tmp_path, every=lambda writes: max(1, writes // POINTS))
    assert outcome.faults == ()
    assert outcome.killed >= outcome.points - 3
