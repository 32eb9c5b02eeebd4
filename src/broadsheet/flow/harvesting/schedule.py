"""The whole schedule: sources when they are due, and what keeps them complete; any number of workers may run it."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Event
from uuid import uuid4

from broadsheet.errors import Conflict
from broadsheet.flow.harvesting import alerts, fill_gaps, gaps
from broadsheet.flow.harvesting.harvest import LEASE_S, Watch, harvest, lease_of
from broadsheet.flow.house import House
from broadsheet.flow.scoring import rescore_stars
from broadsheet.flow.sweeping import sweep
from broadsheet.flow.voting import crowds
from broadsheet.store import leases, runs, sources

_log = logging.getLogger(__name__)
# How often is looked for what is due, how many sources run beside each other, and how long runs are remembered.
LOOK_EVERY_S = 5.0
AT_ONCE = 4
_RUNS_KEPT = timedelta(days=365)
_HOUR, _DAY = 3600.0, 86_400.0
_ALERTS_EVERY_S = 300.0


@dataclass(frozen=True, slots=True)
class Task:
    """Something done every so often, by whoever comes first; doing it twice changes nothing.

    ``verb`` ends soon after its second argument is set.
    """

    name: str
    every_s: float
    verb: Callable[[House, Event], object]


def _find_gaps(house: House, _: Event) -> None:
    gaps.find(house)


def _tell_of_trouble(house: House, _: Event) -> None:
    alerts.look(house)


def _prune(house: House, _: Event) -> None:
    with house.store.writing() as connection:
        runs.prune(connection, house.clock() - _RUNS_KEPT)


def _sweep(house: House, _: Event) -> None:
    sweep(house)


TASKS = (
    Task("find-gaps", 6 * _HOUR, _find_gaps),
    Task("fill-gaps", _HOUR, fill_gaps.fill),
    Task("tell-of-trouble", _ALERTS_EVERY_S, _tell_of_trouble),
    Task("forget-old-runs", _DAY, _prune),
    Task("sweep", _HOUR, _sweep),
    Task("judge-upvotes", crowds.EVERY_S, crowds.judge),
    Task("count-stars", _HOUR, rescore_stars),
    Task("forget-networks", _DAY, crowds.forget_networks),
)


def run_due(house: House, *, stop: Event | None = None) -> int:
    """Run all that is due now, one after the other; gives how much that was. For cron, and for whoever needs order."""
    stop = stop or Event()
    done = 0
    for task in _due_tasks(house):
        done += 0 if stop.is_set() else _run_task(house, task, stop)
    for name in _due(house):
        done += 0 if stop.is_set() else _run(house, name, stop)
    return done


def work(house: House, *, stop: Event) -> None:
    """Run what is due, several sources beside each other, until told to stop; what runs then ends after its page."""
    running: dict[str, Future[int]] = {}
    looking_after: dict[str, Future[int]] = {}
    with ThreadPoolExecutor(max_workers=AT_ONCE + len(TASKS), thread_name_prefix="harvest") as pool:
        while not stop.is_set():
            running, looking_after = _not_done(running), _not_done(looking_after)
            for task in _due_tasks(house):
                if task.name not in looking_after:
                    looking_after[task.name] = pool.submit(_run_task, house, task, stop)
            waiting = [name for name in _due(house) if name not in running]
            for name in waiting[: AT_ONCE - len(running)]:
                running[name] = pool.submit(_run, house, name, stop)
            stop.wait(LOOK_EVERY_S)


def _not_done(running: dict[str, Future[int]]) -> dict[str, Future[int]]:
    return {name: future for name, future in running.items() if not future.done()}


def _due(house: House) -> list[str]:
    """Name the sources that are due and that nobody runs."""
    at = house.clock()
    try:
        with house.store.reading() as connection:
            due = sources.due(connection, at)
            return [each.name for each in due if leases.is_free(connection, lease_of(each), at, LEASE_S)]
    except Exception:  # noqa: BLE001 - whatever it is, the schedule goes on when it is over
        _log.exception("The schedule could not be read; it is tried again.")
        return []


def _due_tasks(house: House) -> list[Task]:
    at = house.clock()
    try:
        with house.store.reading() as connection:
            return [task for task in TASKS if leases.is_free(connection, _lease_of(task), at, task.every_s)]
    except Exception:  # noqa: BLE001 - as above
        _log.exception("The tasks could not be looked up; they are tried again.")
        return []


def _lease_of(task: Task) -> str:
    """Name the lease of a task, which is its schedule: whoever has it does it, and nobody else until it has run out."""
    return f"task:{task.name}"


def _run(house: House, name: str, stop: Event) -> int:
    try:
        harvest(house, name, watch=Watch(stop=stop))
    except Conflict:
        return 0  # another worker was faster
    except Exception:  # noqa: BLE001 - a fault of ours is told and must not end the work of all other sources
        _log.exception("Harvesting “%s” failed.", name)
    return 1


def _run_task(house: House, task: Task, stop: Event) -> int:
    try:
        with house.store.writing() as connection:
            if not leases.take(connection, _lease_of(task), uuid4().hex, house.clock(), task.every_s):
                return 0  # another worker was faster
        task.verb(house, stop)
    except Exception:  # noqa: BLE001 - as above
        _log.exception("The task “%s” failed; it is tried again when it is due.", task.name)
    return 1
