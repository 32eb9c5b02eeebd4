"""What a service takes in, and what it would show then."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

# Letters without width: what keeps names from being found.
_NO_WIDTH = dict.fromkeys(map(ord, "\u200b\u2060"))


@dataclass(frozen=True)
class Heard:
    """One request as it came; names of headers are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Shown:
    """Readable text, line by line as far as there are lines, and links as their words and addresses."""

    text: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)

    @property
    def letters(self) -> str:
        """Give the text without blanks and without what has no width."""
        return squeezed(self.text)


def squeezed(text: str) -> str:
    """Leave out blanks and what has no width."""
    return re.sub(r"\s+", "", text.translate(_NO_WIDTH))


def check_address(url: str, longest: int) -> None:
    """Accept an http or https address in ASCII."""
    parts = urlsplit(url)
    assert parts.scheme in {"http", "https"}
    assert parts.hostname
    assert url.isascii()
    assert not set(url) & set(' "<>\\^`{|}')
    assert len(url) <= longest


def utf16(text: str) -> int:
    """Count code units; raises for half a letter."""
    return len(text.encode("utf-16-le")) // 2
