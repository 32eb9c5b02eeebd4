"""What a public service is to the server: a question and the moment it is asked lead to an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: ``path`` below the site's own, ``query`` with one value a name, headers in lower case."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    base: str  # the site's address as the asker sees it


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered."""

    body: bytes = b""
    kind: str = "text/plain; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Site(Protocol):
    """One public service."""

    def answer(self, request: Request, at: datetime, twist: str = "") -> Reply:
        """Answer as the service would; ``twist`` is a fault of its own making: empty, expired or reordered."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A site that is elsewhere now."""

    to: str
    status: int = 301

    def answer(self, request: Request, at: datetime, twist: str = "") -> Reply:
        """Point to the other place, with the question as it was asked."""
        asked = f"{self.to}{request.path}?{urlencode(request.query)}".rstrip("?")
        return Reply(status=self.status, headers={"Location": asked})
