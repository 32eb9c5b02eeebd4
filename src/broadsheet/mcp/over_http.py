"""The door over HTTP: streamable HTTP without sessions, each request by itself and answered in JSON.

Whoever asks comes from no page but ours: a browser sends ``Origin`` with every POST (RFC 6454, Fetch), so that a page
of another site that bound its name to our address is told off, and so is a name that is not ours (MCP 2025-11-25,
transports, security warning). Sessions and cookies count for nothing here; a token in ``Authorization`` does.
"""

from collections.abc import Mapping
from importlib.util import find_spec

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import State
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from broadsheet.entrance.asked import house_of, origin_of
from broadsheet.entrance.caller import NoToken, caller_of, in_scope
from broadsheet.entrance.machine import names_us
from broadsheet.entrance.meter import Meter, Metered
from broadsheet.entrance.proxies import rough_network
from broadsheet.errors import Refused
from broadsheet.flow.house import House
from broadsheet.mcp.desk import Desk

PATH = "/mcp"
# An abstract of MAX_TEXT characters, each as two escapes of six bytes, and what stands around it.
MOST = 260_000
_INVALID = -32_600


def is_installed() -> bool:
    """Tell whether the SDK is here, which is an extra."""
    return find_spec("mcp") is not None


def door(state: State) -> list[Route]:
    """Give the route of this door in a site, whose ``state`` has the house; none where the SDK is not installed."""
    if not is_installed():
        return []
    house: House = state.house
    quota = house.settings.api_quota if house.settings.public_url else 0
    served: ASGIApp = _Door()
    return [Route(PATH, Metered(served, Meter(quota, house.clock), _too_many) if quota else served, name="mcp")]


class _Door:
    """ASGI application that serves one message of the protocol, and leaves nothing behind."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        request, body = Request(scope), b""
        refusal = _refusal(request)
        if refusal is None:
            try:
                desk = await run_in_threadpool(_desk, request)
                body = await _whole(receive)
            except NoToken as error:
                refusal = _refused(401, str(error), {"WWW-Authenticate": "Bearer"})
            except Refused as error:
                refusal = _refused(403, str(error))
            except ClientDisconnect:
                return
        if len(body) > MOST:
            refusal = _refused(413, f"A message takes at most {MOST:,} bytes.")
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        await _served(desk, scope, _again(body, receive), send)


async def _whole(receive: Receive) -> bytes:
    """Read a body, and no further than where it is longer than MOST; raises ClientDisconnect if its sender has gone."""
    body = bytearray()
    while len(body) <= MOST:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """Give what was read already, and then go on."""
    read: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return read.pop() if read else await receive()

    return receive_again


async def _served(desk: Desk, scope: Scope, receive: Receive, send: Send) -> None:
    # Loading the SDK takes a moment, which only those pay who have agents.
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager  # noqa: PLC0415

    from broadsheet.mcp.server import build  # noqa: PLC0415 - the same

    async def send_unkept(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), (b"cache-control", b"no-store")]
        await send(message)

    # Without sessions nothing outlives a request, so that even what the SDK keeps for them begins and ends with it.
    sessions = StreamableHTTPSessionManager(build(lambda: desk), json_response=True, stateless=True)
    async with sessions.run():
        await sessions.handle_request(scope, receive, send_unkept)


def _desk(request: Request) -> Desk:
    """Tell who is served; raises NoToken and Refused for a token that is worth nothing here."""
    house, origin, network = house_of(request), origin_of(request), rough_network(request)
    caller = caller_of(request)
    if caller is None:
        return Desk(house, origin, network=network)
    in_scope(request, caller, "read")
    return Desk(house, origin, caller.reader, caller.token.scopes, network)


def _refusal(request: Request) -> Response | None:
    if request.app.state.is_local and not names_us(request.headers.getlist("host")):
        return _refused(421, "This server answers for another name.")
    if any(origin.lower() != origin_of(request).lower() for origin in request.headers.getlist("origin")):
        return _refused(403, "This was sent by a page of another site.")
    if request.method != "POST":
        return _refused(405, "Messages of the protocol are sent by POST; there are no sessions.", {"Allow": "POST"})
    return None


def _too_many(message: str, headers: Mapping[str, str]) -> Response:
    return _refused(429, message, headers)


def _refused(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    body = {"jsonrpc": "2.0", "id": None, "error": {"code": _INVALID, "message": message}}
    return JSONResponse(body, status, {**(headers or {}), "Cache-Control": "no-store"})
