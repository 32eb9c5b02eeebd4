"""A library at Zotero, by the key that a reader gives for it (zotero.org/support/dev/web_api/v3/basics)."""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from broadsheet.errors import Conflict, Invalid, NotFound, Refused, Unavailable
from broadsheet.flow.house import House
from broadsheet.net.addresses import Network, read_url
from broadsheet.net.exchange import Limits, Reply, get, submit

ZOTERO: Final = "https://api.zotero.org"
# What the API takes and gives at once.
MOST_ITEMS, _PER_PAGE = 50, 100
_MOST_PAGES = 200
# Longer than this nobody waits beside a form, at once and in all.
_LONGEST_WAIT_S, _LONGEST_WAITS_S = 10.0, 120.0
_KEY = re.compile("[0-9A-Za-z]{16,64}")
_LIMITS = Limits(most_bytes=16 << 20, total_s=60.0, stall_s=30.0)
_SENT, _ABSENT, _STALE, _TOO_LARGE = 200, 404, 412, 413
_BUSY = frozenset({429, 500, 502, 503, 504})


class TooLarge(Invalid):
    """So many items at once are too much."""


@dataclass(slots=True)
class Library:
    """A library that a key opens; ``version`` is the one that was seen last, which writes are held to."""

    key: str = field(repr=False)
    network: Network
    base: str = ZOTERO
    wait: Callable[[float], None] = time.sleep
    version: int = 0
    _path: str = ""
    _backoff_s: float = 0.0
    _patience_s: float = _LONGEST_WAITS_S
    _total: int = 0

    def open(self, *, writing: bool) -> None:
        """Open the library of whoever made the key; raises Refused for one that is not valid or not for this."""
        told = self._read("/keys/current")
        access = told.get("access", {}).get("user", {})
        may = access.get("library") and (access.get("write") or not writing)
        if not (isinstance(told.get("userID"), int) and may):
            what = "write to its library" if writing else "read its library"
            raise Refused(f"This key may not {what}. Give one at zotero.org/settings/keys that may.")
        self._path = f"/users/{told['userID']}"

    def open_of(self, owner: str) -> None:
        """Open another library, to read it: ``users/1`` or ``groups/1``."""
        self._path = f"/{owner}"

    def collections(self) -> Iterator[Mapping[str, Any]]:
        """Give the collections."""
        return self._all("/collections", {})

    def items(self, words: str) -> Iterator[Mapping[str, Any]]:
        """Give those items that hold some words anywhere."""
        return self._all("/items/top", {"q": words, "qmode": "everything"})

    def references(self, collection: str, most: int) -> Iterator[Mapping[str, Any]]:
        """Give what stands in a collection by its key, all of the library for none: Zotero's data and CSL-JSON of each.

        Raises Refused for more than ``most``. Those added first come first, so that adding meanwhile moves none.
        """
        path = f"/collections/{collection}/items/top" if collection else "/items/top"
        asked = {"include": "data,csljson", "sort": "dateAdded", "direction": "asc"}
        return self._all(path, asked, most=most)

    def write(self, kind: str, objects: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """Write up to MOST_ITEMS objects, and give what became of each.

        Raises Conflict when the library changed since it was seen, TooLarge for too much at once.
        """
        headers = {"Content-Type": "application/json", "If-Unmodified-Since-Version": str(self.version)}
        url = f"{self._path}/{kind}"
        return self._taken(self._asked(url, headers, json.dumps(list(objects)).encode()))

    def _all(
        self, path: str, asked: Mapping[str, str], most: int = _MOST_PAGES * _PER_PAGE
    ) -> Iterator[Mapping[str, Any]]:
        for start in range(0, most, _PER_PAGE):
            asking = urlencode({**asked, "format": "json", "limit": _PER_PAGE, "start": start})
            found = self._read(f"{self._path}{path}?{asking}", first=start == 0)
            if not (isinstance(found, list) and all(map(_has_data, found))):
                raise Unavailable("Zotero answers with what is no list.")
            if self._total > most:
                raise Refused(
                    f"Zotero holds {self._total:,} there, and at most {most:,} come at once. Choose one collection."
                )
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
        self._backoff_s = _number(reply, "backoff")
        return self._judged(path, headers, body, reply)

    def _judged(self, path: str, headers: Mapping[str, str], body: bytes | None, reply: Reply) -> Reply:
        if reply.status == _SENT:
            return reply
        if reply.status in {401, 403}:
            raise Refused("Zotero does not take this key.")
        if reply.status == _ABSENT:
            raise NotFound("Zotero has no such library.")
        if reply.status == _STALE:
            raise Conflict("The library at Zotero changed meanwhile.")
        if reply.status == _TOO_LARGE:
            raise TooLarge("That is too much at once for Zotero.", field="label")
        if reply.status in _BUSY:
            self._pause(_number(reply, "retry-after") or _LONGEST_WAIT_S + 1)
            return self._asked(path, headers, body)
        raise Unavailable(f"Zotero answers with {reply.status}.")

    def _pause(self, seconds: float) -> None:
        if seconds > min(_LONGEST_WAIT_S, self._patience_s):
            raise Unavailable("Zotero is busy. Try again later: nothing comes twice.", retry_after_s=seconds)
        self._backoff_s = 0.0
        self._patience_s -= seconds
        self.wait(seconds)

    def _taken(self, reply: Reply) -> Mapping[str, Any]:
        self._see(reply)
        told: Mapping[str, Any] = self._told(reply)
        return told

    def _see(self, reply: Reply) -> None:
        self.version, self._total = _number(reply, "last-modified-version"), _number(reply, "total-results")

    def _told(self, reply: Reply) -> Any:  # noqa: ANN401 - JSON
        with reply.body as body:
            try:
                return json.load(body)
            except (ValueError, RecursionError) as error:
                raise Unavailable("Zotero answers with what is no JSON.") from error


def library_by(house: House, key: str, wait: Callable[[float], None]) -> Library:
    """Give the library of a key, not yet open; raises Invalid for what is no key of Zotero's."""
    if not _KEY.fullmatch(key):
        raise Invalid("That is no key of Zotero's. Make one at zotero.org/settings/keys.", field="zotero_key")
    told = dict(one.partition("=")[::2] for one in house.settings.addresses.split())
    base = told.get("zotero", ZOTERO).rstrip("/")
    return Library(key, Network(allow_private=house.settings.private_addresses), base, wait)


def _has_data(told: object) -> bool:
    return isinstance(told, dict) and isinstance(told.get("data"), dict)


def _number(reply: Reply, name: str) -> int:
    told = reply.headers.get(name, "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 16 else 0  # noqa: PLR2004 - digits
