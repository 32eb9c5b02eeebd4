"""A reader's library at Zotero, by the key they give for it (zotero.org/support/dev/web_api/v3/basics)."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from broadsheet.errors import Conflict, Invalid, Refused, Unavailable
from broadsheet.net.addresses import Network, read_url
from broadsheet.net.exchange import Limits, Reply, get, submit

ZOTERO: Final = "https://api.zotero.org"
# What the API takes and gives at once.
MOST_ITEMS, _PER_PAGE = 50, 100
_MOST_PAGES = 200
# Longer than this nobody waits beside a form.
_LONGEST_WAIT_S = 10.0
_LIMITS = Limits(most_bytes=16 << 20, total_s=60.0, stall_s=30.0)
_SENT, _STALE, _TOO_LARGE = 200, 412, 413
_BUSY = frozenset({429, 500, 502, 503, 504})


class TooLarge(Invalid):
    """So many items at once are too much."""


@dataclass(slots=True)
class Library:
    """The library of whoever made a key; ``version`` is the one that was seen last, which writes are held to."""

    key: str = field(repr=False)
    network: Network
    base: str = ZOTERO
    wait: Callable[[float], None] = time.sleep
    version: int = 0
    _path: str = ""
    _backoff_s: float = 0.0

    def open(self) -> None:
        """Learn whose library it is; raises Refused for a key that is not valid or may not write."""
        told = self._read("/keys/current")
        access = told.get("access", {}).get("user", {})
        if not (isinstance(told.get("userID"), int) and access.get("library") and access.get("write")):
            raise Refused("This key may not write to its library. Give one at zotero.org/settings/keys that may.")
        self._path = f"/users/{told['userID']}"

    def collections(self) -> Iterator[Mapping[str, Any]]:
        """Give the collections."""
        return self._all("/collections", {})

    def items(self, words: str) -> Iterator[Mapping[str, Any]]:
        """Give those items that hold some words anywhere."""
        return self._all("/items/top", {"q": words, "qmode": "everything"})

    def write(self, kind: str, objects: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """Write up to MOST_ITEMS objects, and give what became of each.

        Raises Conflict when the library changed since it was seen, TooLarge for too much at once.
        """
        headers = {"Content-Type": "application/json", "If-Unmodified-Since-Version": str(self.version)}
        url = f"{self._path}/{kind}"
        return self._taken(self._asked(url, headers, json.dumps(list(objects)).encode()))

    def _all(self, path: str, asked: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        for page in range(_MOST_PAGES):
            asking = urlencode({**asked, "format": "json", "limit": _PER_PAGE, "start": page * _PER_PAGE})
            found = self._read(f"{self._path}{path}?{asking}", first=page == 0)
            yield from found
            if len(found) < _PER_PAGE:
                return

    def _read(self, path: str, *, first: bool = False) -> Any:  # noqa: ANN401 - JSON
        reply = self._asked(path, {}, None)
        if first:
            self._see(reply)
        return self._told(reply)

    def _asked(self, path: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        if self._backoff_s:
            self._pause(self._backoff_s)
        told = {"Zotero-API-Version": "3", "Zotero-API-Key": self.key, "User-Agent": "broadsheet", **headers}
        address = read_url(f"{self.base}{path}")
        if body is None:
            reply = get(address, told, _LIMITS, self.network)
        else:
            reply = submit(address, told, body, _LIMITS, self.network)
        self._backoff_s = _seconds(reply, "backoff")
        return self._judged(path, headers, body, reply)

    def _judged(self, path: str, headers: Mapping[str, str], body: bytes | None, reply: Reply) -> Reply:
        if reply.status == _SENT:
            return reply
        if reply.status in {401, 403}:
            raise Refused("Zotero does not take this key.")
        if reply.status == _STALE:
            raise Conflict("The library at Zotero changed meanwhile.")
        if reply.status == _TOO_LARGE:
            raise TooLarge("That is too much at once for Zotero.", field="label")
        if reply.status in _BUSY:
            self._pause(_seconds(reply, "retry-after") or _LONGEST_WAIT_S + 1)
            return self._asked(path, headers, body)
        raise Unavailable(f"Zotero answers with {reply.status}.")

    def _pause(self, seconds: float) -> None:
        if seconds > _LONGEST_WAIT_S:
            raise Unavailable(
                "Zotero is busy. Push again later: what is there already is not pushed twice.", retry_after_s=seconds
            )
        self._backoff_s = 0.0
        self.wait(seconds)

    def _taken(self, reply: Reply) -> Mapping[str, Any]:
        self._see(reply)
        told: Mapping[str, Any] = self._told(reply)
        return told

    def _see(self, reply: Reply) -> None:
        seen = reply.headers.get("last-modified-version", "")
        self.version = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 16 else 0  # noqa: PLR2004 - digits

    def _told(self, reply: Reply) -> Any:  # noqa: ANN401 - JSON
        with reply.body as body:
            try:
                return json.load(body)
            except (ValueError, RecursionError) as error:
                raise Unavailable("Zotero answers with what is no JSON.") from error


def _seconds(reply: Reply, name: str) -> float:
    told = reply.headers.get(name, "")
    return float(told) if told.isascii() and told.isdecimal() and len(told) < 7 else 0.0  # noqa: PLR2004 - digits
