"""A stream is read in bounded memory, however long it is."""

import subprocess
import sys

import pytest
from tests.conftest import ROOT
from tests.sources.flood import STREAMS

MOST_MB = 40


@pytest.mark.parametrize(
    ("format_name", "megabytes"), [("jsonl", 200), *((name, 60) for name in STREAMS if name != "jsonl")]
)
def test_a_long_stream_takes_little_memory(format_name: str, megabytes: int) -> None:
    flood = [sys.executable, "-m", "tests.sources.flood", format_name, str(megabytes)]
    said = subprocess.run(flood, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    missing, peak = said.split()
    assert int(missing) == 0
    assert float(peak) < MOST_MB
