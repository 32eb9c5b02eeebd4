"""What is remembered of one state of the index, and how much."""

from pathlib import Path

import pytest
from tests.contracts.text_index_papers import paper

from broadsheet.index import snapshot as snapshots
from broadsheet.index.engine import TantivyIndex, open_index
from broadsheet.index.snapshot import Snapshot
from broadsheet.model.query import Query


@pytest.fixture
def looked_at(tmp_path: Path) -> Snapshot:
    """A state with two hundred words that begin alike."""
    index = open_index(tmp_path)
    assert isinstance(index, TantivyIndex)
    index.write([paper(1, " ".join(f"word{number}" for number in range(200)))], (), 1)
    return Snapshot(index.generation.index.schema, index.generation.index.searcher(), {})


def test_a_long_list_of_terms_is_asked_for_anew(looked_at: Snapshot) -> None:
    assert len(looked_at.counted("title_form", "word", 2_000)) == 200
    assert looked_at.terms_remembered == 0
    assert looked_at.counted("title_form", "word", 5) == looked_at.counted("title_form", "word", 5)
    assert looked_at.terms_remembered == 6


def test_only_so_many_terms_are_remembered(looked_at: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "_MOST_TERMS", 100)
    for limit in range(1, 64):
        assert len(looked_at.counted("title_form", "word", limit)) == limit
        assert looked_at.terms_remembered <= 100


def test_words_read_ahead_are_not_read_again_for_a_misspelt_one(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    assert isinstance(index, TantivyIndex)
    index.write([paper(number, "attention networks") for number in range(1, 6)], (), 5)
    index.warm()
    kept = dict(index.generation.kept)
    assert ("text", "a") in kept
    assert index.search(Query(text="atention"), deadline_ms=1_000).total == 5
    assert all(index.generation.kept[key] is told for key, told in kept.items())
