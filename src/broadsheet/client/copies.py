"""Answers that are kept for when nothing has changed since (RFC 9110, section 13.1.2)."""

from collections import OrderedDict
from threading import Lock

from broadsheet.client.transport import Answer

MOST_BYTES = 16 << 20


class Copies:
    """Answers by what was asked, ``most_bytes`` of them at most: those used longest ago go first. Threads share it."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[str, Answer] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def find(self, asked: str) -> Answer | None:
        """Give the last answer, if it is still here."""
        with self._lock:
            if asked in self._kept:
                self._kept.move_to_end(asked)
            return self._kept.get(asked)

    def keep(self, asked: str, answer: Answer) -> None:
        """Keep an answer that says by which tag it is known, if others may be kept beside it."""
        if not answer.headers.get("etag") or "no-store" in answer.headers.get("cache-control", ""):
            return
        with self._lock:
            before = self._kept.pop(asked, None)
            self._kept[asked] = answer
            self._size += len(answer.body) - (len(before.body) if before else 0)
            while self._size > self._most:
                self._size -= len(self._kept.popitem(last=False)[1].body)
