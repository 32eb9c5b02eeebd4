"""How much programs may ask: so many requests in each five minutes from one network, counted by each process.

The headers are those of draft-ietf-httpapi-ratelimit-headers as the hub sends them and its client reads them.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from broadsheet.clock import Clock
from broadsheet.entrance.proxies import counted_network

WINDOW_S = 300
# Networks that are remembered, the busiest of late; others begin anew.
_MOST = 10_000

# Tells a door's programs, in words of its own, when to come back, with headers that say so too.
Refuse = Callable[[str, Mapping[str, str]], Response]


@dataclass(slots=True)
class _Window:
    number: int
    taken: int = 0


class Meter:
    """Counts requests in windows of WINDOW_S seconds, which begin at the same moments for all."""

    def __init__(self, quota: int, clock: Clock) -> None:
        self.quota = quota
        self._clock = clock
        self._windows: OrderedDict[str, _Window] = OrderedDict()
        self._lock = Lock()

    def take(self, who: str) -> tuple[int, int]:
        """Count one more request; gives how many are left, below 0 for one too many, and when all are again, in s."""
        now_s = int(self._clock().timestamp())
        with self._lock:
            window = self._windows.pop(who, None)
            if window is None or window.number != now_s // WINDOW_S:
                window = _Window(now_s // WINDOW_S)
            self._windows[who] = window
            window.taken += 1
            if len(self._windows) > _MOST:
                self._windows.popitem(last=False)
            return self.quota - window.taken, WINDOW_S - now_s % WINDOW_S


class Metered:
    """ASGI middleware that counts requests by where they come from, and answers 429 to those beyond the quota."""

    def __init__(self, app: ASGIApp, meter: Meter, refuse: Refuse) -> None:
        self._app = app
        self._meter = meter
        self._refuse = refuse
        self._policy = f'"fixed window";"api";q={meter.quota};w={WINDOW_S}'

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or tell when to come back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        left, reset_s = self._meter.take(counted_network(Request(scope)))
        limits = {"RateLimit": f'"api";r={max(left, 0)};t={reset_s}', "RateLimit-Policy": self._policy}
        if left < 0:
            message = f"That was too often. Try again in {reset_s} seconds."
            await self._refuse(message, {**limits, "Retry-After": str(reset_s)})(scope, receive, send)
            return

        async def send_with_limits(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in limits.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_limits)
