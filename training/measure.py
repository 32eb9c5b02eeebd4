"""How well do words, the bundled model, and both together find what judges called relevant?

    python training/measure.py SET… [--split test] [--weight 0.3] [--json]

Each SET is a folder in BEIR layout. Both together is a convex sum: the word index's scores divided by the best one,
and the cosines divided by the best one, the model's share being ``--weight``. Without a weight several are shown:
choose one on training queries, never on the split that is reported.
"""

import argparse
import gzip
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from broadsheet.embed.static import StaticEmbedder
from broadsheet.index.engine import open_index
from broadsheet.model.paper import Paper
from broadsheet.model.query import Query

DEPTH, SHOWN = 100, 10
WEIGHTS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.5)
DEADLINE_MS = 10_000

Judged = list[dict[int, int]]


def lines(folder: Path, name: str) -> Iterator[dict[str, str]]:
    for path in sorted(folder.glob(f"{name}.jsonl*")):
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            yield from map(json.loads, file)


def read(folder: Path, split: str) -> tuple[list[tuple[str, str]], list[str], Judged]:
    """Read papers as title and text, the judged queries, and for each the grade of papers by their place."""
    place: dict[str, int] = {}
    texts: list[tuple[str, str]] = []
    for line in lines(folder, "corpus"):
        place[line["_id"]] = len(texts)
        texts.append((line.get("title") or "", line["text"]))
    grades: dict[str, dict[int, int]] = {}
    for line in (folder / "qrels" / f"{split}.tsv").read_text("utf-8").splitlines()[1:]:
        query, paper, grade = line.split("\t")
        if int(grade) > 0 and paper in place:
            grades.setdefault(query, {})[place[paper]] = int(grade)
    asked = {line["_id"]: line["text"] for line in lines(folder, "queries")}
    return texts, [asked[query] for query in grades], list(grades.values())


def words_scores(texts: list[tuple[str, str]], queries: list[str]) -> np.ndarray:
    """Give the word index's scores as (queries, papers), 0 where it has none among its first hits."""
    scores = np.zeros((len(queries), len(texts)), np.float32)
    papers = (
        Paper(
            id=at + 1,
            slug=str(at),
            title=title or text[:80],
            abstract=text,
            published="2020",
            sources=("bench",),
            ids=(),
            stamp=1,
        )
        for at, (title, text) in enumerate(texts)
    )
    with tempfile.TemporaryDirectory() as folder:
        index = open_index(Path(folder))
        index.write(papers, (), 1)
        for row, query in zip(scores, queries, strict=True):
            for paper, score in index.search(Query(text=query, limit=DEPTH), deadline_ms=DEADLINE_MS).hits:
                row[paper - 1] = score
        index.close()
    return scores


def both(words: np.ndarray, cosines: np.ndarray, weight: float) -> np.ndarray:
    """Add both scores, each divided by its query's best."""
    scaled = words / np.maximum(words.max(1, keepdims=True), 1e-9)
    near = np.maximum(cosines, 0) / np.maximum(cosines.max(1, keepdims=True), 1e-9)
    return (1 - weight) * scaled + weight * near


def quality(scores: np.ndarray, judged: Judged) -> dict[str, float]:
    """Give nDCG@10 and recall@100, each the mean over queries; equal scores keep the papers' order."""
    discounts = 1 / np.log2(np.arange(SHOWN) + 2)
    gains, found = [], []
    for row, grades in zip(scores, judged, strict=True):
        order = [int(at) for at in np.argsort(-row, kind="stable")[:DEPTH] if row[at] > 0]
        gained = sum(grades.get(at, 0) * discount for at, discount in zip(order[:SHOWN], discounts, strict=False))
        ideal = sorted(grades.values(), reverse=True)[:SHOWN]
        gains.append(gained / float(np.dot(ideal, discounts[: len(ideal)])))
        found.append(sum(at in grades for at in order) / len(grades))
    return {"ndcg@10": float(np.mean(gains)), "recall@100": float(np.mean(found))}


def measure(folder: Path, split: str, weights: tuple[float, ...]) -> dict[str, dict[str, float]]:
    """Measure one set in every way."""
    texts, queries, judged = read(folder, split)
    embedder = StaticEmbedder()
    cosines = embedder.embed(queries) @ embedder.embed([embedder.text_of(*one) for one in texts]).T
    words = words_scores(texts, queries)
    figures = {"words": quality(words, judged), "model": quality(cosines, judged)}
    return figures | {f"both {weight}": quality(both(words, cosines, weight), judged) for weight in weights}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--split", default="test")
    parser.add_argument("--weight", type=float)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    weights = WEIGHTS if given.weight is None else (given.weight,)
    found = {folder.name: measure(folder, given.split, weights) for folder in given.sets}
    means = {
        way: {kind: float(np.mean([one[way][kind] for one in found.values()])) for kind in figures}
        for way, figures in next(iter(found.values())).items()
    }
    found["mean"] = means
    if given.json:
        print(json.dumps(found, indent=1))
        return
    for name, ways in found.items():
        for way, figures in ways.items():
            print(f"{name:16} {way:10} " + "  ".join(f"{kind} {value:.4f}" for kind, value in figures.items()))


if __name__ == "__main__":
    main()
