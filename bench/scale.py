"""Measure a large shelf: building, rebuilding, memory, disk, and how long searches take, also while papers come in.

    python -m bench.scale --corpus PATH/papers.jsonl.gz --papers 1000000 --work FOLDER [--queries 200] [--write]

The papers are recombined (``bench/recombined.py``). Every step is a process of its own, so that its peak of memory is
its own, and its figures are kept in FOLDER/figures.json: a run that was cut off goes on where it was.
"""

import argparse
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from bench.raw_engines import RawEngines, build_vectors, build_words
from bench.scale_report import report
from bench.stopwatch import Figures, memory, spent, spread, timed

from bench import recombined
from broadsheet.flow.house import House
from broadsheet.flow.reading.search import search
from broadsheet.flow.shelf import reindex
from broadsheet.flow.shelf.keep import keep
from broadsheet.model.query import Query
from broadsheet.settings import Settings
from broadsheet.store import papers
from broadsheet.wiring import open_house

HERE = Path(__file__).resolve().parent
BATCH = 2_000
LIMIT = 20
WARM_UP = 10
ADDED_PER_S = 100
ADDED_AT_ONCE = 25
TRIES = 10
PATIENCE_S = 30.0
KINDS = ("three words", "title", "whole abstract")


@dataclass(frozen=True, slots=True)
class Run:
    """What is measured: the corpus it is made of, how many papers, where, and how many queries of each kind."""

    corpus: Path
    papers: int
    work: Path
    queries: int

    def open(self) -> House:
        """Open the house that is measured."""
        return open_house(Settings(home=self.work / "house"))


def say(sentence: str) -> None:
    """Tell on stderr how far it is."""
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


def store(run: Run) -> Figures:
    """Keep all papers as an import does."""
    figures: Figures = {}
    corpus = recombined.read_corpus(run.corpus)
    with run.open() as house, timed(figures, "store"):
        stream = recombined.papers(corpus, 0, run.papers)
        while batch := list(islice(stream, BATCH)):
            keep(house.store, batch, at=house.clock())
    return figures


def words(run: Run) -> Figures:
    """Catch the word index up."""
    figures: Figures = {}
    with run.open() as house, timed(figures, "words"):
        reindex.words(house)
    return figures


def meaning(run: Run) -> Figures:
    """Embed all papers, and keep where they lie."""
    figures: Figures = {}
    with run.open() as house, timed(figures, "embed"):
        reindex.catch_up(house, effort="all")
    return figures


def rebuild(run: Run) -> Figures:
    """Build both indexes anew from the store."""
    figures: Figures = {}
    with run.open() as house:
        with timed(figures, "rebuild_words"):
            reindex.words_from_scratch(house)
        with timed(figures, "rebuild_vectors"):
            house.spaces.rebuild()
    return figures


def raw(run: Run) -> Figures:
    """Build the raw engines from what the house holds."""
    figures: Figures = {}
    with run.open() as house:
        with timed(figures, "raw_words"):
            build_words(house, run.work / "tantivy")
        with timed(figures, "raw_vectors"):
            build_vectors(house, run.work / "faiss.index")
    return figures


def serving(run: Run) -> Figures:
    """Search as a server does, alone: memory, and times by kind of query and filter."""
    figures: Figures = {}
    with run.open() as house:
        with timed(figures, "open"):
            search(house, Query(text="graph"))
            house.text_index.warm()
        queries = make_queries(house, run.queries)
        figures["times"] = {name: times(house, asked) for name, asked in narrowed(house, queries).items()}
    return figures


def beside(run: Run) -> Figures:
    """Search in turn with the raw engines, which have their words and vectors in memory too."""
    with run.open() as house:
        engines = RawEngines(run.work / "tantivy", run.work / "faiss.index", house.spaces.embedders[-1])
        queries = make_queries(house, run.queries)
        return {"beside": {kind: in_turn(house, engines, asked) for kind, asked in queries.items()}}


def busy(run: Run) -> Figures:
    """Search while another process adds papers, then time how soon what it adds and takes back is seen."""
    figures: Figures = {}
    with run.open() as house:
        queries = make_queries(house, run.queries)
        search(house, Query(text="graph"))
        with child("adding", run) as adder:
            time.sleep(2)
            figures["times"] = {kind: times(house, asked) for kind, asked in queries.items()}
            adder.terminate()
        figures |= visible(house, run)
    return figures


