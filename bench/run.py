"""Measure import, index, search and pages; see README.md beside this file."""

import argparse
import http.client
import json
import os
import platform
import random
import re
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

import rivals

from broadsheet import Query, Settings, __version__, open_house, search
from broadsheet.flow.shelf import embedding
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.read_ahead import read_ahead
from broadsheet.flow.shelf.reindex import words
from broadsheet.model.record import Record
from broadsheet.sources.detect import read

HERE = Path(__file__).resolve().parent
FTS5_QUERIES = 10
Figures = dict[str, float]


def peak_mb() -> float:
    """Give the peak resident memory of this process and the largest it started, together, in MB."""
    return sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def cpu_s() -> float:
    """Give the processor time of this process and those it started and saw end, in seconds."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def store_corpus(corpus: Path, work: Path) -> int:
    """Parse, identify and store every paper of the corpus as an import does, without indexing."""
    with open_house(Settings(home=work / "house")) as house:
        return sum(keep(house.store, records, at=house.clock()).total for records, _, _ in read_ahead(corpus))


def index_corpus(_: Path, work: Path) -> int:
    """Catch the word index up with the store."""
    with open_house(Settings(home=work / "house")) as house:
        words(house)
        return house.text_index.count()


def embed_corpus(_: Path, work: Path) -> int:
    """Embed all that is stored, and keep it."""
    with open_house(Settings(home=work / "house")) as house:
        return embedding.catch_up(house)


def parse_corpus(corpus: Path, _: Path) -> int:
    """Only parse, to see what the rest costs."""
    with corpus.open("rb") as stream:
        return sum(isinstance(told, Record) for told in read(stream, name=corpus.name))


STEPS: dict[str, Callable[[Path, Path], int]] = {
    "parse only": parse_corpus,
    "Broadsheet: parse + identity + store": store_corpus,
    "Broadsheet: word index": index_corpus,
    "Broadsheet: embeddings": embed_corpus,
    "raw sqlite3: one plain table": lambda corpus, work: rivals.fill_sqlite(corpus, work / "raw.db"),
    "SQLite FTS5": lambda corpus, work: rivals.fill_fts5(corpus, work / "fts5.db"),
    "raw tantivy": lambda corpus, work: rivals.fill_tantivy(corpus, work / "tantivy"),
}


def child(step: str, corpus: Path, work: Path) -> None:
    """Run one step in this process and print its figures as JSON."""
    start = time.perf_counter()
    cpu = cpu_s()
    count = STEPS[step](corpus, work)
    wall, spent = time.perf_counter() - start, cpu_s() - cpu
    sys.stdout.write(json.dumps({"papers": count, "wall_s": wall, "cpu_s": spent, "peak_mb": peak_mb()}))


def measure_import(corpus: Path, work: Path) -> Iterator[str]:
    """Yield the import table's lines."""
    yield "| step | papers | papers/s (wall) | papers/cpu-s | peak MB |"
    yield "|---|---:|---:|---:|---:|"
    for step in STEPS:
        command = [sys.executable, str(HERE / "run.py"), "child", "--step", step, "--corpus", str(corpus)]
        done = subprocess.run([*command, "--work", str(work)], check=True, capture_output=True, text=True)  # noqa: S603
        f: Figures = json.loads(done.stdout)
        rate, per_cpu = f["papers"] / f["wall_s"], f["papers"] / f["cpu_s"]
        yield f"| {step} | {f['papers']:,.0f} | {rate:,.0f} | {per_cpu:,.0f} | {f['peak_mb']:.0f} |"


def make_queries(corpus: Path, count: int, seed: int) -> dict[str, list[str]]:
    """Draw queries from papers of the corpus: three words of a title, a title, an abstract."""
    draw = random.Random(seed)  # noqa: S311 - a fixed draw, no secret
    sample: list[rivals.Row] = []
    for number, row in enumerate(rivals.rows(corpus)):
        if len(sample) < count:
            sample.append(row)
        elif (slot := draw.randrange(number + 1)) < count:
            sample[slot] = row
    words = [[w for w in re.findall(r"\w+", row["title"]) if len(w) > 3] or ["graph"] for row in sample]
    return {
        "three words": [" ".join(draw.sample(w, min(3, len(w)))) for w in words],
        "title": [row["title"] for row in sample],
        "whole abstract": [row["abstract"] for row in sample],
    }


def measure_search(corpus: Path, work: Path, count: int) -> Iterator[str]:
    """Yield the search table's lines: medians in ms, ratio of medians to raw tantivy."""
    raw, fts5 = rivals.RawTantivy(work / "tantivy"), rivals.RawFts5(work / "fts5.db")
    with open_house(Settings(home=work / "house")) as house:
        engines: dict[str, Callable[[str], object]] = {
            "Broadsheet": lambda text: search(house, Query(text=text, limit=10)),
            "raw tantivy": raw.search,
        }
        yield "| query | Broadsheet p50 / p95 ms | raw tantivy p50 / p95 | ratio | FTS5 p50 |"
        yield "|---|---:|---:|---:|---:|"
        everything: dict[str, list[float]] = {}
        for kind, texts in make_queries(corpus, count, seed=7).items():
            times = time_in_turn(engines, texts)
            # Apart, and few of them: one takes seconds and leaves the others a cold cache.
            times |= time_in_turn({"FTS5": fts5.search}, texts[:FTS5_QUERIES])
            for name, values in times.items():
                everything.setdefault(name, []).extend(values)
            yield search_line(kind, times)
        yield search_line("all three", everything)


