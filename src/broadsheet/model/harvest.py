"""Harvests: what an operator wants from a source, how that stands, and one run of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

# How a run ended: at its end, when told to stop, to go on later, after too many failures, or because it was forbidden.
Outcome = Literal["running", "done", "stopped", "waiting", "parked", "refused"]
MAX_NAME = 80
_NAME = re.compile(rf"[a-z0-9][a-z0-9._:-]{{0,{MAX_NAME - 1}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source that an operator wants harvested, and how that stands.

    ``kind`` says how it is asked, ``target`` for what. ``every_s`` is 0 for one that runs only when asked. ``mark``,
    ``ask`` and ``want`` are JSON objects: what its adapter remembers, and the next request and the wish of a run that
    is not at its end. ``failures`` count in a row; ``trouble`` is why the last try failed, ``refused`` why it rests,
    where that is because it was forbidden.
    """

    id: int = 0
    name: str
    kind: str
    target: str = ""
    since: date | None = None
    every_s: int = 0
    paused: bool = False
    at: datetime
    mark: Mapping[str, Any] = field(default_factory=dict)
    ask: Mapping[str, Any] | None = None
    want: Mapping[str, Any] | None = None
    failures: int = 0
    trouble: str = ""
    refused: str = ""
    next_at: datetime | None = None
    tried_at: datetime | None = None
    succeeded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a source: what it asked for and what came of it, in counts."""

    id: int = 0
    source_id: int
    begun_at: datetime
    ended_at: datetime | None = None
    outcome: Outcome = "running"
    pages: int = 0
    records: int = 0
    new: int = 0
    changed: int = 0
    problems: int = 0
    message: str = ""


def is_name(text: str) -> bool:
    """Tell whether a text can name a source: small letters, digits and ``. _ : -``, at most MAX_NAME of them."""
    return _NAME.fullmatch(text) is not None
