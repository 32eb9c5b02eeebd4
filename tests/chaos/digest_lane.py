"""Workers that send digests and are killed, forked from a process that has loaded everything, so that a start is cheap.

Each line on stdin is a JSON object: ``home``, ``at`` (the instant it is), ``through`` (the setting ``smtp_url``, empty
for the folder), ``workers``, perhaps ``database``, and when they are killed: ``seconds`` after they began, or at a
``point``. A point is a call that commits, moves a file, writes one down or speaks to a server, counted as one worker
makes them; it is killed just before the call, or just after it where ``after`` is set. The answer is a JSON object: how
many workers were ``killed``, how many ``failed``, and how many ``points`` a single one passed that came to its end.
"""

import json
import logging
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from broadsheet.flow.sending.run import send_due
from broadsheet.settings import Settings
from broadsheet.wiring import open_house

_SOON_S = 0.001
# What changes anything outside of a process goes through one of these.
POINTS = frozenset({"commit", "rename", "link", "fsync", "sendall", "recv_into"})
PUBLIC_URL = "https://papers.example"


def settings_of(home: Path, through: str, database: str = "") -> Settings:
    """Give the settings of a house that sends digests."""
    return Settings(
        home=home,
        public_url=PUBLIC_URL,
        secret_key="x" * 32,
        smtp_url=through,
        database_url=database,
        private_addresses=True,
    )


def send(settings: Settings, at: datetime, watch: Callable[[], None] = lambda: None) -> None:
    """Send all that is due at an instant."""
    began = time.monotonic()

    def clock() -> datetime:
        return at + timedelta(seconds=time.monotonic() - began)

    with open_house(settings, clock=clock) as house:
        watch()
        send_due(house)
        sys.setprofile(None)


class Points:
    """Counts the points that this process passes, and kills it at one."""

    def __init__(self, point: int, *, after: bool) -> None:
        self.passed = 0
        self._point = point
        self._event = "c_return" if after else "c_call"

    def watch(self) -> None:
        """Begin to count."""
        sys.setprofile(self._look)

    def _look(self, _: FrameType, event: str, called: Any) -> None:
        if event == self._event and getattr(called, "__name__", "") in POINTS:
            self.passed += 1
            if self.passed == self._point:
                os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Fork, let live, kill."""
    # What goes wrong here is meant to.
    logging.disable()
    for line in sys.stdin:
        told = json.loads(line)
        points, told_by = os.pipe()
        children = [_fork(told, told_by, points) for _ in range(told["workers"])]
        os.close(told_by)
        killed, failed = _outlived(children, told.get("seconds"))
        with os.fdopen(points) as pipe:
            passed = pipe.read()
        answer = {"killed": killed, "failed": failed, "points": int(passed or 0) if told["workers"] == 1 else 0}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _fork(told: dict[str, Any], told_by: int, points: int) -> int:
    child = os.fork()
    if child:
        return child
    try:
        os.close(points)
        random.seed()
        counter = Points(told.get("point", 0), after=told.get("after", False))
        watch = counter.watch if "point" in told else lambda: None
        settings = settings_of(Path(told["home"]), told["through"], told.get("database", ""))
        send(settings, datetime.fromisoformat(told["at"]).astimezone(UTC), watch)
        if "point" in told:
            os.write(told_by, str(counter.passed).encode())
    except BaseException:  # noqa: BLE001 - a fault is told, and must not come back into the lane
        sys.setprofile(None)
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _outlived(children: list[int], seconds: float | None) -> tuple[int, int]:
    """Wait for children that long, then kill them; gives how many were killed and how many failed by themselves."""
    until = time.monotonic() + (seconds if seconds is not None else 120.0)
    left, ends = set(children), []
    while left and time.monotonic() < until:
        for child in tuple(left):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                left.discard(child)
                ends.append(status)
        time.sleep(_SOON_S)
    for child in left:
        os.kill(child, signal.SIGKILL)
    ends += [os.waitpid(child, 0)[1] for child in left]
    killed = sum(os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL for status in ends)
    return killed, sum(status != 0 for status in ends) - killed


if __name__ == "__main__":
    main()
