"""Resumption tokens: all that it takes to go on, sealed, so that nothing is kept here and no token ever expires."""

import base64
import binascii
import hmac
import json
from dataclasses import astuple, dataclass
from typing import Final

from broadsheet.feeds.oai.refusal import OaiError

_LONGEST: Final = 1_500
_SEAL: Final = 24
_MOST: Final = 2**62


@dataclass(frozen=True, slots=True)
class Place:
    """A list, how it was asked for, and how far it was told: up to the change ``after``, ``cursor`` records.

    ``size`` is how many records the list had when it was begun, 0 where nobody counted.
    """

    verb: str
    prefix: str
    since: str = ""
    until: str = ""
    spec: str = ""
    after: int = 0
    cursor: int = 0
    size: int = 0


def written(place: Place, key: bytes) -> str:
    """Write a token; letters, digits, hyphens and underscores."""
    told = base64.urlsafe_b64encode(json.dumps(astuple(place), separators=(",", ":")).encode()).decode().rstrip("=")
    return f"{_seal(told, key)}{told}"


def read(token: str, verb: str, key: bytes) -> Place:
    """Read a token that was given for ``verb``; raises OaiError badResumptionToken for any other text."""
    seal, told = token[:_SEAL], token[_SEAL:]
    refused = OaiError("badResumptionToken", "This token was not given here, or for something else.")
    if len(token) > _LONGEST or not token.isascii() or not hmac.compare_digest(seal, _seal(told, key)):
        raise refused
    try:
        place = Place(*json.loads(base64.urlsafe_b64decode(told + "=" * (-len(told) % 4))))
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise refused from None
    if place.verb != verb or not _is_sound(place):
        raise refused
    return place


def _is_sound(place: Place) -> bool:
    """Tell whether everything is of its kind: a house without a secret key seals with what anybody can know."""
    texts, numbers = astuple(place)[:5], astuple(place)[5:]
    return all(type(text) is str for text in texts) and all(type(n) is int and 0 <= n < _MOST for n in numbers)


def _seal(told: str, key: bytes) -> str:
    return hmac.digest(key, b"oai " + told.encode(), "sha256").hex()[:_SEAL]
