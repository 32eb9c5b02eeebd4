"""Search by meaning as an operator keeps it: while serving, from another process, with an embedder that is down."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tests.papers import record
from tests.waiting import until

from broadsheet.cli.background import catching_up
from broadsheet.errors import Unavailable
from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep
from broadsheet.settings import Settings
from broadsheet.wiring import open_house

BROADSHEET = Path(sys.executable).with_name("broadsheet")
PAPERS = [{"id": f"2401.{n:05d}", "title": f"Folding napkin {n}", "authors": ["Ann Lee"]} for n in range(1, 6)]


def answer(home: Path, *words: str, expect: int = 0, **settings: str) -> Any:
    env = os.environ | {"BROADSHEET_HOME": str(home)} | {f"BROADSHEET_{k.upper()}": v for k, v in settings.items()}
    done = subprocess.run([BROADSHEET, *words, "--json"], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == expect, done.stderr + done.stdout
    return json.loads(done.stdout), done.stderr


@pytest.fixture
def papers(tmp_path: Path) -> str:
    path = tmp_path / "papers.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in PAPERS), "utf-8")
    return str(path)


def embedded(house: House, *, at_least: int) -> int:
    """Wait until so many papers are among the vectors that answer."""
    counts = [0]

    def enough() -> bool:
        with suppress(Unavailable):
            counts.append(house.spaces.answering().vectors.count())
        return counts[-1] >= at_least

    until(enough)
    return counts[-1]


def test_what_another_process_imports_is_among_the_vectors(tmp_path: Path, papers: str) -> None:
    with open_house(Settings(home=tmp_path / "home")) as house:
        answer(tmp_path / "home", "import", papers)
        assert embedded(house, at_least=5) == 5


def test_what_a_killed_process_leaves_is_embedded_while_up_serves(tmp_path: Path) -> None:
    with open_house(Settings(home=tmp_path / "home")) as house:
        keep(house.store, [record(number) for number in range(1, 8)], at=house.clock())
        with catching_up(house):
            assert embedded(house, at_least=7) == 7


def test_all_can_be_embedded_anew(tmp_path: Path, papers: str) -> None:
    home = tmp_path / "home"
    answer(home, "import", papers)
    for option, count in (("--embeddings", 5), ("--from-scratch", 0)):
        done, _ = answer(home, "reindex", option)
        assert (done["indexed"], done["embedded"]) == (5, count)
        found, _ = answer(home, "doctor")
        assert (found["well"], found["healed"], found["meaning"]["embedded"]) == (True, False, 5)


def test_an_embedder_that_is_down_spoils_no_command(tmp_path: Path, papers: str) -> None:
    home = tmp_path / "home"
    down = {"embedder": "http://127.0.0.1:9/v1", "embedder_model": "some-model"}
    imported, _ = answer(home, "import", papers, **down)
    assert imported["new"] == 5
    found, _ = answer(home, "search", "napkin", **down)
    assert len(found["hits"]) == 5
    failed, _ = answer(home, "reindex", expect=6, **down)
    assert failed["kind"] == "Unavailable"
