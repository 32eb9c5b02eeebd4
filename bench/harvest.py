"""How fast a back-fill is when the source sets no pace: from OAI-PMH bytes on loopback to stored, and to searchable.

    python -m bench.harvest --corpus PATH/papers.jsonl.gz [--page 1000] [--write]

The corpus is written as arXiv's pages beforehand and served by a process of its own. Then, each in a process of its
own: harvest, word index, embeddings one after the other; and a harvest beside which another process keeps both indexes
up, as ``broadsheet up`` does beside ``broadsheet worker``.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bench.machine import machine
from bench.oai_pages import write_pages
from bench.stopwatch import Figures, memory, timed

from broadsheet.flow.harvesting import kinds, sources
from broadsheet.flow.harvesting.harvest import harvest
from broadsheet.flow.house import House
from broadsheet.flow.shelf import embedding, reindex
from broadsheet.settings import Settings
from broadsheet.sources.live.arxiv import arxiv
from broadsheet.sources.services import ARXIV_OAI
from broadsheet.wiring import open_house

HERE = Path(__file__).resolve().parent
GOAL = 5_000
LOOK_EVERY_S = 0.2


def house_in(work: Path, address: str) -> House:
    """Open the house that is measured, whose arXiv is on loopback and wants no gap."""
    service = replace(ARXIV_OAI, base=address, hosts=("127.0.0.1",), gap_s=0.0)
    kind = replace(kinds.KINDS["arxiv"], make=lambda _: arxiv(service))
    kinds.KINDS = {**kinds.KINDS, "arxiv": kind}
    return open_house(Settings(home=work / "house", private_addresses=True))


def keep(house: House, _: Path) -> int:
    """Harvest to the end; gives how many records that were."""
    source = sources.add(house, sources.Order(kind="arxiv"))
    run = harvest(house, source.name)
    if run.outcome != "done":
        raise SystemExit(f"The harvest ended as {run.outcome}: {run.message}")
    return run.records


def words(house: House, work: Path) -> int:
    """Keep the word index up until the harvest is done and all of it is in."""
    return _until_done(work, lambda: reindex.words(house))


def meaning(house: House, work: Path) -> int:
    """Embed until the harvest is done and all of it is embedded."""
    return _until_done(work, lambda: embedding.catch_up(house))


def both(house: House, work: Path) -> int:
    """Keep both indexes up, as the background of the server does."""
    return _until_done(work, lambda: reindex.catch_up(house).changes)


def _until_done(work: Path, take: Callable[[], int]) -> int:
    taken = 0
    while True:
        done = (work / "harvested").exists()
        taken += (found := take())
        if done and not found:
            return taken
        time.sleep(0.0 if done else LOOK_EVERY_S)


STEPS: dict[str, Callable[[House, Path], int]] = {"keep": keep, "words": words, "meaning": meaning, "both": both}


def child(step: str, work: Path, address: str) -> None:
    """Do one step in this process and print its figures."""
    figures: Figures = {}
    with house_in(work, address) as house, timed(figures, "it"):
        count = STEPS[step](house, work)
    sys.stdout.write(json.dumps(figures | memory() | {"count": count}))


def begun(step: str, work: Path, address: str) -> subprocess.Popen[str]:
    """Begin a step in a process of its own."""
    command = [sys.executable, "-m", "bench.harvest", "--step", step, "--work", str(work), "--address", address]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE.parent)  # noqa: S603


def ended(process: subprocess.Popen[str]) -> Figures:
    """Wait for a step and give its figures."""
    told, _ = process.communicate()
    if process.returncode:
        raise SystemExit(process.returncode)
    found: Figures = json.loads(told)
    return found


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve the pages; gives the address."""
    command = [sys.executable, "-m", "bench.oai_pages", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE.parent) as server:  # noqa: S603
        try:
            assert server.stdout  # noqa: S101
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}/oai"
        finally:
            server.terminate()


def one_after_the_other(work: Path, address: str, count: int) -> Iterator[str]:
    """Harvest, then words, then meaning."""
    spent_s = peak_mb = 0.0
    (work / "harvested").touch()
    for step, name in (("keep", "stored"), ("words", "and found by words"), ("meaning", "and by meaning")):
        figures = ended(begun(step, work, address))
        spent_s, peak_mb = spent_s + figures["it_s"], max(peak_mb, figures["peak_mb"])
        yield _line(f"{name}, one after the other", count, spent_s, figures["it_cpu_s"], peak_mb)


def side_by_side(work: Path, address: str, count: int, step: str) -> Iterator[str]:
    """Harvest while another process keeps the index up; from the first request until all is found."""
    start = time.perf_counter()
    follower = begun(step, work, address)
    kept = ended(begun("keep", work, address))
    (work / "harvested").touch()
    figures = ended(follower)
    wall_s = time.perf_counter() - start
    name = "words" if step == "words" else "words and by meaning"
    peak = max(kept["peak_mb"], figures["peak_mb"])
    yield _line(f"stored, found by {name}, side by side", count, wall_s, kept["it_cpu_s"] + figures["it_cpu_s"], peak)


def _line(name: str, count: int, wall_s: float, cpu_s: float, peak_mb: float) -> str:
    return f"| {name} | {wall_s:.1f} | {count / wall_s:,.0f} | {cpu_s:.1f} | {peak_mb:,.0f} |"


def report(corpus: Path, size: int) -> str:
    """Measure all and lay it out as Markdown."""
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as folder:
        pages = Path(folder) / "pages"
        pages.mkdir()
        count, written = write_pages(corpus, pages, size)
        lines = [
            f"## {datetime.now(UTC):%Y-%m-%d}: harvest",
            "",
            f"Machine: {machine()}.",
            "",
            f"Command: `python -m bench.harvest --corpus papers.jsonl.gz --page {size}`",
            "",
            f"{count:,} records in pages of {size:,}, {written / 1e6:,.0f} MB of OAI-PMH; goal: {GOAL:,} records/s.",
            "",
            "| from OAI bytes to | s | records/s | cpu s | peak MB |",
            "|---|---:|---:|---:|---:|",
        ]
        for number, measure in enumerate((one_after_the_other, _with("words"), _with("both"))):
            work = Path(folder) / str(number)
            work.mkdir()
            with serving(pages) as address:
                for line in measure(work, address, count):
                    sys.stderr.write(line + "\n")
                    lines.append(line)
    return "\n".join([*lines, ""])


def _with(step: str) -> Callable[[Path, str, int], Iterator[str]]:
    return lambda work, address, count: side_by_side(work, address, count, step)


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, help="a JSON Lines file of papers")
    parser.add_argument("--page", type=int, default=1_000, help="records a page")
    parser.add_argument("--write", action="store_true", help="append the table to RESULTS.md")
    for hidden in ("--step", "--work", "--address"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        child(asked.step, Path(asked.work), asked.address)
        return
    if asked.corpus is None:
        parser.error("--corpus is needed")
    text = report(asked.corpus, asked.page)
    sys.stdout.write(text + "\n")
    if asked.write:
        with (HERE / "RESULTS.md").open("a", encoding="utf-8") as results:
            results.write("\n" + text)


if __name__ == "__main__":
    main()
