"""Many read at once, or one changes; a change waits for the readers who are in, and no new ones pass it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Turns:
    """A lock for readers who come often and a writer who comes seldom and stays briefly."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._readers = 0
        self._waiting = 0

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Keep what is read from changing; not to be nested, as a waiting writer would be waited for inside."""
        with self._changed:
            while self._waiting:
                self._changed.wait()
            self._readers += 1
        try:
            yield
        finally:
            with self._changed:
                self._readers -= 1
                if not self._readers:
                    self._changed.notify_all()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be alone: from the moment the last reader has left, nobody else comes in."""
        with self._changed:
            self._waiting += 1
            try:
                while self._readers:
                    self._changed.wait()
                yield
            finally:
                self._waiting -= 1
                self._changed.notify_all()
