"""Kill workers that send digests, thousands of times: nobody gets one twice, and whoever got none is told of.

Those that hand over to a spool, which somebody empties all the time, deliver each digest once. Of those that send to a
mail server that puts off, refuses, hangs up and is slow, none arrives twice, and each that did not arrive is in doubt,
bounced or expired.
"""

import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.chaos.digest_lane import settings_of
from tests.chaos.digest_sink import Sink, emptied
from tests.conftest import ROOT
from tests.empty_store import empty_home
from tests.flow.sending.queued import NOW, addresses, noted, queue_up, rows, shelve

from broadsheet.flow.house import House
from broadsheet.flow.sending.run import LEASE
from broadsheet.model.digest import ENDS
from broadsheet.store import subscribers
from broadsheet.wiring import open_house

# When whatever a killed worker had taken is free again.
LATER = LEASE + timedelta(minutes=1)
_MOST_LIVES = 100
_SHORTEST_S, _LONGEST_S = 0.04, 0.4


@dataclass
class Tally:
    """How many kills and digests there were, how many are in doubt, and what was wrong."""

    kills: int = 0
    rounds: int = 0
    digests: int = 0
    doubts: int = 0
    not_sent: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


class Lane:
    """The process that workers are forked from."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.digest_lane"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def live(self, home: Path, at: datetime, through: str, workers: int = 1, **told: Any) -> dict[str, int]:
        """Let workers live until they are killed or done; gives how many were killed."""
        assert self._process.stdin
        assert self._process.stdout
        line = json.dumps({"home": str(home), "at": at.isoformat(), "through": through, "workers": workers, **told})
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer: dict[str, int] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


@contextmanager
def lane() -> Iterator[Lane]:
    """Open a lane."""
    opened = Lane()
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def fast_folder() -> Iterator[Path]:
    """Give a folder of our own, in memory where there is such a disk: a kill loses nothing that was written."""
    memory = Path("/dev/shm")  # noqa: S108 - the folder in it is private
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@contextmanager
def opened(home: Path, through: str) -> Iterator[House]:
    """Open a house to look at."""
    with open_house(settings_of(home, through), clock=lambda: NOW) as house:
        yield house


def prepare(folder: Path, count: int) -> Path:
    """Make a home in which so many digests are due."""
    home = empty_home(folder / f"home-{count}")
    with opened(home, "") as house:
        shelve(house)
        queue_up(house, addresses(count))
    return home


def wrong(house: House, arrived: Counter[str], *, kills: int, by_spool: bool, cuts: int = 0) -> Iterator[str]:
    """Say what is wrong once all is done."""
    papers = noted(house)
    kept = rows(house)
    with house.store.reading() as connection:
        whose = subscribers.by_ids(connection, [row.subscriber_id for row in kept])
    for row in kept:
        times = arrived[whose[row.subscriber_id].address]
        allowed = {"sent": {1}, "doubt": {0, 1}, "bounced": {0}, "expired": {0}}.get(row.state, set())
        if times not in (allowed if not by_spool or row.state == "sent" else set()):
            yield f"digest {row.id} is {row.state} and arrived {times} times"
        if bool(papers.get(row.subscriber_id)) != (row.state in {"sent", "doubt"}):
            yield f"digest {row.id} is {row.state}, and its papers are not noted so"
    if sum(row.state in ENDS for row in kept) != len(kept):
        yield "some recipients are not accounted for"
    doubts = sum(row.state == "doubt" for row in kept)
    if doubts > kills + cuts:
        yield f"{doubts} in doubt after {kills} kills and {cuts} cuts"


def to_the_end(lane_: Lane, home: Path, at: datetime, through: str) -> None:
    """Let one worker do what is left, however late that is due."""
    for _ in range(_MOST_LIVES):
        assert not lane_.live(home, at, through)["failed"]
        with opened(home, through) as house:
            if all(row.state in ENDS for row in rows(house)):
                return
        at += timedelta(hours=5)
    raise AssertionError("It does not come to an end.")


def kill_often(  # noqa: PLR0913 - what is killed, how often and by chance
    lane_: Lane, template: Path, through: Sink | None, *, kills: int, workers: int, seed: int
) -> Tally:
    """Kill workers at random moments, in one home after another, until there were so many kills."""
    chance, tally, began = random.Random(seed), Tally(), time.monotonic()
    while tally.kills < kills:
        home = template.with_name(f"{template.name}-{tally.rounds}")
        shutil.copytree(template, home)
        if through is not None:
            through.clear()
        # A spool that is there is emptied from the first moment on.
        (home / "outbox").mkdir(exist_ok=True)
        with emptied(home / "outbox") as taken:
            killed = _one_round(lane_, home, through.url if through else "", chance, workers, kills - tally.kills)
        arrived = through.arrived if through is not None else taken
        _judge(tally, home, arrived, through, killed)
        shutil.rmtree(home)
    tally.seconds = time.monotonic() - began
    return tally


def _one_round(lane_: Lane, home: Path, through: str, chance: random.Random, workers: int, most: int) -> int:  # noqa: PLR0913, PLR0917 - of one call
    killed, at = 0, NOW
    for _ in range(_MOST_LIVES):
        lived = lane_.live(home, at, through, workers, seconds=chance.uniform(_SHORTEST_S, _LONGEST_S))
        assert not lived["failed"]
        killed += lived["killed"]
        if killed >= most or not lived["killed"]:
            break
        at += LATER
    to_the_end(lane_, home, at + LATER, through)
    return killed


def _judge(tally: Tally, home: Path, arrived: Counter[str], through: Sink | None, killed: int) -> None:
    with opened(home, through.url if through else "") as house:
        kept = rows(house)
        cuts = through.cuts if through is not None else 0
        faults = wrong(house, arrived, kills=killed, by_spool=through is None, cuts=cuts)
        tally.faults += [f"round {tally.rounds}: {fault}" for fault in faults]
    tally.kills += killed
    tally.rounds += 1
    tally.digests += len(kept)
    tally.doubts += sum(row.state == "doubt" for row in kept)
    tally.not_sent += sum(row.state != "sent" for row in kept)


def kill_at_points(lane_: Lane, template: Path, through: Sink | None, every: int, *, after: bool) -> Tally:
    """Kill a worker at one point after another, each time in a home of its own; then let another one do the rest."""
    tally, point = Tally(), 1
    while True:
        home = template.with_name(f"{template.name}-point-{point}")
        shutil.copytree(template, home)
        if through is not None:
            through.clear()
        (home / "outbox").mkdir(exist_ok=True)
        url = through.url if through is not None else ""
        with emptied(home / "outbox") as taken:
            lived = lane_.live(home, NOW, url, point=point, after=after)
            assert not lived["failed"]
            if lived["killed"]:
                to_the_end(lane_, home, NOW + LATER, url)
        _judge(tally, home, through.arrived if through is not None else taken, through, lived["killed"])
        shutil.rmtree(home)
        if not lived["killed"]:
            return tally
        point += every
