"""A process of its own that reads a long made-up stream and says how much memory that took.

Run as ``python -m tests.sources.flood FORMAT MEGABYTES``; prints how many records are missing and the peak of resident
memory in MB, less what importing alone took.
"""

import io
import resource
import sys
from itertools import chain, repeat

from broadsheet.model.record import Record
from broadsheet.sources.detect import read

ABSTRACT = "We fold a napkin of cloth, and then another one. " * 400
STREAMS = {
    "jsonl": ("", f'{{"title": "On Napkins", "abstract": "{ABSTRACT}"}}\n', ""),
    "hf": ("[", f'{{"paper": {{"id": "2401.00001", "title": "On Napkins", "summary": "{ABSTRACT}"}}}},\n', "]"),
    "atom": (
        "<feed>",
        f"<entry><id>http://arxiv.org/abs/2401.00001v1</id><title>T</title><summary>{ABSTRACT}</summary></entry>",
        "</feed>",
    ),
    "feed": (
        "<rss><channel>",
        f"<item><title>On Napkins</title><description>&lt;p&gt;{ABSTRACT}&lt;/p&gt;</description></item>",
        "</channel></rss>",
    ),
    "bibtex": ("", f"@misc{{k, title = {{On Napkins}},\n abstract = {{{ABSTRACT}}}}}\n", ""),
    "ris": ("", f"TY  - JOUR\nTI  - On Napkins\nAB  - {ABSTRACT}\nER  -\n", ""),
    "csv": ("title,abstract\n", f'On Napkins,"{ABSTRACT}"\n', ""),
    "saved-page": ("Get trending papers in your email inbox!\n", f"On Napkins\n{ABSTRACT}\n", ""),
}


class Flood(io.RawIOBase):
    """A head, one record again and again, and a tail, made as they are read."""

    def __init__(self, format_name: str, size: int) -> None:
        head, row, tail = (part.encode() for part in STREAMS[format_name])
        self.count = size // len(row)
        self._pieces = chain([head], repeat(row, self.count), [tail])
        self._held = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._held and (piece := next(self._pieces, None)) is not None:
            self._held = piece
        found, self._held = self._held[: len(buffer)], self._held[len(buffer) :]
        buffer[: len(found)] = found
        return len(found)


def peak_mb() -> float:
    """Give this process's peak resident memory in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Read one flood."""
    before = peak_mb()
    flood = Flood(sys.argv[1], int(sys.argv[2]) << 20)
    count = sum(isinstance(one, Record) for one in read(io.BufferedReader(flood), name="flood"))
    sys.stdout.write(f"{flood.count - count} {peak_mb() - before}\n")


if __name__ == "__main__":
    main()
