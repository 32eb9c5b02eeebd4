"""Which methods an address is asked by."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.routing import BaseRoute, Match, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PLACE = "broadsheet.routers"


class Methods:
    """ASGI middleware that answers HEAD as GET, but for the body (RFC 9110, section 9.3.2).

    ``routers`` have all routes of the application, for ``allowed``; its own table may hold a whole router as one.
    """

    def __init__(self, app: ASGIApp, routers: Sequence[Router]) -> None:
        self._app = app
        self._routers = routers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        scope[_PLACE] = self._routers
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, send_head)


def allowed(request: Request) -> str:
    """Name the methods by which an address can be asked, as ``Allow`` has them: those of all routes it fits."""
    routes: list[BaseRoute] = [route for router in request.scope[_PLACE] for route in router.routes]
    fitting = [route for route in routes if route.matches(request.scope)[0] is not Match.NONE]
    methods = {method for route in fitting for method in getattr(route, "methods", None) or ()}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
