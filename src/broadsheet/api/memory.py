"""Answers that are remembered: as long as nothing was written, the same question has the same answer.

So an answer is made once and sent as often as it is asked for, packed if whoever asks can unpack it.
"""

import gzip
import json
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from broadsheet.entrance.asked import has_copy, house_of
from broadsheet.flow.house import House

MOST_BYTES = 32 * 1024 * 1024
# What is ordered by the time itself, as some formulas of what trends are, is made anew after this long.
_GOOD_FOR_S = 30
_WORTH_PACKING = 1_000
_KIND = "application/json"

# Gives what an answer says, and the headers it has of its own.
Make = Callable[[], tuple[object, Mapping[str, str]]]
Moment = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Copy:
    """An answer as it is sent: its bytes, packed too where that pays, and its headers."""

    moment: Moment
    body: bytes
    packed: bytes
    headers: Mapping[str, str]

    @property
    def size(self) -> int:
        """How much it takes."""
        return len(self.body) + len(self.packed)


class Memory:
    """Answers by question, MOST_BYTES of them at most: those asked for longest ago go first. Threads may share it."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._copies: OrderedDict[Hashable, Copy] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def find(self, question: Hashable, moment: Moment) -> Copy | None:
        """Give the answer if it was made at this moment."""
        with self._lock:
            copy = self._copies.get(question)
            if copy is None or copy.moment != moment:
                return None
            self._copies.move_to_end(question)
            return copy

    def has(self, question: Hashable) -> bool:
        """Tell whether this was ever asked, so that the moment matters."""
        return question in self._copies

    def keep(self, question: Hashable, copy: Copy) -> None:
        """Remember an answer."""
        with self._lock:
            before = self._copies.pop(question, None)
            self._size += copy.size - (before.size if before else 0)
            self._copies[question] = copy
            while self._size > self._most:
                _, oldest = self._copies.popitem(last=False)
                self._size -= oldest.size


class Quick:
    """ASGI middleware that answers what is remembered, to whoever says not who they are, and looks no further."""

    def __init__(self, app: ASGIApp, memory: Memory, house: House) -> None:
        self._app = app
        self._memory = memory
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["method"] == "GET" and self._memory.has(_question(scope)):
            request = Request(scope)
            if "authorization" not in request.headers:
                # SQLite tells in microseconds; a server may take its time.
                is_near = self._house.store.dialect == "sqlite"
                moment = _moment(self._house) if is_near else await run_in_threadpool(_moment, self._house)
                copy = self._memory.find(_question(scope), moment)
                if copy is not None:
                    await _sent(request, copy)(scope, receive, send)
                    return
        await self._app(scope, receive, send)


def remembered(request: Request, make: Make) -> Response:
    """Answer what everybody is answered alike, and remember it until something is written; 304 to who has that copy."""
    # Asked for first: what is written while the answer is made has it made again the next time.
    moment = _moment(house_of(request))
    copy = _copy(moment, *make(), pack=True)
    memory_of(request).keep(_question(request.scope), copy)
    return _sent(request, copy)


def answered(request: Request, said: object, headers: Mapping[str, str]) -> Response:
    """Answer everybody alike with what is not remembered."""
    return _sent(request, _copy(("", 0), said, headers, pack=False))


def personal(said: object, headers: Mapping[str, str] | None = None) -> Response:
    """Answer one reader alone; nobody keeps that."""
    return Response(encoded(said), headers={**(headers or {}), "Cache-Control": "private, no-store"}, media_type=_KIND)


def encoded(said: object) -> bytes:
    """Write JSON in UTF-8, as short as it can be."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def memory_of(request: Request) -> Memory:
    """Get the memory of the application."""
    memory: Memory = request.app.state.api_memory
    return memory


def _moment(house: House) -> Moment:
    return house.store.moment(), int(house.clock().timestamp()) // _GOOD_FOR_S


def _question(scope: Scope) -> Hashable:
    return scope["path"], scope["query_string"]


def _copy(moment: Moment, said: object, headers: Mapping[str, str], *, pack: bool) -> Copy:
    body = encoded(said)
    tag = f'W/"{blake2b(body, digest_size=12).hexdigest()}"'
    packed = gzip.compress(body, 4, mtime=0) if pack and len(body) >= _WORTH_PACKING else b""
    told = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding, Authorization"}
    return Copy(moment, body, packed, {**headers, **told})


def _sent(request: Request, copy: Copy) -> Response:
    if has_copy(request, copy.headers["ETag"]):
        return Response(status_code=304, headers=copy.headers)
    if copy.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(copy.packed, headers={**copy.headers, "Content-Encoding": "gzip"}, media_type=_KIND)
    return Response(copy.body, headers=copy.headers, media_type=_KIND)
