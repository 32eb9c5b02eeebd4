"""How long things take, and what they take of memory."""

import re
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

Figures = dict[str, Any]


def memory() -> Figures:
    """Give this process's memory in MB: the peak, and now what it holds itself and what is mapped from files."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    status = Path("/proc/self/status")
    told = (
        dict(re.findall(r"^(Rss\w+):\s+(\d+) kB", status.read_text("ascii"), re.MULTILINE)) if status.exists() else {}
    )
    return {
        "peak_mb": peak,
        "own_mb": int(told.get("RssAnon", 0)) / 1024,
        "mapped_mb": int(told.get("RssFile", 0)) / 1024,
    }


@contextmanager
def timed(figures: Figures, name: str) -> Iterator[None]:
    """Note the seconds something takes, on the wall and of processors."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    figures[f"{name}_s"] = time.perf_counter() - wall
    figures[f"{name}_cpu_s"] = time.process_time() - cpu


def spent(ask: Callable[[], object]) -> tuple[float, float]:
    """Give the milliseconds a call takes, on the wall and of this thread's processor."""
    wall, cpu = time.perf_counter(), time.thread_time()
    ask()
    return (time.perf_counter() - wall) * 1000, (time.thread_time() - cpu) * 1000


def spread(took: list[tuple[float, float]]) -> list[float]:
    """Give p50, p95, p99 and the longest on the wall, and p50 and p99 of the processor, where other load shows less."""
    walls, cpus = zip(*took, strict=True)
    return [float(each) for each in (*np.percentile(walls, [50, 95, 99]), max(walls), *np.percentile(cpus, [50, 99]))]
