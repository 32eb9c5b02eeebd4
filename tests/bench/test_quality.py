"""The bench counts as BEIR does, and asks the search that readers use."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bench.beir import find_sets, read_set

from bench import quality, scores

PAPERS = [
    {"_id": "kettle", "title": "Tea kettles", "text": "A kettle whistles when the water in it boils."},
    {"_id": "kettle-2", "title": "Tea kettles", "text": "A kettle whistles when the water in it boils."},
    {"_id": "napkin", "title": "", "text": "Napkins fold along graphs. Nothing else is said."},
    {"_id": "sheep", "title": "Counting sheep", "text": "Sheep are counted at night by people who cannot sleep."},
]
QUERIES = [
    {"_id": "q1", "text": "whistling kettle"},
    {"_id": "q2", "text": "napkins on graphs"},
    {"_id": "q3", "text": "nobody judged this"},
    {"_id": "q4", "text": "sheep " * 5_000},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A set of four papers and three judged queries."""
    made = tmp_path / "sets" / "tiny"
    (made / "qrels").mkdir(parents=True)
    for name, rows in (("corpus", PAPERS), ("queries", QUERIES)):
        (made / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    lines = [
        "query-id\tcorpus-id\tscore",
        "q1\tkettle\t1",
        "q1\tkettle-2\t1",
        "q2\tnapkin\t2",
        "q2\tgone\t1",
        "q4\tsheep\t1",
    ]
    (made / "qrels" / "test.tsv").write_text("\n".join(lines) + "\n", "utf-8")
    return made


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["quality", *words])
    return quality.main()


@pytest.mark.parametrize(
    ("found", "ndcg", "recall", "first"),
    [
        (["a", "b", "x"], 1.0, 1.0, 1.0),
        (["x", "a"], (2 / np.log2(3)) / (2 + 1 / np.log2(3)), 0.5, 0.5),
        (["x", "y"], 0.0, 0.0, 0.0),
        ([], 0.0, 0.0, 0.0),
    ],
)
def test_an_order_is_scored_by_the_book(found: list[str], ndcg: float, recall: float, first: float) -> None:
    grades = {"a": 2, "b": 1, "y": 0}
    measures = (scores.ndcg, scores.recall, scores.reciprocal_rank)
    assert [measure(found, grades) for measure in measures] == pytest.approx([ndcg, recall, first])


def test_an_interval_holds_the_mean_and_is_always_the_same() -> None:
    each = [np.array([0.0, 1.0, 1.0, 0.5]), np.array([1.0, 1.0])]
    low, high = scores.interval(each)
    assert 0 < low < 0.8125 < high <= 1
    assert scores.interval(each) == (low, high)


def test_a_set_is_read_with_what_is_judged_and_there(folder: Path) -> None:
    assert find_sets([folder.parent]) == find_sets([folder]) == [folder]
    assert read_set(folder, "train") is None
    tiny = read_set(folder, "test")
    assert tiny is not None
    assert list(tiny.queries) == ["q1", "q2", "q4"]
    assert (tiny.cut, len(tiny.queries["q4"])) == (1, 20_000)
    assert tiny.judged["q2"] == {"napkin": 2}
    assert tiny.papers[2][1] == "Napkins fold along graphs"
    assert list(tiny.sampled(1, 3).queries) == list(tiny.sampled(1, 3).queries)


def test_papers_that_look_alike_are_counted_each(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, str(folder), "--json") == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert told["sets"]["tiny"] == {"papers": 4, "queries": 3, "cut": 1}
    assert list(told["systems"]) == ["BM25", "words", "meaning", "both"]
    recalled = {name: system["mean"]["R@100"]["mean"] for name, system in told["systems"].items()}
    assert {name: recalled[name] for name in ("BM25", "words", "both")} == {"BM25": 1.0, "words": 1.0, "both": 1.0}


def test_a_folder_without_a_set_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, str(tmp_path)) == 2


def test_a_split_that_is_not_there_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, str(folder), "--split", "dev") == 2
