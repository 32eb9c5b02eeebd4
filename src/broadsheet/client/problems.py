"""What a house says went wrong (RFC 9457), as our own errors."""

import json
from collections.abc import Mapping
from typing import Any

from broadsheet.client.transport import Answer
from broadsheet.clock import system_clock
from broadsheet.errors import BroadsheetError, Conflict, InDoubt, Invalid, NotFound, Refused, TooMany, Unavailable
from broadsheet.net.retry_after import http_date, retry_after

MEDIA_TYPE = "application/problem+json"
_INVALID = frozenset({400, 413, 415, 422})
_REFUSED = frozenset({401, 403})
_TOO_MANY = 429
# What somebody says who stands between, and knows no more of it than we do.
_GATEWAY = frozenset({502, 504})
_PASSING = frozenset({_TOO_MANY, 503}) | _GATEWAY
_SHOWN = 1_000


class Busy(Unavailable):
    """The house, or who stands before it, cannot answer now: asked again it may."""


def error_of(place: str, answer: Answer, *, safe: bool) -> BroadsheetError:
    """Make the error that an answer tells of; ``safe`` tells that to ask again is to ask once."""
    status, headers = answer.status, answer.headers
    told = _problem(headers, answer.body)
    sentence = _printable(told.get("detail")) or f"{place} answered {status}, not as a Broadsheet does."
    if status in _PASSING:
        asked_s = retry_after(headers.get("retry-after"), http_date(headers.get("date")) or system_clock())
        return _passing(status, sentence, asked_s, safe=safe)
    if status in _REFUSED:
        return Refused(sentence)
    if told and status in _INVALID:
        return Invalid(sentence, field=_printable(told.get("field")) or "body")
    kind: dict[int, type[BroadsheetError]] = {404: NotFound, 409: Conflict} if told else {}
    return kind.get(status, Unavailable)(sentence)


def _passing(status: int, sentence: str, retry_after_s: float | None, *, safe: bool) -> Unavailable:
    if status == _TOO_MANY:
        return TooMany(sentence, retry_after_s=retry_after_s)
    kind = InDoubt if status in _GATEWAY and not safe else Busy
    return kind(sentence, retry_after_s=retry_after_s)


def _problem(headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """Read problem details; empty for anything else, such as the page of somebody who stands between."""
    if headers.get("content-type", "").partition(";")[0].strip().lower() != MEDIA_TYPE:
        return {}
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _printable(told: object) -> str:
    """Give the beginning of what is said, fit for a message."""
    said = told[:_SHOWN] if isinstance(told, str) else ""
    return "".join(letter if letter.isprintable() else " " for letter in said)