def time_in_turn(engines: dict[str, Callable[[str], object]], texts: list[str]) -> dict[str, list[float]]:
    """Ask the engines each query in turn, each first as often, after a warm-up of ten queries; milliseconds."""
    times: dict[str, list[float]] = {name: [] for name in engines}
    for number, text in enumerate([*texts[:10], *texts]):
        order = list(engines.items())
        for name, ask in order if number % 2 else reversed(order):
            start = time.perf_counter()
            ask(text)
            if number >= min(10, len(texts)):
                times[name].append((time.perf_counter() - start) * 1000)
    return times


def search_line(kind: str, times: dict[str, list[float]]) -> str:
    """Lay out one line of the search table."""
    ours, raw = times["Broadsheet"], times["raw tantivy"]
    ratio = statistics.median(ours) / statistics.median(raw)
    fts5 = statistics.median(times["FTS5"])
    return (
        f"| {kind} | {statistics.median(ours):.2f} / {p95(ours):.2f} | {statistics.median(raw):.2f} / {p95(raw):.2f} "
        f"| {ratio:.2f} | {fts5:.1f} |"
    )


def p95(values: list[float]) -> float:
    """Give the 95th percentile."""
    return statistics.quantiles(values, n=20)[-1]


@contextmanager
def serving(home: Path) -> Iterator[http.client.HTTPConnection]:
    """Run ``broadsheet up`` on a free port and connect to it."""
    command = [str(Path(sys.executable).with_name("broadsheet")), "up", "--home", str(home), "--port", "0"]
    env = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as server:  # noqa: S603
        assert server.stdout  # noqa: S101
        said = ""
        while not (found := re.search(r"http://([\d.]+):(\d+)", said)):
            line = server.stdout.readline()
            if not line:
                raise SystemExit(f"broadsheet up did not start: {said}")
            said += line
        try:
            yield http.client.HTTPConnection(found[1], int(found[2]), timeout=30)
        finally:
            server.terminate()


def fetch(connection: http.client.HTTPConnection, path: str) -> float:
    """Fetch a page over the kept connection; milliseconds. Raises SystemExit unless it answers 200."""
    start = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}")
    return (time.perf_counter() - start) * 1000


def measure_http(corpus: Path, work: Path, count: int) -> Iterator[str]:
    """Yield the page table's lines."""
    texts = make_queries(corpus, count, seed=11)
    days = sorted({row["hf_daily"] for row in rivals.rows(corpus) if row.get("hf_daily")}) or [""]
    pages = {
        "search page, three words": [f"/search?q={quote(text)}" for text in texts["three words"]],
        "search page, title": [f"/search?q={quote(text)}" for text in texts["title"]],
        "daily page": [f"/papers/date/{days[n % len(days)]}" if days[0] else "/" for n in range(count)],
    }
    yield "| page | p50 ms | p95 ms |"
    yield "|---|---:|---:|"
    with serving(work / "house") as connection:
        for kind, paths in pages.items():
            for path in paths[:5]:
                fetch(connection, path)
            times = [fetch(connection, path) for path in paths]
            yield f"| {kind} | {statistics.median(times):.2f} | {p95(times):.2f} |"


def machine() -> str:
    """Describe what the figures were taken on."""
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, tantivy {version('tantivy')}, Broadsheet {__version__}"
    )


def report(part: str, corpus: Path, work: Path, count: int) -> str:
    """Measure the parts asked for and lay them out as Markdown."""
    lines = [f"## {datetime.now(UTC):%Y-%m-%d}: {part}", "", f"Machine: {machine()}.", ""]
    lines += [f"Command: `python bench/run.py {part} --corpus papers.jsonl.gz --queries {count}`", ""]
    measures: dict[str, Callable[[], Iterator[str]]] = {
        "import": lambda: measure_import(corpus, work),
        "search": lambda: measure_search(corpus, work, count),
        "http": lambda: measure_http(corpus, work, count),
    }
    for name, measure in measures.items():
        if part in {name, "all"}:
            lines += [f"### {name}", ""]
            for line in measure():
                sys.stderr.write(line + "\n")
                lines.append(line)
            lines.append("")
    return "\n".join(lines)


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=["all", "import", "search", "http", "child"])
    parser.add_argument("--corpus", type=Path, required=True, help="a JSON Lines file of papers")
    parser.add_argument("--work", type=Path, help="keep the built stores here; search and http can then run alone")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--write", action="store_true", help="append the tables to RESULTS.md")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.part == "child":
        child(asked.step, asked.corpus, asked.work)
        return
    work = asked.work or Path(tempfile.mkdtemp(prefix="broadsheet-bench-"))
    work.mkdir(parents=True, exist_ok=True)
    try:
        text = report(asked.part, asked.corpus, work, asked.queries)
    finally:
        if not asked.work:
            shutil.rmtree(work)
    sys.stdout.write(text + "\n")
    if asked.write:
        with (HERE / "RESULTS.md").open("a", encoding="utf-8") as results:
            results.write("\n" + text)


if __name__ == "__main__":
    main()
