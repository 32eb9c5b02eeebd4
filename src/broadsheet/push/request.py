"""One request that delivers one message."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from broadsheet.push.sizes import utf16


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is sent, and with what; all of it but the method may hold a secret."""

    url: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    method: str = "POST"


def as_json(told: object) -> str:
    """Write JSON in as few letters as there are."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def json_request(url: str, told: object, headers: Mapping[str, str] | None = None, *, method: str = "POST") -> Request:
    """Make a request whose body is JSON."""
    kind = {"Content-Type": "application/json", **(headers or {})}
    return Request(url=url, body=as_json(told).encode(), headers=kind, method=method)


def letters(told: object) -> int:
    """Count the letters of something as JSON, in UTF-16."""
    return utf16(as_json(told))
