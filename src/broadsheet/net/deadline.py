"""Time that runs out, also for what cannot be told to stop."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


class Deadline:
    """So many seconds from now, by a clock that nobody sets; no single step may take longer than ``stall_s``."""

    def __init__(self, total_s: float, stall_s: float) -> None:
        self._ends = time.monotonic() + total_s
        self._stall_s = stall_s

    def left(self) -> float:
        """Give the seconds that the next step may take; raises TimeoutError when there are none."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("it took too long")
        return min(left, self._stall_s)


def within(seconds: float, work: Callable[[], T]) -> T:
    """Give what ``work`` gives or raise what it raises; TimeoutError when neither comes in so many seconds.

    It is done by a thread of its own, which is left alone then: looking a host up cannot be kept to a deadline from
    within.
    """
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            done.set_exception(error)

    Thread(target=run, name="within", daemon=True).start()
    return done.result(seconds)
