"""Work that Ctrl-C ends where it may end."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from broadsheet.cli.output import warn


@contextmanager
def stopping(words: str) -> Iterator[Event]:
    """Let the first Ctrl-C or SIGTERM say ``words`` and set what is given, and a second one end the work at once."""
    stop = Event()

    def told(_number: int, _frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        warn(words)

    before = {number: signal.signal(number, told) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
