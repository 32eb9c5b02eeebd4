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


def run(home: Path, *words: str, expect: int = 0, stdin: str = "") -> str:
    """Run a command against ``home`` and give what it wrote to stdout (or stderr when it must fail)."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("BROADSHEET_")}
    env |= {"BROADSHEET_HOME": str(home), "NO_COLOR": "1", "COLUMNS": "200"}
    done = subprocess.run(
        [BROADSHEET, *words], env=env, capture_output=True, text=True, timeout=60, check=False, input=stdin
    )
    assert done.returncode == expect, done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    return done.stdout if expect == 0 else done.stderr + done.stdout


def answer(home: Path, *words: str, expect: int = 0, stdin: str = "") -> Any:
    return json.loads(run(home, *words, "--json", expect=expect, stdin=stdin))


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


def test_search_tells_why_and_goes_the_way_it_is_told(home: Path) -> None:
    (hit,) = answer(home, "search", "folding", "napkins")["hits"]
    assert (hit["evidence"], hit["guess"]) == ("phrase", False)
    assert "  phrase" in run(home, "search", "folding", "napkins")
    assert answer(home, "search", "napkins", "--way", "words")["related"] == 0
    near = answer(home, "search", "napkins", "--way", "meaning")
    assert (near["total"], near["related"], len(near["hits"])) == (0, 1, 1)
    assert "1 paper near in meaning" in run(home, "search", "napkins", "--way", "meaning")


def test_a_passage_is_read_from_a_file_or_a_pipe(home: Path, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_bytes("\ufeffWe -fold title:napkins (\r\n".encode() + b"\xff")
    found = answer(home, "search", "--passage", str(tmp_path / "text.txt"))
    assert ([hit["id"] for hit in found["hits"]], found["notices"]) == (["2401.00001"], [])
    assert answer(home, "search", "--passage", "-", stdin="We fold napkins")["hits"] == found["hits"]


def test_papers_like_others_are_found_beside_them(home: Path, tmp_path: Path) -> None:
    twin = PAPER | {"id": "2402.00002", "title": "Folding Cloth with Graph Networks"}
    (tmp_path / "twin.jsonl").write_text(json.dumps(twin), "utf-8")
    answer(home, "import", str(tmp_path / "twin.jsonl"))
    assert "The closest papers in" in run(home, "search", "--like", "2401.00001")
    found = answer(home, "search", "--like", "arxiv:2401.00001v1")
    assert [hit["id"] for hit in found["hits"]] == ["2402.00002"]
    assert answer(home, "search", "folding", "--unlike", "2401.00001")["hits"][0]["id"] == "2402.00002"
    (near,) = answer(home, "show", "2401.00001", "--similar")["similar"]
    assert (near["id"], near["title"]) == ("2402.00002", twin["title"])
    assert twin["title"] in run(home, "show", "2401.00001", "--similar")
    assert "similar" not in answer(home, "show", "2401.00001")


def test_search_goes_straight_to_a_pasted_address(home: Path) -> None:
    found = answer(home, "search", "https://arxiv.org/abs/2401.00001v1")
    assert found["exact"]
    assert found["hits"][0]["id"] == "2401.00001"


def test_show_today_and_problems_speak_json_and_text(home: Path) -> None:
    assert answer(home, "show", "2401.00001")["authors"] == ["Ann Lee"]
    assert run(home, "show", "2401.00001", "--bibtex").startswith("@")
    assert "arXiv:2401.00001" in run(home, "show", "2401.00001", "--cite", "apa")
    run(home, "show", "2401.00001", "--cite", "x", expect=2)
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
    assert "--way takes" in run(home, "search", "x", "--way", "up", expect=2)
    assert "not both" in run(home, "search", "x", "--passage", "-", expect=2)
    assert "No paper is known" in run(home, "search", "--like", "9999.99999", expect=3)
    assert "Name a paper to be like" in run(home, "search", "--unlike", "2401.00001", expect=2)
    assert "no file" in run(home, "search", "--passage", "absent.txt", expect=3)
    assert "is empty" in run(home, "search", "--passage", "-", expect=2)
    assert "at most 20,000" in run(home, "search", "--passage", "-", expect=2, stdin="a " * 50_000)
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