def adding(run: Run) -> Figures:
    """Add papers until told to stop, and make them searchable as an import does."""
    corpus = recombined.read_corpus(run.corpus)[:5_000]
    with run.open() as house:
        at = 5_000_000
        while True:
            start = time.perf_counter()
            keep(house.store, list(recombined.papers(corpus, at, ADDED_AT_ONCE)), at=house.clock())
            reindex.catch_up(house)
            at += ADDED_AT_ONCE
            time.sleep(max(0, ADDED_AT_ONCE / ADDED_PER_S - (time.perf_counter() - start)))


def visible(house: House, run: Run) -> Figures:
    """Time until a paper that another process adds, or gives another title, is found, or gone."""
    waits: dict[str, list[float]] = {name: [] for name in ("found by words", "found by meaning", "gone")}
    draw = random.Random(run.papers)  # noqa: S311 - a fixed draw, no secret
    with child("telling", run) as teller:
        assert teller.stdin  # noqa: S101
        assert teller.stdout  # noqa: S101
        # The first one opens the embedder, which is not what is timed.
        for number in range(TRIES + 1):
            nonce = f"z{draw.getrandbits(60):015x}"
            teller.stdin.write(f"{number} {nonce}\n")
            teller.stdin.flush()
            teller.stdout.readline()
            start = time.perf_counter()
            paper_id = waited(lambda nonce=nonce: titled(house, nonce))
            waits["found by words"].append(time.perf_counter() - start)
            waited(lambda paper_id=paper_id: house.spaces.answering().vectors.vectors([paper_id]))
            waits["found by meaning"].append(time.perf_counter() - start)
            teller.stdin.write(f"{number} -\n")
            teller.stdin.flush()
            teller.stdout.readline()
            start = time.perf_counter()
            waited(lambda nonce=nonce: not titled(house, nonce))
            waits["gone"].append(time.perf_counter() - start)
        teller.stdin.close()
        teller.stdout.read()
    return {"visible_s": {name: [float(np.median(each[1:])), max(each[1:])] for name, each in waits.items()}}


def titled(house: House, nonce: str) -> int:
    """Find the paper whose title has a word that no other has; 0 while there is none."""
    found = search(house, Query(text=nonce, way="words", limit=1)).hits
    return found[0].paper.id if found and nonce in found[0].paper.title else 0


def waited(look: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever is looked for
    """Look until there is something; raises SystemExit after PATIENCE_S."""
    until = time.perf_counter() + PATIENCE_S
    while time.perf_counter() < until:
        if found := look():
            return found
        time.sleep(0.002)
    raise SystemExit("What another process added, or took back, was not seen.")


def telling(run: Run) -> Figures:
    """Tell one paper a line that is read, under a title with a word of its own or under its plain one.

    A line is answered once the paper is kept, so what is timed is how long indexing and searching take from there.
    """
    corpus = recombined.read_corpus(run.corpus)[:1_000]
    with run.open() as house:
        for line in sys.stdin:
            number, nonce = line.split()
            (record,) = recombined.papers(corpus, 6_000_000 + int(number), 1)
            told = replace(record, title=f"{record.title} {nonce}", observed=house.clock())
            keep(house.store, [told], at=house.clock())
            sys.stdout.write("kept\n")
            sys.stdout.flush()
            reindex.catch_up(house)
    return {}


def make_queries(house: House, count: int) -> dict[str, list[Query]]:
    """Draw queries from papers of the shelf, always the same: three words of a title, a title, an abstract."""
    draw = random.Random(7)  # noqa: S311 - a fixed draw, no secret
    with house.store.reading() as connection:
        sample = draw.sample(papers.numbers(connection, 0, 1 << 62), count + WARM_UP)
        told = papers.by_ids(connection, sample)
    terms = [[word for word in re.findall(r"\w+", paper.title) if len(word) > 3] or ["graph"] for paper in told]
    texts = {
        "three words": [Query(text=" ".join(draw.sample(each, min(3, len(each))))) for each in terms],
        "title": [Query(text=paper.title) for paper in told],
        "whole abstract": [Query(text=paper.abstract, passage=True) for paper in told],
    }
    return {kind: [replace(query, limit=LIMIT) for query in asked] for kind, asked in texts.items()}


def narrowed(house: House, queries: dict[str, list[Query]]) -> dict[str, list[Query]]:
    """Give the queries as they are, and with a broad filter, a narrow one and an author in the text."""
    facets = search(house, Query(facets=True)).facets
    broad = [int(each.value) for each in facets["year"][:1]]
    narrow = [each.value for each in facets["category"][-1:]]
    with house.store.reading() as connection:
        some = papers.stream(connection, 1_000, 200)
    names = [paper.authors[0].name for paper in some if paper.authors]
    found: dict[str, list[Query]] = dict(queries)
    for kind, asked in queries.items():
        found[f"{kind}, year {broad[0]}"] = [replace(query, years=tuple(broad)) for query in asked]
        found[f"{kind}, category {narrow[0]}"] = [replace(query, categories=tuple(narrow)) for query in asked]
    for kind in ("three words", "title"):
        asked = queries[kind]
        by = [f'{query.text} author:"{names[at % len(names)]}"' for at, query in enumerate(asked)]
        found[f"{kind}, author:"] = [replace(query, text=text) for query, text in zip(asked, by, strict=True)]
    return found


def times(house: House, asked: list[Query]) -> list[float]:
    """Ask every query, the first ones to warm up; see ``spread``."""
    took = [spent(lambda query=query: search(house, query)) for query in asked]
    return spread(took[WARM_UP:])


def in_turn(house: House, engines: RawEngines, asked: list[Query]) -> dict[str, list[float]]:
    """Ask ours and the raw engines each query in turn, each first as often."""
    asks: dict[str, Callable[[Query], object]] = {
        "Broadsheet": lambda query: search(house, query),
        "raw": lambda query: engines.search(query.text, LIMIT),
    }
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in asks}
    for number, query in enumerate(asked):
        for name in list(asks) if number % 2 else reversed(list(asks)):
            took[name].append(spent(lambda name=name, query=query: asks[name](query)))
    return {name: spread(each[WARM_UP:]) for name, each in took.items()}


