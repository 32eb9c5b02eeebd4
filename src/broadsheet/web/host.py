"""Only requests for our own name are answered in public: ``Host`` is what anybody may write (RFC 9110, section 7.2)."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

# What a supervisor beside us asks for at whatever address it knows.
_ANY_HOST = frozenset({"/health", "/metrics"})


class OurHost:
    """ASGI middleware that answers 421 to requests for a host that is not ``public_url``'s; empty lets all pass."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        netloc = urlsplit(public_url).netloc.lower().removesuffix(":443")
        self._hosts = {netloc, f"{netloc}:443"} if netloc else set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] == "http" and self._hosts and scope["path"] not in _ANY_HOST:
            hosts = [host.lower() for host in Headers(scope=scope).getlist("host")]
            if len(hosts) != 1 or hosts[0] not in self._hosts:
                refused = PlainTextResponse(
                    "This server answers for another name.\n", 421, {"Cache-Control": "no-store"}
                )
                await refused(scope, receive, send)
                return
        await self._app(scope, receive, send)
