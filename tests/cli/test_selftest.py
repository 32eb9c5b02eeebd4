"""The self-test from the terminal."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

BROADSHEET = Path(sys.executable).with_name("broadsheet")
PAPERS = [
    {
        "id": f"2401.{n:05d}",
        "title": f"Folding napkin {n} with graphs",
        "abstract": f"Napkin {n} is folded along a graph of order {n * 7}. It keeps its shape in wind {n % 5}.",
    }
    for n in range(1, 31)
]


def run(home: Path, *words: str, expect: int = 0) -> str:
    env = os.environ | {"BROADSHEET_HOME": str(home)}
    done = subprocess.run([BROADSHEET, *words], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == expect, done.stderr + done.stdout
    return done.stdout


def answer(home: Path, *words: str, expect: int = 0) -> Any:
    return json.loads(run(home, *words, "--json", expect=expect))


def test_a_self_test_is_made_and_shown_again(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "papers.jsonl"
    assert answer(home, "selftest", "--show", expect=3)["kind"] == "NotFound"
    file.write_text("".join(json.dumps(row) + "\n" for row in PAPERS[:3]), "utf-8")
    run(home, "import", str(file))
    assert "too few papers" in answer(home, "selftest", expect=2)["error"]
    file.write_text("".join(json.dumps(row) + "\n" for row in PAPERS), "utf-8")
    run(home, "import", str(file))
    found = answer(home, "selftest", "--queries", "20", "--seed", "5")
    assert (found["papers"], found["seed"], len(found["measured"])) == (20, 5, 15)
    assert answer(home, "selftest", "--show") == found
    kept = answer(home, "selftest", "--queries", "20", "--keep-weight")
    assert (kept["trials"], kept["weight"]) == ([], found["weight"])
    said = run(home, "selftest", "--show")
    assert "fewer words" in said
    assert "The share of meaning is" in said
