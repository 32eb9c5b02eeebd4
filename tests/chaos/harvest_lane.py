"""Harvests that are killed, forked from a process that has loaded everything, so that a start costs nothing.

Each line on stdin is a JSON array: how many seconds a harvest may live, its home, the address of the virtual time, the
services' addresses and the first day; the answer is ``killed`` or ``done``.
"""

import json
import os
import signal
import sys
import time
import traceback
from contextlib import suppress
from datetime import date
from pathlib import Path

from tests.replay.virtual_time import Timekeeper
from tests.replay.worker import opened

from broadsheet.errors import Conflict
from broadsheet.flow.harvesting import sources
from broadsheet.flow.harvesting.harvest import harvest
from broadsheet.flow.house import House
from broadsheet.flow.shelf.reindex import catch_up

KINDS = ("arxiv", "hf")
# The lease of a harvest that was killed runs out after this long.
_PATIENCE_S = 60.0
_SOON_S = 0.002


def work(home: Path, time_address: str, addresses: str, since: date) -> None:
    """Harvest both sources to their end and catch the indexes up, wherever the last one was killed."""
    keeper = Timekeeper(time_address)
    keeper.join()
    with opened(home, keeper, addresses) as house:
        for kind in KINDS:
            _to_the_end(house, kind, since)
            catch_up(house)


def _to_the_end(house: House, kind: str, since: date) -> None:
    source = next((one for one in sources.list_sources(house) if one.name == kind), None)
    if source is None:
        sources.add(house, sources.Order(kind=kind, since=since))
    while True:
        with suppress(Conflict):
            if harvest(house, kind).outcome == "done":
                return
        house.wait(_PATIENCE_S)


def main() -> None:
    """Fork, let live, kill."""
    for line in sys.stdin:
        seconds, home, time_address, addresses, since = json.loads(line)
        child = os.fork()
        if not child:
            try:
                work(Path(home), time_address, addresses, date.fromisoformat(since))
            except BaseException as error:  # noqa: BLE001 - a fault is told, in the one line there is for it
                sys.stdout.write(f"failed: {' '.join(''.join(traceback.format_exception(error)).split())[-1500:]}\n")
                sys.stdout.flush()
                os._exit(1)
            os._exit(0)
        came = _outlived(child, seconds)
        if came != "ended with 256":  # that one has told itself why
            sys.stdout.write(f"{came}\n")
            sys.stdout.flush()


def _outlived(child: int, seconds: float) -> str:
    """Wait for a child that long, then kill it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return "done" if status == 0 else f"ended with {status}"
        time.sleep(_SOON_S)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "killed"


if __name__ == "__main__":
    main()
