"""Wait for what others do."""

import time
from collections.abc import Callable

# Longer than anything takes on a machine that still works.
PATIENCE_S = 60.0


def until(true: Callable[[], object], every_s: float = 0.02) -> None:
    """Wait for something to become true."""
    ends = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < ends, "It did not happen in time."
        time.sleep(every_s)
