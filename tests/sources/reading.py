"""How tests read a source: everything at once, split into what it is."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from broadsheet.model.record import Problem, Record
from broadsheet.sources.detect import FORMATS, Told, read
from broadsheet.sources.envelope import Envelope

AT = datetime(2025, 11, 21, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Read:
    """All that one file told."""

    told: tuple[Told, ...]

    @property
    def records(self) -> list[Record]:
        return [one for one in self.told if isinstance(one, Record)]

    @property
    def record(self) -> Record:
        """The only record; there is no problem beside it."""
        assert not self.problems
        [found] = self.records
        return found

    @property
    def titles(self) -> list[str]:
        return [record.title for record in self.records]

    @property
    def problems(self) -> list[Problem]:
        return [one for one in self.told if isinstance(one, Problem)]

    @property
    def kinds(self) -> list[str]:
        return [problem.kind for problem in self.problems]

    @property
    def envelope(self) -> Envelope:
        """The only envelope, which comes last."""
        [found] = [one for one in self.told if isinstance(one, Envelope)]
        assert self.told[-1] is found
        return found


def read_file(data: bytes | str, name: str = "file", **options: Any) -> Read:
    """Read a file of any format, as an import does."""
    raw = data.encode() if isinstance(data, str) else data
    return Read(tuple(read(io.BytesIO(raw), name=name, observed=AT, **options)))


def parse(format_name: str, data: bytes | str, name: str = "file", *, observed: datetime | None = AT) -> Read:
    """Read bytes with one format's parser."""
    raw = data.encode() if isinstance(data, str) else data
    return Read(tuple(FORMATS[format_name](io.BytesIO(raw), name=name, observed=observed)))


class Trickle(io.RawIOBase):
    """A stream that gives no more than a few bytes at a time."""

    def __init__(self, data: bytes, size: int) -> None:
        self._inner = io.BytesIO(data)
        self._size = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        found = self._inner.read(min(self._size, len(buffer)))
        buffer[: len(found)] = found
        return len(found)
