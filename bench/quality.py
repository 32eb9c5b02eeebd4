"""Measure how well searches answer on sets in BEIR layout; see README.md beside this file.

    python -m bench.quality PATH... [--split test] [--embedder onnx:./FOLDER] [--sample N] [--json] [--write]

A PATH is a set (``corpus.jsonl[.gz]``, ``queries.jsonl[.gz]``, ``qrels/SPLIT.tsv``) or a folder of some. Every set is
imported into a house of its own and asked through the search that readers use.
"""

import argparse
import json
import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import tantivy
from bench.beir import BeirSet, find_sets, read_set
from bench.machine import machine
from bench.scores import Scores, interval, ndcg, recall, reciprocal_rank
from sqlalchemy import select

from broadsheet.flow.house import House
from broadsheet.flow.reading.search import search
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.model.ids import ExternalId
from broadsheet.model.query import MAX_LIMIT, Query, Way
from broadsheet.model.record import Record
from broadsheet.settings import Settings
from broadsheet.store.schema import records
from broadsheet.wiring import open_house

HERE = Path(__file__).resolve().parent
SOURCE = "beir"
SEED = 5
AT_ONCE = 1_000
MEASURES: dict[str, Callable[..., float]] = {"nDCG@10": ndcg, "R@100": recall, "MRR@10": reciprocal_rank}
BM25 = "BM25"
Ask = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Answers:
    """How one system answered the queries of one set: a score a query by measure, and the milliseconds each took."""

    scores: dict[str, Scores]
    took_ms: list[float]


def say(sentence: str) -> None:
    """Tell on stderr how far it is."""
    sys.stderr.write(sentence + "\n")


def fill(house: House, papers: Sequence[tuple[str, str, str]]) -> None:
    """Import the papers of a set. Each has a DOI of its own under one prefix, so that none is taken for another."""
    for start in range(0, len(papers), AT_ONCE):
        told = [
            Record(
                source=SOURCE,
                key=paper_id,
                title=title,
                abstract=text,
                ids=(ExternalId("doi", f"10.99999/{SOURCE}.{number}"),),
            )
            for number, (paper_id, title, text) in enumerate(papers[start : start + AT_ONCE], start)
        ]
        keep(house.store, told, at=house.clock())
    settle(house)


def settle(house: House) -> None:
    """Bring both indexes up to date, with the embedder of the settings; raises what kept it from that."""
    trouble = catch_up(house, effort="all").trouble
    if trouble is not None:
        raise trouble


def ids_of(house: House) -> dict[int, list[str]]:
    """Give the set's ids by the paper they became."""
    found = defaultdict(list)
    with house.store.reading() as connection:
        for key, paper_id in connection.execute(select(records.c.key, records.c.paper_id).order_by(records.c.id)):
            found[paper_id].append(key)
    return found


def asking(house: House, names: dict[int, list[str]], way: Way) -> Ask:
    """Ask as a reader does, for as many hits as he may have."""

    def ask(text: str) -> list[str]:
        found = search(house, Query(text=text, way=way, limit=MAX_LIMIT))
        papers = [found.exact] if found.exact else [hit.paper for hit in found.hits]
        return [name for paper in papers for name in names[paper.id]]

    return ask


def plain_bm25(papers: Sequence[tuple[str, str, str]], folder: Path) -> Ask:
    """Ask tantivy alone: title and abstract as one stemmed text, a query is any of its words."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=True)
    builder.add_text_field("text", tokenizer_name="en_stem")
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(64_000_000, 1)
    for number, (_, title, text) in enumerate(papers):
        writer.add_document(tantivy.Document(number=number, text=f"{title}\n{text}"))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(text: str) -> list[str]:
        words = re.findall(r"\w+", text)
        if not words:
            return []
        hits = searcher.search(index.parse_query(" ".join(words).lower(), ["text"]), MAX_LIMIT).hits
        return [papers[searcher.doc(address)["number"][0]][0] for _, address in hits]

    return ask


def answered(each: BeirSet, ask: Ask) -> Answers:
    """Ask all queries of a set, a few of them twice to warm up."""
    for text in list(each.queries.values())[:5]:
        ask(text)
    scores: dict[str, list[float]] = {name: [] for name in MEASURES}
    took = []
    for query, text in each.queries.items():
        start = time.perf_counter()
        found = ask(text)
        took.append((time.perf_counter() - start) * 1000)
        for name, measure in MEASURES.items():
            scores[name].append(measure(found, each.judged[query]))
    return Answers({name: np.array(values) for name, values in scores.items()}, took)


def measured(each: BeirSet, embedder: str) -> Iterator[tuple[str, Answers]]:
    """Yield every system's name and how it answered."""
    with tempfile.TemporaryDirectory(prefix="broadsheet-quality-") as scratch:
        raw = Path(scratch) / "raw"
        raw.mkdir()
        yield BM25, answered(each, plain_bm25(each.papers, raw))
        home = Path(scratch) / "house"
        with open_house(Settings(home=home)) as house:
            fill(house, each.papers)
            names = ids_of(house)
            if merged := len(each.papers) - len(names):
                say(f"  {merged} papers of {each.name} were taken for others; a hit counts for all it stands for")
            yield "words", answered(each, asking(house, names, "words"))
            yield "meaning", answered(each, asking(house, names, "meaning"))
            yield "both", answered(each, asking(house, names, "both"))
        if embedder:
            with open_house(Settings(home=home, embedder=embedder)) as house:
                settle(house)
                name = house.spaces.answering().space.identity.name
                yield f"meaning, {name}", answered(each, asking(house, names, "meaning"))
                yield f"both, {name}", answered(each, asking(house, names, "both"))


