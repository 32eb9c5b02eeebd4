"""Sets in BEIR layout: papers, queries, and who judged which of them to fit."""

import csv
import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from broadsheet.model.query import MAX_TEXT

QRELS = "qrels"


@dataclass(frozen=True, slots=True)
class BeirSet:
    """One set. ``papers`` are ``(id, title, text)``; ``judged`` grades papers by query, at least one above 0 each."""

    name: str
    papers: tuple[tuple[str, str, str], ...]
    queries: dict[str, str]
    judged: dict[str, dict[str, int]]
    cut: int

    def sampled(self, count: int, seed: int) -> "BeirSet":
        """Keep so many of the queries, always the same ones."""
        if count >= len(self.queries):
            return self
        kept = random.Random(seed).sample(sorted(self.queries), count)  # noqa: S311 - a fixed draw, no secret
        return replace(self, queries={query: self.queries[query] for query in sorted(kept)})


def find_sets(paths: Sequence[Path]) -> list[Path]:
    """Name the sets: each path is one, or a folder of some. Raises SystemExit for a path with none."""
    found = []
    for path in paths:
        inside = [path] if _is_set(path) else sorted(each for each in _folders(path) if _is_set(each))
        if not inside:
            raise SystemExit(f"There is no set in BEIR layout in {path}: corpus.jsonl, queries.jsonl and {QRELS}/.")
        found += inside
    return found


def read_set(folder: Path, split: str) -> BeirSet | None:
    """Read a set by the judgements of one split; None where it has no such split.

    A query that nobody judged, or whose papers are not there, is left out; so is a judgement of a paper that is not
    there. A query longer than any search takes is cut, and counted in ``cut``. A paper without a title is called by the
    beginning of its text.
    """
    lines = folder / QRELS / f"{split}.tsv"
    if not lines.is_file():
        return None
    papers = tuple(_paper(row) for row in _rows(folder, "corpus"))
    here = {paper_id for paper_id, _, _ in papers}
    judged: dict[str, dict[str, int]] = {}
    for query, paper, grade in _judgements(lines):
        if paper in here:
            judged.setdefault(query, {})[paper] = grade
    judged = {query: grades for query, grades in judged.items() if any(grade > 0 for grade in grades.values())}
    texts = {str(row["_id"]): str(row["text"]) for row in _rows(folder, "queries")}
    queries = {query: texts[query][:MAX_TEXT] for query in judged if query in texts}
    cut = sum(len(texts[query]) > MAX_TEXT for query in queries)
    return BeirSet(folder.name, papers, queries, judged, cut)


def _folders(path: Path) -> list[Path]:
    return [each for each in path.iterdir() if each.is_dir()] if path.is_dir() else []


def _is_set(path: Path) -> bool:
    return (path / QRELS).is_dir() and all(_file(path, name) is not None for name in ("corpus", "queries"))


def _file(folder: Path, name: str) -> Path | None:
    return next((path for end in ("", ".gz") if (path := folder / f"{name}.jsonl{end}").is_file()), None)


def _rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    path = _file(folder, name)
    assert path is not None  # noqa: S101 - it was there when the set was found
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _paper(row: dict[str, Any]) -> tuple[str, str, str]:
    title, text = (str(row.get(name) or "").strip() for name in ("title", "text"))
    return str(row["_id"]), title or text.partition(". ")[0][:200] or str(row["_id"]), text


def _judgements(path: Path) -> Iterator[tuple[str, str, int]]:
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            # The first line of most files names the columns; TREC's own files have a fourth.
            query, paper, grade = (row[0], row[-2], row[-1]) if len(row) > 2 else ("", "", "")
            if grade.lstrip("-").isdecimal():
                yield query, paper, int(grade)
