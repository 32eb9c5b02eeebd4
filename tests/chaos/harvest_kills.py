"""Kill harvests and the indexing that follows at random moments, thousands of times: nothing is lost or doubled.

    python -m tests.chaos.harvest_kills --kills 10000 [--report FILE]

A round is a home of its own: harvests of arXiv and Hugging Face from the replay server, killed again and again until
one comes to its end; then the house must hold what one that was never killed holds. A run that was cut off goes on
from FILE.
"""

import argparse
import json
import math
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path

from tests.chaos.harvest_lane import KINDS
from tests.conftest import ROOT
from tests.replay.arxiv_oai import ArxivOai
from tests.replay.hugging_face import HuggingFace
from tests.replay.server import Place, ReplayServer
from tests.replay.virtual_time import Timekeeper, VirtualTime
from tests.replay.worker import opened
from tests.replay.world import World

from broadsheet.flow.harvesting.harvest import harvest
from broadsheet.flow.house import House
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.flow.upkeep.doctor import doctor
from broadsheet.store import papers

# Kills after which a harvest is let go to its end, so that rounds are many and homes various.
MOST_A_ROUND = 40
# When the world's last day, a Friday, is over everywhere and all that happens to it has happened.
SETTLING = timedelta(hours=15)
# Of all records and rows that tell whether something was doubled.
_COUNTED = ("papers", "records", "external_ids", "daily_entries", "merges", "problems")


@dataclass(kw_only=True)
class Tally:
    """How many kills and rounds there were, and what was wrong after which round."""

    kills: int = 0
    rounds: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Stage:
    """Where a harvest finds its services and its time."""

    virtual: VirtualTime
    addresses: str


class Lane:
    """The process that harvests into a home and is killed, in its place for many homes."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.harvest_lane"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def live(self, seconds: float, home: Path, *told: str) -> str:
        """Let a harvest live that long."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([seconds, str(home), *told]) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def close(self) -> None:
        """End."""
        self._process.kill()
        self._process.communicate()


def state(house: House) -> str:
    """Tell what the house holds by the papers' own names, and how many rows it takes."""
    with house.store.reading() as connection:
        shown = sorted((paper.slug, paper.stamp) for paper in papers.stream(connection, 0, 100_000))
        counts = papers.counts(connection)
    return json.dumps([shown, {name: counts[name] for name in _COUNTED}])


def kill_for(kills: int, seed: int, folder: Path, tally: Tally, report: Path | None = None) -> Tally:
    """Kill so often, round after round; each round is a world of its own."""
    with closing(Lane()) as lane:
        while tally.kills < kills:
            begun = time.monotonic()
            world = World(seed=seed + tally.rounds, days=5, old=20, new=6, bulk=15, bulk_day=2)
            with tempfile.TemporaryDirectory(dir=folder) as home:
                _round(world, Path(home), lane, tally)
            tally.rounds += 1
            tally.seconds += time.monotonic() - begun
            if report:
                report.write_text(json.dumps(asdict(tally), indent=1), "utf-8")
    return tally


def _round(world: World, folder: Path, lane: Lane, tally: Tally) -> None:
    draw = random.Random(world.seed)
    virtual = VirtualTime(world.ends_at + SETTLING, folder / "now")
    places = {"arxiv-oai": Place(ArxivOai(world, page=10)), "huggingface": Place(HuggingFace(world))}
    try:
        with ReplayServer(places, time=virtual) as server:
            stage = Stage(virtual, server.addresses)
            told = virtual.address, stage.addresses, str(world.start - timedelta(days=1))
            begun = time.monotonic()
            came = lane.live(math.inf, folder / "whole", *told)
            lives = iter(_lives(draw, time.monotonic() - begun))
            while came == "killed" or not (folder / "killed").exists():
                came = lane.live(next(lives, math.inf), folder / "killed", *told)
                tally.kills += came == "killed"
            tally.faults += [
                f"seed {world.seed}: {fault}" for fault in wrong(folder / "whole", folder / "killed", stage, came)
            ]
    finally:
        virtual.close()


def _lives(draw: random.Random, whole_s: float) -> Iterator[float]:
    """Draw how long each harvest may live: most go on where the last was killed, so they are short."""
    for _ in range(MOST_A_ROUND):
        yield draw.uniform(0.0, draw.choice((0.05, 0.1, 0.2, 0.4)) * whole_s)


def wrong(whole: Path, killed: Path, stage: Stage, came: str) -> Iterator[str]:
    """Say what is wrong with a home whose harvests were killed, beside one that was left in peace."""
    if came != "done":
        yield f"a harvest {came}"
        return
    keeper = Timekeeper(stage.virtual.address)
    with opened(whole, keeper, stage.addresses) as house:
        expected = state(house)
    with opened(killed, keeper, stage.addresses) as house:
        catch_up(house)
        if (held := state(house)) != expected:
            yield f"the house holds {held} instead of {expected}"
        if not (found := doctor(house, heal=False)).well:
            yield f"doctor found {found}"
        again = [harvest(house, kind) for kind in KINDS]
        catch_up(house)
        if any(run.new or run.changed for run in again) or state(house) != expected:
            yield f"harvesting again changed something: {again}"
    keeper.leave()


def main() -> None:
    """Kill as often as asked and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--report", type=Path, help="write how far it is here, and go on from it")
    asked = parser.parse_args()
    tally = Tally()
    if asked.report and asked.report.exists():
        tally = Tally(**json.loads(asked.report.read_text("utf-8")))
    with tempfile.TemporaryDirectory(prefix="broadsheet-kills-") as folder:
        kill_for(asked.kills, asked.seed, Path(folder), tally, asked.report)
    sys.stdout.write(f"{tally.kills:,} kills in {tally.rounds:,} rounds, {tally.seconds:,.0f} s: ")
    sys.stdout.write(f"{len(tally.faults)} faults\n" + "".join(f"{fault}\n" for fault in tally.faults))
    sys.exit(bool(tally.faults))


if __name__ == "__main__":
    main()
