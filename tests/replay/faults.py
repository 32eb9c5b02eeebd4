"""What goes wrong on the way: drawn by rate and seed, and counted."""

import gzip
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from tests.replay.site import Reply

# What the service itself says, and what becomes of a good answer on its way.
SAID = ("busy-seconds", "busy-date", "too-many", "html", "blank", "moved-briefly", "led-astray")
TWISTS = ("empty", "expired", "reordered")
ON_THE_WAY = ("reset", "cut-short", "cut-unnoticed", "stalled", "dripping", "bomb")
ALL = (*SAID, *TWISTS, *ON_THE_WAY)
_LONGEST_WAIT_S = 40
_HTML = b"<!DOCTYPE html><html><head><title>Sorry</title></head><body><p>Please come back later.</p></body></html>"


@dataclass
class Faults:
    """Which faults happen to ``rate`` of all requests; ``counts`` says how often each did."""

    rate: float
    seed: int
    kinds: tuple[str, ...] = ALL
    counts: Counter[str] = field(default_factory=Counter)
    waits_s: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._draw = Random(self.seed)
        self._turn = threading.Lock()

    def next(self) -> str:
        """Draw the fault of the next request; mostly none."""
        with self._turn:
            fault = self._draw.choice(self.kinds) if self._draw.random() < self.rate else ""
            self.counts[fault] += bool(fault)
            return fault

    def said(self, fault: str, at: datetime, here: str, astray: str) -> Reply:
        """Say what the service says instead of an answer; ``here`` is the address it was asked at."""
        match fault:
            case "html":
                return Reply(_HTML, "text/html; charset=utf-8")
            case "blank":
                return Reply(b"", "text/xml")
            case "moved-briefly":
                return Reply(status=302, headers={"Location": here})
            case "led-astray":
                return Reply(status=302, headers={"Location": astray})
        with self._turn:
            wait_s = self._draw.randrange(1, _LONGEST_WAIT_S)
        until = at.replace(microsecond=0) + timedelta(seconds=wait_s + 1)
        said = f"{until:%a, %d %b %Y %H:%M:%S GMT}" if fault == "busy-date" else str(wait_s)
        return Reply(b"Slow down.", status=429 if fault == "too-many" else 503, headers={"Retry-After": said})


def bomb(megabytes: int) -> bytes:
    """Make a gzip bomb that holds so many megabytes."""
    return gzip.compress(bytes(megabytes << 20), mtime=0)
