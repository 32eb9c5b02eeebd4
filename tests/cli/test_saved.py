"""Saved searches as an operator types them."""

import json
from pathlib import Path

import pytest
from tests.cli.test_cli import PAPER, answer, run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A house with two papers and one saved search."""
    twin = PAPER | {"id": "2402.00002", "title": "Unfolding Napkins", "published": "2024-02-02"}
    path = tmp_path / "papers.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in (PAPER, twin)), "utf-8")
    answer(tmp_path / "home", "import", str(path))
    added = answer(
        tmp_path / "home", "saved", "add", "Napkins & Co", "folding", "napkins", "--year", "2024", "--no-code"
    )
    assert added["query"] == {"text": "folding napkins", "years": [2024], "has_code": False}
    return tmp_path / "home"


def test_a_saved_search_is_listed_shown_and_made_again(home: Path) -> None:
    assert [saved["slug"] for saved in answer(home, "saved", "list")["saved"]] == ["napkins-co"]
    assert "folding napkins; years 2024; has code no" in run(home, "saved", "list")
    assert answer(home, "saved", "show", "napkins & co") == answer(home, "saved", "list")["saved"][0]
    assert "folding napkins" in run(home, "saved", "show", "napkins-co")
    found = answer(home, "saved", "run", "Napkins & Co")
    assert found["hits"] == answer(home, "search", "folding", "napkins", "--year", "2024", "--no-code")["hits"]
    assert "Folding Napkins" in run(home, "saved", "run", "napkins-co")
    newest = answer(home, "saved", "run", "napkins-co", "--newest", "--limit", "1")
    assert (
        newest["hits"]
        == answer(
            home, "search", "folding", "napkins", "--year", "2024", "--no-code", "--sort", "date", "--limit", "1"
        )["hits"]
    )


def test_a_saved_search_is_renamed_replaced_and_removed(home: Path) -> None:
    assert answer(home, "saved", "rename", "Napkins & Co", "Cloth")["slug"] == "napkins-co"
    assert "already" in run(home, "saved", "add", "cloth", "tea", expect=5)
    assert answer(home, "saved", "add", "cloth", "tea", "--replace")["query"] == {"text": "tea"}
    assert answer(home, "saved", "remove", "cloth") == {"removed": "napkins-co"}
    assert "No search is saved" in run(home, "saved", "list")
    assert answer(home, "saved", "run", "cloth", expect=3)["kind"] == "NotFound"


def test_a_way_and_papers_to_be_like_are_saved(home: Path) -> None:
    added = answer(home, "saved", "add", "Like", "--like", "2401.00001", "--unlike", "2402.00002", "--way", "meaning")
    assert added["query"] == {"like": ["2401.00001"], "unlike": ["2402.00002"], "way": "meaning"}
    assert answer(home, "saved", "run", "like")["hits"] == []
    told = answer(home, "saved", "add", "Text", "--passage", "-", stdin="Napkins -fold.")
    assert told["query"] == {"text": "Napkins -fold.", "passage": True}


MISTAKES = [
    (("add", "Nothing"), 2),
    (("add", "x" * 101, "tea"), 2),
    (("add", "Tea", "tea", "--sort", "magic"), 2),
    (("show", "absent"), 3),
    (("remove", "\udcff\udcfe"), 3),
    (("rename", "Napkins & Co", " "), 2),
]


def test_a_mistake_gets_a_sentence_and_an_exit_code(home: Path) -> None:
    for words, code in MISTAKES:
        run(home, "saved", *words, expect=code)
    assert len(answer(home, "saved", "list")["saved"]) == 1


def test_words_of_any_bytes_are_saved_as_words(home: Path) -> None:
    run(home, "saved", "add", "Bytes \udcff", "a\udcffb\x1b[31m\u202e", "学")
    assert answer(home, "saved", "show", "Bytes")["query"] == {"text": "a b [31m\u202e 学"}
    assert "\x1b" not in run(home, "saved", "list")
