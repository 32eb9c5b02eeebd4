"""Processes that upvote at once lose nothing and count nobody twice."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from tests.conftest import NOW, ROOT
from tests.papers import record
from tests.readers import make_reader

from broadsheet.clock import system_clock
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.voting import trending
from broadsheet.flow.voting.replay import verify
from broadsheet.settings import Settings
from broadsheet.wiring import open_house

READERS = 12
LIMIT_S = 120


def test_processes_that_upvote_at_once_count_every_reader_once(tmp_path: Path) -> None:
    with open_house(Settings(home=tmp_path), clock=lambda: NOW - timedelta(days=100)) as house:
        keep(house.store, [record(1), record(2)], at=NOW)
        first, *_ = [make_reader(house, f"reader-{number}").id for number in range(READERS)]
    # The middle of the readers is told to both: the same reader upvotes in two processes.
    spans = [(first, first + 8), (first + 4, first + READERS)]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.flow.voting.voter", str(tmp_path), str(begin), str(end)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for begin, end in spans
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        process.communicate("go\n", timeout=LIMIT_S)
    assert [process.returncode for process in running] == [0, 0]
    with open_house(Settings(home=tmp_path), clock=system_clock) as house:
        found = {paper.slug: paper.upvotes for paper in trending.page(house).papers}
        assert found["2401.00001"] == READERS
        # The second process' own first reader may upvote again in the first one after taking it back.
        assert READERS - 2 <= found["2401.00002"] <= READERS - 1
        assert verify(house).agrees
