"""Upvotes under load: ``python -m bench.upvotes --rate 200 --seconds 20 [--postgresql URL]``.

Several processes upvote 50 papers, each upvote at its appointed moment whether the one before is done or not, so a
stall is felt by all that fall into it. A twentieth of them is sent twice. Then what must hold is checked: none lost,
counters equal to rows, the order replayed from the log equal to the stored one.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from bench.machine import machine

from broadsheet.clock import system_clock
from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.voting import trending
from broadsheet.flow.voting.replay import verify
from broadsheet.flow.voting.upvote import cast
from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Record
from broadsheet.settings import Settings
from broadsheet.store import readers
from broadsheet.wiring import open_house

PAPERS = 50
# Below what one reader may do in a minute.
EACH = 25
TWICE = 20
THREADS = 8
AHEAD_S = 2.0


def slug(number: int) -> str:
    return f"2401.{number % PAPERS:05d}"


def settings(home: Path, url: str) -> Settings:
    # A house that others reach has a key, and need not look it up.
    return replace(Settings(), home=home, database_url=url, secret_key="k" * 43)


def prepare(house: House, count: int) -> list[int]:
    """Lay out the papers, and as many old accounts as the upvotes take; gives their numbers."""
    at = datetime.now(UTC)
    told = [
        Record(
            source="bench", key=slug(n), title=f"Paper {n}", ids=(ExternalId("arxiv", slug(n)),), published="2024-01-02"
        )
        for n in range(PAPERS)
    ]
    keep(house.store, told, at=at)
    stamp = f"{time.time_ns():x}"
    with house.store.writing() as connection:
        old = at - timedelta(days=100)
        return [readers.insert(connection, f"b{stamp}-{n}", "Bench", at=old).id for n in range(-(-count // EACH))]


def work(home: Path, url: str, jobs: list[tuple[float, int, int]], start: float) -> list[float]:
    """Cast ``(moment, reader, paper)`` at their moments after ``start``; gives the milliseconds each took from then."""
    with open_house(settings(home, url), clock=system_clock) as house, ThreadPoolExecutor(THREADS) as pool:
        with house.store.reading() as connection:
            known = readers.by_ids(connection, {reader for _, reader, _ in jobs})

        def one(job: tuple[float, int, int]) -> float:
            due = start + job[0]
            cast(house, known[job[1]], slug(job[2]))
            return (time.time() - due) * 1000

        pending = []
        for job in jobs:
            time.sleep(max(0.0, start + job[0] - time.time()))
            pending.append(pool.submit(one, job))
        return [each.result() for each in pending]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rate", type=float, default=200.0)
    options.add_argument("--seconds", type=float, default=20.0)
    options.add_argument("--processes", type=int, default=4)
    options.add_argument("--postgresql", default="", metavar="URL")
    options.add_argument("--worker", help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.worker:
        home, url, start, jobs = json.loads(sys.stdin.read())
        json.dump(work(Path(home), url, [tuple(job) for job in jobs], start), sys.stdout)
        return
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), asked.postgresql, asked.rate, asked.seconds, asked.processes)


def run(home: Path, url: str, rate: float, seconds: float, processes: int) -> None:
    count = int(rate * seconds)
    with open_house(settings(home, url), clock=system_clock) as house:
        voters = prepare(house, count)
        before = sum(paper.upvotes for paper in trending.page(house).papers)
        jobs = [(n / rate, voters[n // EACH], n % EACH + EACH * (n // EACH % 2)) for n in range(count)]
        jobs += [(n / rate, voters[n // EACH], n % EACH + EACH * (n // EACH % 2)) for n in range(0, count, TWICE)]
        jobs.sort()
        taken = np.array(share(home, url, jobs, processes))
        verdict = verify(house)
        counted = sum(paper.upvotes for paper in trending.page(house).papers) - before
        print(f"{machine()}, {house.store.dialect}, {processes} processes of {THREADS} threads")
    p50, p99, most = np.quantile(taken, (0.5, 0.99, 1.0))
    print(f"{len(taken):,} upvotes at {len(taken) / seconds:.0f}/s: ", end="")
    print(f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, most {most:.1f} ms")
    print(f"lost {count - counted}, counters == rows {not verdict.miscounted}, ", end="")
    print(f"replay == stored {verdict.replayed == verdict.stored}")


def share(home: Path, url: str, jobs: list[tuple[float, int, int]], processes: int) -> list[float]:
    """Let processes take turns in the jobs, and gather what each took."""
    start = time.time() + AHEAD_S + processes
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.upvotes", "--worker", "yes"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(processes)
    ]
    with ThreadPoolExecutor(processes) as pool:
        told = [
            pool.submit(process.communicate, json.dumps((str(home), url, start, jobs[n::processes])))
            for n, process in enumerate(running)
        ]
        return [ms for each in told for ms in json.loads(each.result()[0])]


if __name__ == "__main__":
    main()
