"""The headers that stand on every response: what a browser may do with our pages, which is very little."""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from broadsheet.entrance.asked import house_of

POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# What stands in place of that on answers that other sites show: pictures and facts that anybody may fetch, and a page
# for their frames, which has one style of its own, no script, no form and no cookie.
SHARED = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
_FRAMED = "default-src 'none'; style-src '{style}'; form-action 'none'; base-uri 'none'; frame-ancestors *"
_INSTEAD = "broadsheet.headers"


def share(request: Request, answer: Response) -> Response:
    """Let other sites show an answer that is the same for everybody.

    Only where others reach us: no site that somebody visits shall learn what is on the shelf of their own machine.
    """
    if house_of(request).settings.public_url:
        request.scope[_INSTEAD] = SHARED
    return answer


def frame(request: Request, answer: Response, style: str) -> Response:
    """Let other sites frame a page with a style of its own, by its hash; as with ``share``, only where others reach us.

    Frames in a sandbox have no origin, so a page there could not load a style of ours that stands elsewhere.
    """
    policy = _FRAMED.format(style=style)
    if not house_of(request).settings.public_url:
        policy = policy.replace("frame-ancestors *", "frame-ancestors 'none'")
    request.scope[_INSTEAD] = {"Content-Security-Policy": policy}
    return answer


# Where readers come by TLS, never by anything else: two years, as browsers' own lists want it (RFC 6797).
ONLY_TLS = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}


class SecurityHeaders:
    """ASGI middleware that puts headers on every response it lets through, HEADERS unless others are given.

    What says nothing about how long it may be kept is kept by nobody.
    """

    def __init__(self, app: ASGIApp, headers: Mapping[str, str] = HEADERS) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request with our headers on its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update({**self._headers, **scope.get(_INSTEAD, {})})
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
