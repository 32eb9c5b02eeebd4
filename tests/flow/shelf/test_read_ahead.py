"""Files come in batches, the same ones from a process of their own as from here."""

import io
import json
import pickle
import shutil
import sys
from pathlib import Path

import pytest
from tests.contracts.store import FULL

from broadsheet.errors import Invalid, Unavailable
from broadsheet.flow.shelf import read_ahead as room
from broadsheet.flow.shelf.read_ahead import BATCH, read_ahead
from broadsheet.model.record import Problem


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """Enough papers for three batches, a broken line among them."""
    path = tmp_path / "papers – 論文.jsonl"
    lines = [json.dumps({"id": f"2401.{n:05d}", "title": f"Napkin {n}", "authors": ["Ann Lee"]}) for n in range(4_500)]
    lines[2_100] = "{broken"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_batches_hold_all_records_and_problems_and_tell_how_far_they_are(papers: Path) -> None:
    batches = list(read_ahead(papers))
    assert [len(records) + len(problems) for records, problems, _ in batches] == [BATCH, BATCH, 500]
    assert [problem.kind for _, problems, _ in batches for problem in problems] == ["bad-json"]
    progress = [bytes_read for _, _, bytes_read in batches]
    assert progress == sorted(progress)
    assert progress[-1] == papers.stat().st_size


def test_a_large_file_gives_the_same_from_a_process_of_its_own(papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = list(read_ahead(papers))
    monkeypatch.setattr(room, "WORTH_A_PROCESS_BYTES", 0)
    assert list(read_ahead(papers)) == here
    assert list(read_ahead(papers, format_name="ris")) != here


def test_reading_can_stop_early(papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "WORTH_A_PROCESS_BYTES", 0)
    batches = read_ahead(papers)
    assert len(next(batches)[0]) == BATCH
    batches.close()


def test_a_process_that_ends_before_its_file_is_told(papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "WORTH_A_PROCESS_BYTES", 0)
    monkeypatch.setattr(sys, "executable", shutil.which("true"))
    with pytest.raises(Unavailable, match="has ended"):
        list(read_ahead(papers))


def test_a_file_that_cannot_be_opened_is_invalid(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        list(read_ahead(tmp_path))


def test_what_is_sent_arrives_as_it_was() -> None:
    batch = ([FULL], [Problem("test", "line 1", "json", "Not JSON.", "{\ud800")], 7)
    pipe = io.BytesIO()
    room._send(batch, pipe)
    assert pickle.loads(pipe.getvalue()) == batch  # noqa: S301 - our own
