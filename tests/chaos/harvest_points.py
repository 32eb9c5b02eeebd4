"""Kill a harvest, with the indexing that follows, right after each of its writes: nothing may be lost or doubled.

Run whole, outside the tests::

    python -m tests.chaos.harvest_points --every 1
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from tests.chaos.harvest_kills import SETTLING, Stage, wrong
from tests.chaos.harvest_lane import work
from tests.chaos.kill_points import Outcome, run_until
from tests.replay.arxiv_oai import ArxivOai
from tests.replay.hugging_face import HuggingFace
from tests.replay.server import Place, ReplayServer
from tests.replay.virtual_time import VirtualTime
from tests.replay.world import World

WORLD = World(seed=2, start=date(2026, 3, 5), days=2, old=6, new=4, bulk=3, bulk_day=1, daily=2)
ONE = (sys.executable, "-m", "tests.chaos.harvest_points", "--one")


def words_for(home: Path, played: Stage) -> list[str]:
    """Say all that a harvest has to know."""
    return [str(home), played.virtual.address, played.addresses, str(WORLD.start - timedelta(days=1))]


def go_on(home: str, time: str, addresses: str, since: str) -> None:
    """Harvest to the end from wherever the last one was killed."""
    work(Path(home), time, addresses, date.fromisoformat(since))


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """Serve a small world."""
    virtual = VirtualTime(WORLD.ends_at + SETTLING, folder / "now")
    places = {"arxiv-oai": Place(ArxivOai(WORLD, page=6)), "huggingface": Place(HuggingFace(WORLD))}
    try:
        with ReplayServer(places, time=virtual) as server:
            yield Stage(virtual, server.addresses)
    finally:
        virtual.close()


def kill_everywhere(folder: Path, *, every: Callable[[int], int]) -> Outcome:
    """Kill a harvest after one write in ``every(writes in all)``, each time in a home of its own; then let it end."""
    killed, faults = 0, []
    with stage(folder) as played:
        whole = folder / "whole"
        writes, _ = run_until(whole, words_for(whole, played), 0, ONE)
        points = range(1, writes + 1, every(writes))
        for point in points:
            home = folder / f"point-{point}"
            killed += run_until(home, words_for(home, played), point, ONE)[1]
            go_on(*words_for(home, played))
            faults += [f"killed after write {point}: {one}" for one in wrong(whole, home, played, "done")]
            shutil.rmtree(home)
    return Outcome(len(points), killed, tuple(faults))


def main() -> None:
    """Try the points asked for and report; or, as the harvest that is killed, do it once."""
    if sys.argv[1:2] == ["--one"]:
        go_on(*sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = kill_everywhere(Path(folder), every=lambda _: asked.every)
    sys.stdout.write(f"harvest: {outcome.points} points, {outcome.killed} killed, {len(outcome.faults)} faults\n")
    sys.stdout.write("".join(f"{fault}\n" for fault in outcome.faults))
    sys.exit(bool(outcome.faults))


if __name__ == "__main__":
    main()
