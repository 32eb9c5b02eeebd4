"""The command line as an operator types it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BROADSHEET = Path(sys.executable).with_name("broadsheet")
PAPER = {
    "id": "2401.00001",
    "title": "Folding Napkins with Graph Networks",
    "abstract": "We fold napkins.",
    "authors": ["Ann Lee"],
    "published": "2024-01-02",
    "daily_dates": ["2024-01-03"],
}


def run(home: Path, *words: str, expect: int = 0) -> str:
    """Run a command against ``home`` and give what it wrote to stdout (or stderr when it must fail)."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("BROADSHEET_")}
    env |= {"BROADSHEET_HOME": str(home), "NO_COLOR": "1", "COLUMNS": "200"}
    done = subprocess.run([BROADSHEET, *words], env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == expect, done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    return done.stdout if expect == 0 else done.stderr + done.stdout


def answer(home: Path, *words: str, expect: int = 0) -> Any:
    return json.loads(run(home, *words, "--json", expect=expect))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A house with one imported paper."""
    (tmp_path / "papers.jsonl").write_text(json.dumps(PAPER) + "\n{broken\n", "utf-8")
    imported = answer(tmp_path / "home", "import", str(tmp_path / "papers.jsonl"))
    assert (imported["new"], imported["problems"]) == (1, 1)
    return tmp_path / "home"


def test_search_answers_hits_with_id_title_and_score(home: Path) -> None:
    found = answer(home, "search", "napkins")
    assert [(hit["id"], hit["title"]) for hit in found["hits"]] == [("2401.00001", PAPER["title"])]
    assert found["hits"][0]["score"] > 0
    assert "Folding Napkins" in run(home, "search", "napkins")
    assert "No paper matches" in run(home, "search", "zeppelin")


def test_search_goes_straight_to_a_pasted_address(home: Path) -> None:
    found = answer(home, "search", "https://arxiv.org/abs/2401.00001v1")
    assert found["exact"]
    assert found["hits"][0]["id"] == "2401.00001"


def test_show_today_and_problems_speak_json_and_text(home: Path) -> None:
    assert answer(home, "show", "2401.00001")["authors"] == ["Ann Lee"]
    assert run(home, "show", "2401.00001", "--bibtex").startswith("@")
    assert answer(home, "today")["day"] == "2024-01-03"
    assert "Folding Napkins" in run(home, "today", "2024-01-03")
    assert "nearest day" in run(home, "today", "2024-01-09")
    assert len(answer(home, "problems")["problems"]) == 1
    assert answer(home, "merges") == {"merges": []}


def test_doctor_and_reindex_agree_with_the_store(home: Path) -> None:
    assert answer(home, "doctor")["well"]
    assert answer(home, "reindex", "--from-scratch")["indexed"] == 1
    assert answer(home, "doctor")["differences"] == 0


def test_a_mistake_gets_a_sentence_and_an_exit_code(home: Path) -> None:
    assert "No paper is known" in run(home, "show", "9999.99999", expect=3)
    assert answer(home, "show", "9999.99999", expect=3)["kind"] == "NotFound"
    assert "no file or folder" in run(home, "import", "absent.bib", expect=3)
    assert "--sort takes" in run(home, "search", "x", "--sort", "magic", expect=2)
    assert "No such command" in run(home, "serch", expect=2)


def test_an_unknown_setting_is_refused_by_name(home: Path) -> None:
    (home / "broadsheet.toml").write_text("prot = 80\n", "utf-8")
    assert "'prot'" in run(home, "today", expect=2)


def test_merged_records_can_be_parted_again(tmp_path: Path) -> None:
    twin = {key: value for key, value in PAPER.items() if key != "id"} | {"id": "doi:10.1234/napkin", "venue": "FOLD"}
    path = tmp_path / "twins.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in (PAPER, twin | {"doi": "10.1234/napkin"})), "utf-8")
    home = tmp_path / "home"
    answer(home, "import", str(path))
    assert answer(home, "doctor")["papers"] == 1
    merge = answer(home, "merges")["merges"][0]["id"]
    run(home, "unmerge", str(merge))
    assert answer(home, "doctor")["papers"] == 2
    answer(home, "import", str(path))
    assert answer(home, "doctor")["papers"] == 2
