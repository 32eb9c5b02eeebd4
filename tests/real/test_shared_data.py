"""Real data at once: everything comes in, nothing twice, every broken file is a listed problem.

Of the corpus every fifth paper: ``bench/run.py`` reads all of it.
"""

import gzip
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import NOW

from broadsheet.flow import daily
from broadsheet.flow.house import House
from broadsheet.flow.reading.search import search
from broadsheet.flow.shelf.import_files import Imported, import_files
from broadsheet.flow.upkeep.doctor import doctor
from broadsheet.model.query import Query
from broadsheet.settings import Settings
from broadsheet.wiring import open_house

PARTS = ("hf_daily", "fixtures", "saved_pages")
EACH = 5
CORPUS_PAPERS = -(-164_537 // EACH)


@dataclass(frozen=True)
class Shelf:
    """A house that holds shared/data, what each import said, and which files they read."""

    house: House
    files: dict[str, Path]
    imported: dict[str, Imported]


@pytest.fixture(scope="module")
def shelf(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """Import every part once, for all tests here."""
    home, sampled = tmp_path_factory.mktemp("shelf"), tmp_path_factory.mktemp("corpus") / "papers.jsonl"
    with gzip.open(shared_data / "corpus" / "papers.jsonl.gz", "rb") as lines, sampled.open("wb") as out:
        out.writelines(line for number, line in enumerate(lines) if number % EACH == 0)
    files = {"corpus": sampled, **{part: shared_data / part for part in PARTS}}
    with open_house(Settings(home=home), clock=lambda: NOW) as house:
        yield Shelf(house, files, {part: import_files(house, [file]) for part, file in files.items()})


def rows(home: Path) -> dict[str, int]:
    """Count the rows of every table."""
    db = sqlite3.connect(f"file:{home / 'broadsheet.db'}?mode=ro", uri=True)
    try:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
    finally:
        db.close()


def test_every_corpus_paper_comes_in(shelf: Shelf) -> None:
    kept = shelf.imported["corpus"].kept
    assert kept.total == CORPUS_PAPERS
    assert shelf.imported["corpus"].problem_count == 0


def test_all_501_days_have_a_page(shelf: Shelf, shared_data: Path) -> None:
    with gzip.open(shared_data / "hf_daily" / "daily_raw.jsonl.gz", "rt", encoding="utf-8") as lines:
        told = {day["date"]: {item["paper"]["id"] for item in day["items"]} for day in map(json.loads, lines)}
    assert len(told) == 501
    from datetime import date

    for day, ids in sorted(told.items())[::25]:
        shown = {str(i.value) for p in daily.page(shelf.house, date.fromisoformat(day)).papers for i in p.ids}
        assert ids <= shown, day


def test_broken_fixtures_are_problems_and_nothing_raises(shelf: Shelf) -> None:
    found = shelf.imported["fixtures"]
    broken = {problem.where.split(":")[0] for problem in found.problems}
    assert any("ListRecordsBroken" in where for where in broken)
    assert found.kept.total > 5_000


def test_importing_everything_again_changes_no_row(shelf: Shelf) -> None:
    before = rows(shelf.house.settings.home)
    for part, file in shelf.files.items():
        again = import_files(shelf.house, [file])
        assert (part, again.kept.new, again.kept.changed, again.kept.merged) == (part, 0, 0, 0)
    assert rows(shelf.house.settings.home) == before


def test_titles_on_two_saved_pages_become_one_paper_each(shared_data: Path, tmp_path: Path) -> None:
    with open_house(Settings(home=tmp_path), clock=lambda: NOW) as house:
        imported = import_files(house, [shared_data / "saved_pages"])
        assert imported.problem_count == 0
        assert doctor(house, heal=False).papers == 654


def test_store_and_index_agree_after_all_of_it(shelf: Shelf) -> None:
    found = doctor(shelf.house, heal=False)
    assert (found.differences, found.behind, found.faults) == (0, 0, ())
    assert found.papers > CORPUS_PAPERS


def test_a_title_finds_its_paper(shelf: Shelf, shared_data: Path) -> None:
    with gzip.open(shared_data / "corpus" / "papers.jsonl.gz", "rt", encoding="utf-8") as lines:
        sample = [json.loads(line) for number, line in enumerate(lines) if number % (700 * EACH) == 0]
    first = [
        any(hit.paper.title == row["title"] for hit in search(shelf.house, Query(text=row["title"], limit=3)).hits)
        for row in sample
    ]
    assert sum(first) / len(first) >= 0.9
