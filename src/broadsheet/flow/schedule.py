"""The whole schedule: sources when they are due, and what keeps them complete; any number of workers may run it."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Event
from uuid import uuid4

from broadsheet.errors import BroadsheetError, Conflict
from broadsheet.flow import alerts, fill_gaps, gaps
from broadsheet.flow.harvest import Watch, harvest, lease_of
from broadsheet.flow.house import House
from broadsheet.store import leases, runs, sources

_log = logging.getLogger(__name__)
# How often is looked for what is due, how many sources run beside each other, and how long runs are remembered.
LOOK_EVERY_S = 5.0
AT_ONCE = 4
_RUNS_KEPT = timedelta(days=365)
_TASKS = ""  # what all tasks together run under, beside the names of sources
_HOUR, _DAY = 3600.0, 86_400.0
_ALERTS_EVERY_S = 300.0


@dataclass(frozen=True, slots=True)
class Task:
    """Something done every so often, by whoever comes first; doing it twice changes nothing."""

    name: str
    every_s: float
    verb: Callable[[House], object]


def _prune(house: House) -> None:
    with house.store.writing() as connection:
        runs.prune(connection, house.clock() - _RUNS_KEPT)


TASKS = (
    Task("find-gaps", 6 * _HOUR, gaps.find),
    Task("fill-gaps", _HOUR, fill_gaps.fill),
    Task("tell-of-trouble", _ALERTS_EVERY_S, alerts.look),
    Task("forget-old-runs", _DAY, _prune),
)


def run_due(house: House, *, stop: Event | None = None) -> int:
    """Run all that is due now, one after the other; gives how much that was. For cron, and for whoever needs order."""
    done = _run_tasks(house)
    for name in _due(house):
        if stop and stop.is_set():
            break
        done += _run(house, name, stop)
    return done


def work(house: House, *, stop: Event) -> None:
    """Run what is due, several sources beside each other, until told to stop; what runs then ends after its page."""
    running: dict[str, Future[int]] = {}
    with ThreadPoolExecutor(max_workers=AT_ONCE + 1, thread_name_prefix="harvest") as pool:
        while not stop.is_set():
            running = {name: future for name, future in running.items() if not future.done()}
            if _TASKS not in running:
                running[_TASKS] = pool.submit(_run_tasks, house)
            waiting = [name for name in _due(house) if name not in running]
            for name in waiting[: AT_ONCE + 1 - len(running)]:
                running[name] = pool.submit(_run, house, name, stop)
            stop.wait(LOOK_EVERY_S)


def _due(house: House) -> list[str]:
    """Name the sources that are due and that nobody runs."""
    at = house.clock()
    try:
        with house.store.reading() as connection:
            due = sources.due(connection, at)
            return [each.name for each in due if leases.is_free(connection, lease_of(each), at)]
    except BroadsheetError:
        _log.warning("The schedule could not be read; it is tried again.", exc_info=True)
        return []


def _run(house: House, name: str, stop: Event | None) -> int:
    try:
        harvest(house, name, watch=Watch(stop=stop))
    except Conflict:
        return 0  # another worker was faster
    except Exception:  # noqa: BLE001 - a fault of ours is told and must not end the work of all other sources
        _log.exception("Harvesting “%s” failed.", name)
    return 1


def _run_tasks(house: House) -> int:
    done = 0
    for task in TASKS:
        try:
            if _is_mine(house, task):
                done += 1
                task.verb(house)
        except Exception:  # noqa: BLE001 - as above
            _log.exception("The task “%s” failed; it is tried again when it is due.", task.name)
    return done


def _is_mine(house: House, task: Task) -> bool:
    """Take a task. Its lease is its schedule: whoever has it does the work, and nobody else until it has run out."""
    name, at = f"task:{task.name}", house.clock()
    with house.store.reading() as connection:
        if not leases.is_free(connection, name, at):
            return False
    with house.store.writing() as connection:
        return leases.take(connection, name, uuid4().hex, at, task.every_s)