def measure_all(sets: Sequence[BeirSet], embedder: str) -> dict[str, dict[str, Answers]]:
    """Measure every system on every set: by system, then by set."""
    found: dict[str, dict[str, Answers]] = {}
    for each in sets:
        say(f"{each.name}: {len(each.papers):,} papers, {len(each.queries):,} queries")
        if each.cut:
            say(f"  {each.cut} queries were longer than a search takes, and were cut")
        for system, answers in measured(each, embedder):
            found.setdefault(system, {})[each.name] = answers
            told = ", ".join(f"{name} {scores.mean():.3f}" for name, scores in answers.scores.items())
            say(f"  {system}: {told}, {statistics.median(answers.took_ms):.1f} ms")
    return found


def cell(each: Sequence[Scores]) -> str:
    """Lay out a mean with its interval."""
    low, high = interval(each)
    return f"{np.mean([scores.mean() for scores in each]):.3f} ({low:.3f}–{high:.3f})"


def tables(found: dict[str, dict[str, Answers]], names: Sequence[str]) -> Iterator[str]:
    """Yield a table for every measure, then one of times."""
    for measure in MEASURES:
        yield from (f"{measure}, with 95 % intervals:", "", f"| | {' | '.join(names)} | mean |")
        yield "|---|" + "---:|" * (len(names) + 1)
        for system, by_set in found.items():
            each = [by_set[name].scores[measure] for name in names]
            yield f"| {system} | {' | '.join(cell([scores]) for scores in each)} | {cell(each)} |"
        yield ""
    yield from (f"Milliseconds a query, p50 / p95, for {MAX_LIMIT} hits:", "", f"| | {' | '.join(names)} |")
    yield "|---|" + "---:|" * len(names)
    for system, by_set in found.items():
        times = [np.percentile(by_set[name].took_ms, [50, 95]) for name in names]
        yield f"| {system} | {' | '.join(f'{p50:.1f} / {p95:.1f}' for p50, p95 in times)} |"


def as_json(found: dict[str, dict[str, Answers]], sets: Sequence[BeirSet], split: str) -> dict[str, Any]:
    """Shape all that was measured."""

    def shaped(each: Sequence[Scores]) -> dict[str, float]:
        low, high = interval(each)
        return {"mean": float(np.mean([scores.mean() for scores in each])), "low": low, "high": high}

    def measures(answers: Sequence[Answers]) -> dict[str, Any]:
        return {name: shaped([one.scores[name] for one in answers]) for name in MEASURES}

    systems = {
        system: {
            "sets": {
                name: {**measures([answers]), "ms": statistics.median(answers.took_ms)}
                for name, answers in by_set.items()
            },
            "mean": measures(list(by_set.values())),
        }
        for system, by_set in found.items()
    }
    told = {each.name: {"papers": len(each.papers), "queries": len(each.queries), "cut": each.cut} for each in sets}
    return {"split": split, "sets": told, "systems": systems}


def main() -> int:
    """Read the command line and run; 0 when all was measured, 2 when what was asked for is not there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", metavar="PATH", type=Path, nargs="+")
    parser.add_argument("--split", default="test", help="whose judgements: qrels/SPLIT.tsv")
    parser.add_argument("--embedder", default="", help="measure another one too, as the setting of that name has it")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="ask only so many queries of each set")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")
    parser.add_argument("--write", action="store_true", help="append the tables to RESULTS.md")
    asked = parser.parse_args()
    try:
        folders = find_sets(asked.paths)
    except SystemExit as error:
        say(str(error))
        return 2
    sets = [each for folder in folders if (each := read_set(folder, asked.split)) is not None and each.queries]
    if not sets:
        say(f"None of these sets has judgements of the split {asked.split!r}.")
        return 2
    sets = [each.sampled(asked.sample, SEED) if asked.sample else each for each in sets]
    found = measure_all(sets, asked.embedder)
    lines = [f"## Quality – {datetime.now(UTC):%Y-%m-%d}", "", f"Machine: {machine()}.", "", f"Split: {asked.split}."]
    text = "\n".join([*lines, "", *tables(found, [each.name for each in sets]), ""])
    sys.stdout.write(json.dumps(as_json(found, sets, asked.split), indent=2) + "\n" if asked.json else text)
    if asked.write:
        with (HERE / "RESULTS.md").open("a", encoding="utf-8") as results:
            results.write("\n" + text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
