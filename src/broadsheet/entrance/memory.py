"""Answers that are remembered: as long as nothing was written, the same question has the same answer.

So an answer is made once and sent as often as it is asked for, packed if whoever asks can unpack it.
"""

import gzip
import json
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from broadsheet.entrance.asked import has_copy, house_of, origin_of, tag_of
from broadsheet.entrance.feed_key import feed_key
from broadsheet.flow.house import House
from broadsheet.flow.reading.settled import is_settled

MOST_BYTES = 32 * 1024 * 1024
JSON = "application/json"
# What is ordered by the time itself, as some formulas of what trends are, is made anew after this long.
_GOOD_FOR_S = 30
_WORTH_PACKING = 1_000
# A longer question is nobody's but who wants our memory full.
_LONGEST_QUESTION = 2_000
# What an answer takes beside its bytes: its question, its headers and the objects that hold them.
_AROUND = 2_000
_PLACE = "broadsheet.memory"
_NOTHING = re.compile(r"q=0(?:\.0{0,3})?")
_USUAL = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding, Authorization"}

# Gives what an answer says, bytes or what JSON is made of, and the headers it has of its own.
Make = Callable[[], tuple[object, Mapping[str, str]]]
Moment = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Copy:
    """An answer as it is sent: its bytes, packed too once somebody wanted that, and its headers."""

    moment: Moment
    body: bytes
    packed: bytes
    headers: Mapping[str, str]

    @property
    def size(self) -> int:
        """How much it takes, all told."""
        return len(self.body) + len(self.packed) + _AROUND


class Memory:
    """Answers by question, MOST_BYTES of them at most: those asked for longest ago go first. Threads may share it."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._copies: OrderedDict[Hashable, Copy] = OrderedDict()
        self._size = 0
        self._lock = Lock()
        # When searches were seen to find all that is stored.
        self.settled_at = ""

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

    def forget(self) -> None:
        """Forget all answers."""
        with self._lock:
            self._copies.clear()
            self._size = 0


def without_token(request: Request) -> bool:
    """Tell whether a program says not who it is."""
    return "authorization" not in request.headers


class Quick:
    """ASGI middleware that answers what is remembered, to whoever is nobody in particular, and looks no further.

    ``memory`` is where the doors behind it remember; ``anybody`` tells who asks as everybody does.
    """

    def __init__(
        self, app: ASGIApp, memory: Memory, house: House, anybody: Callable[[Request], bool] = without_token
    ) -> None:
        self._app = app
        self._memory = memory
        self._house = house
        self._anybody = anybody

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            scope[_PLACE] = self._memory
            answer = await self._known(Request(scope)) if scope["method"] == "GET" else None
            if answer is not None:
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _known(self, request: Request) -> Response | None:
        question = _question(request)
        if not (self._memory.has(question) and self._anybody(request)):
            return None
        # SQLite tells in microseconds; a server may take its time.
        is_near = self._house.store.dialect == "sqlite"
        moment = _moment(self._house) if is_near else await run_in_threadpool(_moment, self._house)
        copy = self._memory.find(question, moment)
        if copy is None:
            return None
        if _lacks_packing(request, copy):
            copy = await run_in_threadpool(_packed, copy)
            self._memory.keep(question, copy)
        return _sent(request, copy)


def remembered(request: Request, make: Make, media_type: str = JSON, *, searches: bool = False) -> Response:
    """Answer what everybody is answered alike, and remember it until something is written; 304 to who has that copy.

    What says of itself that it is private is not remembered, nor what ``searches`` in words and vectors while these do
    not hold all that is stored, nor what was asked with the key of private feeds or at great length.
    """
    house = house_of(request)
    memory: Memory = request.scope[_PLACE]
    # Asked for first: what is written while the answer is made has it made again the next time.
    moment = _moment(house)
    lasts = not searches or _settled(memory, house, moment)
    copy = _copy(moment, *make(), media_type)
    if lasts and _may_be_kept(request) and "private" not in copy.headers["Cache-Control"]:
        copy = _packed(copy) if _lacks_packing(request, copy) else copy
        memory.keep(_question(request), copy)
    return _sent(request, copy)


def answered(request: Request, said: object, headers: Mapping[str, str], media_type: str = JSON) -> Response:
    """Answer everybody alike with what is not remembered."""
    return _sent(request, _copy(("", 0), said, headers, media_type))


def personal(said: object, headers: Mapping[str, str] | None = None, media_type: str = JSON) -> Response:
    """Answer one reader alone; nobody keeps that."""
    told = {**(headers or {}), "Cache-Control": "private, no-store", "Content-Type": media_type}
    return Response(encoded(said), headers=told)


def encoded(said: object) -> bytes:
    """Write JSON in UTF-8, as short as it can be; bytes are written already."""
    return said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _moment(house: House) -> Moment:
    return house.store.moment(), int(house.clock().timestamp()) // _GOOD_FOR_S


def _settled(memory: Memory, house: House, moment: Moment) -> bool:
    if memory.settled_at != moment[0] and is_settled(house):
        memory.settled_at = moment[0]
    return memory.settled_at == moment[0]


def _question(request: Request) -> Hashable:
    # Some answers name absolute addresses, which begin with what we were asked by.
    return origin_of(request), request.scope["path"], request.scope["query_string"]


def _may_be_kept(request: Request) -> bool:
    length = len(request.scope["path"]) + len(request.scope["query_string"])
    return length <= _LONGEST_QUESTION and not feed_key(request)


def _copy(moment: Moment, said: object, headers: Mapping[str, str], media_type: str) -> Copy:
    body = encoded(said)
    return Copy(moment, body, b"", {"ETag": tag_of(body), **_USUAL, "Content-Type": media_type, **headers})


def _lacks_packing(request: Request, copy: Copy) -> bool:
    return not copy.packed and len(copy.body) >= _WORTH_PACKING and _unpacks(request)


def _packed(copy: Copy) -> Copy:
    return replace(copy, packed=gzip.compress(copy.body, 4, mtime=0))


def _unpacks(request: Request) -> bool:
    """Tell whether whoever asks takes what is packed; a weight of 0 says no (RFC 9110, section 12.5.3)."""
    told = (part.partition(";") for part in request.headers.get("accept-encoding", "").lower().split(","))
    weights = [weight.replace(" ", "") for name, _, weight in told if name.strip() == "gzip"]
    return bool(weights) and not _NOTHING.fullmatch(weights[0])


def _sent(request: Request, copy: Copy) -> Response:
    if has_copy(request, copy.headers["ETag"]):
        told = {name: value for name, value in copy.headers.items() if not name.startswith("Content-")}
        return Response(status_code=304, headers=told)
    if copy.packed and _unpacks(request):
        return Response(copy.packed, headers={**copy.headers, "Content-Encoding": "gzip"})
    return Response(copy.body, headers=copy.headers)
