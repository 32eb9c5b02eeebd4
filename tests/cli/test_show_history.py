"""``broadsheet show --history`` as an operator types it."""

import json
from pathlib import Path

from tests.cli.test_cli import PAPER, answer, run


def telling(title: str, abstract: str, at: str) -> str:
    return json.dumps(PAPER | {"title": title, "abstract": abstract, "snapshot_at": at})


def test_show_tells_every_text_and_what_changed(tmp_path: Path) -> None:
    home, papers = tmp_path / "home", tmp_path / "papers.jsonl"
    for told in (
        telling("Folding Napkins", "We fold napkins.", "2024-01-03T20:00:00Z"),
        telling("Folding All Napkins", "We fold many napkins.", "2024-02-03T20:00:00Z"),
    ):
        papers.write_text(told + "\n", "utf-8")
        run(home, "import", str(papers))
    shown = run(home, "show", "2401.00001", "--history")
    assert "Title: Folding {+All+} Napkins" in shown
    assert "Abstract: We fold {+many+} napkins." in shown
    assert "told no more" in shown
    history = answer(home, "show", "2401.00001", "--history")["history"]
    assert [(text["title"], text["past"]) for text in history] == [
        ("Folding Napkins", True),
        ("Folding All Napkins", False),
    ]
    assert "history" not in answer(home, "show", "2401.00001")
