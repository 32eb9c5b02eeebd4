"""Days of harvesting in minutes: workers as processes of their own, a server with faults, kill -9 and restarts."""

import os
import random
import signal
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tests.conftest import ROOT
from tests.replay.arxiv_oai import ArxivOai
from tests.replay.arxiv_pages import ArxivApi
from tests.replay.faults import Faults
from tests.replay.hugging_face import HuggingFace
from tests.replay.server import Place, ReplayServer
from tests.replay.virtual_time import Timekeeper, VirtualTime
from tests.replay.worker import opened
from tests.replay.world import World

from broadsheet.flow.harvesting import sources
from broadsheet.flow.house import House
from broadsheet.model.paper import Paper
from broadsheet.store import papers

OAI, API, HF = "arxiv-oai", "arxiv-api", "huggingface"
# Seldom enough that a month is over in a minute; a day of Hugging Face is still looked at several times.
EVERY = {"arxiv": "3h", "hf": "4h"}
GAPS_S = {OAI: 3.0, API: 3.0, HF: 1.0}
# How long after its last day the world is still read, so that whatever was put off is done.
SETTLING = timedelta(days=4)


@dataclass(kw_only=True)
class Plan:
    """What is simulated: a world, faults by rate and kind, so many workers, of which some are killed now and then."""

    world: World
    rate: float = 0.0
    seed: int = 0
    kinds: tuple[str, ...] = ()
    workers: int = 4
    kills: int = 0
    look_every_s: float = 3600.0
    page: int = 25


@dataclass(kw_only=True)
class Simulated:
    """What came of it."""

    server: ReplayServer
    papers: dict[str, Paper] = field(default_factory=dict)
    outcomes: dict[str, int] = field(default_factory=dict)
    killed: int = 0

    @property
    def shown(self) -> dict[str, int]:
        """The stamp of every paper, by slug."""
        return {slug: paper.stamp for slug, paper in self.papers.items()}


def simulate(plan: Plan, folder: Path) -> Simulated:
    """Harvest a world from an empty house until some days after its end."""
    with ExitStack() as stack:
        time = VirtualTime(plan.world.begins_at, folder / "now")
        stack.callback(time.close)
        server = stack.enter_context(ReplayServer(_places(plan), time=time, bomb_mb=80))
        server.stall_s = 0.2
        team = _Team(plan, folder, time, server)
        stack.callback(team.end)
        with time.held():
            with team.house() as house:
                for kind, every in EVERY.items():
                    sources.add(house, sources.Order(kind=kind, every=every, since=plan.world.start))
            for _ in range(plan.workers):
                team.start()
        killed = team.see_through()
        with team.house() as house:
            return Simulated(server=server, papers=_papers(house), killed=killed)


def _places(plan: Plan) -> dict[str, Place]:
    def faults(seed: int) -> Faults:
        return Faults(plan.rate, seed, plan.kinds) if plan.rate else Faults(0.0, seed)

    return {
        OAI: Place(ArxivOai(plan.world, plan.page), faults(plan.seed)),
        HF: Place(HuggingFace(plan.world), faults(plan.seed + 1)),
        API: Place(ArxivApi(plan.world), faults(plan.seed + 2)),
    }


def _papers(house: House) -> dict[str, Paper]:
    with house.store.reading() as connection:
        return {paper.slug: paper for paper in papers.stream(connection, 0, 100_000)}


class _Team:
    """The workers."""

    def __init__(self, plan: Plan, folder: Path, time: VirtualTime, server: ReplayServer) -> None:
        self._plan, self._home, self._time = plan, folder / "house", time
        self._keeper = Timekeeper(time.address)
        self._addresses = server.addresses
        self._workers: list[subprocess.Popen[str]] = []
        self._log = (folder / "workers.log").open("a", encoding="utf-8")

    def house(self) -> House:
        """Open the house from here."""
        return opened(self._home, self._keeper, self._addresses)

    def start(self) -> None:
        """Start another worker; returns when it takes part."""
        until = (self._plan.world.ends_at + SETTLING).isoformat()
        words = [str(self._home), self._time.address, self._addresses, until, str(self._plan.look_every_s)]
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.replay.worker", *words],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        )
        self._workers.append(worker)
        assert worker.stdout
        if worker.stdout.readline() != "in\n":
            raise RuntimeError(f"A worker did not start: {Path(self._log.name).read_text('utf-8')[-2000:]}")

    def see_through(self) -> int:
        """Let them work to the end, killing one now and then and starting another; gives how many were killed."""
        draw, plan, killed = random.Random(self._plan.seed), self._plan, 0
        span_s = timedelta(days=plan.world.days).total_seconds()
        for at_s in sorted(draw.uniform(0, span_s) for _ in range(plan.kills)):
            wait_s = (plan.world.begins_at + timedelta(seconds=at_s) - self._keeper.clock()).total_seconds()
            self._keeper.wait(max(0.0, wait_s))
            worker = self._workers.pop(draw.randrange(len(self._workers)))
            worker.send_signal(signal.SIGKILL)
            worker.communicate()
            killed += 1
            self.start()
        self._keeper.leave()
        for worker in self._workers:
            worker.communicate(timeout=1_500)
            if worker.returncode:
                raise RuntimeError(f"A worker failed: {Path(self._log.name).read_text('utf-8')[-2000:]}")
        return killed

    def end(self) -> None:
        """Leave nothing running."""
        for worker in self._workers:
            if worker.poll() is None:
                worker.kill()
                worker.communicate()
        self._log.close()
