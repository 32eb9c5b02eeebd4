"""kill -9 loses nothing and doubles nothing (a sample of the points; kill_points.py tries them all)."""

import shutil
from pathlib import Path

import pytest
from tests.chaos.kill_points import count_writes, kill_everywhere, write_papers

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


def test_an_import_killed_at_any_write_loses_and_doubles_nothing(tmp_path: Path) -> None:
    (tmp_path / "count").mkdir()
    write_papers(tmp_path / "count" / "papers.jsonl", 40)
    writes = count_writes(tmp_path / "count" / "home", tmp_path / "count" / "papers.jsonl")
    outcome = kill_everywhere(tmp_path, every=max(1, writes // 24))
    assert outcome.faults == ()
    assert outcome.killed >= outcome.points - 2