STEPS: dict[str, Callable[[Run], Figures]] = {
    each.__name__: each for each in (store, words, meaning, rebuild, raw, serving, beside, busy)
}
CHILDREN: dict[str, Callable[[Run], Figures]] = {**STEPS, "adding": adding, "telling": telling}


@contextmanager
def child(step: str, run: Run) -> Iterator[subprocess.Popen[str]]:
    """Run a step as a process of its own."""
    command = [
        sys.executable,
        "-m",
        "bench.scale",
        "--child",
        step,
        "--corpus",
        str(run.corpus),
        "--work",
        str(run.work),
    ]
    command += ["--papers", str(run.papers), "--queries", str(run.queries)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=HERE.parent, text=True, **pipes) as process:  # type: ignore[call-overload]  # noqa: S603
        try:
            yield process
        finally:
            if step == "adding":
                process.terminate()


def measured(run: Run) -> Figures:
    """Run every step that has no figures yet."""
    kept = run.work / "figures.json"
    figures: Figures = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    for step in STEPS:
        if step in figures:
            continue
        say(f"{step} ...")
        with child(step, run) as process:
            said, _ = process.communicate()
        if process.returncode:
            raise SystemExit(f"{step} ended with {process.returncode}")
        figures[step] = json.loads(said)
        say(f"  {json.dumps(figures[step])}")
        kept.write_text(json.dumps(figures, indent=2), "utf-8")
    return figures


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, help="a JSON Lines file of papers to recombine")
    parser.add_argument("--papers", type=int, default=1_000_000)
    parser.add_argument(
        "--work", type=Path, required=True, help="where the house, the raw engines and figures are kept"
    )
    parser.add_argument("--queries", type=int, default=200, help="how many of each kind")
    parser.add_argument("--write", action="store_true", help="append the tables to RESULTS.md")
    parser.add_argument("--child", choices=sorted(CHILDREN), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    run = Run(asked.corpus, asked.papers, asked.work, asked.queries)
    run.work.mkdir(parents=True, exist_ok=True)
    if asked.child:
        figures = CHILDREN[asked.child](run)
        sys.stdout.write(json.dumps({**figures, "memory": memory()}))
        return
    text = "\n".join(report(measured(run), run.papers, run.work / "house"))
    sys.stdout.write(text + "\n")
    if asked.write:
        with (HERE / "RESULTS.md").open("a", encoding="utf-8") as results:
            results.write("\n" + text)


if __name__ == "__main__":
    main()
