"""The door over the standard streams: one agent, which began this process and ends it by closing its end."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import CancelledError
from threading import Thread

import anyio
from mcp.server.stdio import stdio_server

from broadsheet.entrance.visitor import narrowed
from broadsheet.errors import Refused
from broadsheet.flow.accounts import tokens
from broadsheet.flow.house import House
from broadsheet.mcp.desk import Desk
from broadsheet.mcp.server import build
from broadsheet.settings import Settings

# A message is no longer than one over HTTP may be.
MOST = 260_000
_PIECE = 65_536
# Listened at, they stand for every address of the machine.
_ANYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - only compared
_WAITING = 16


def serve(house: House, token: str = "") -> None:
    """Serve until the agent closes its end, or until SIGINT or SIGTERM; raises Refused for a token that is not valid.

    ``token`` is a reader's; without one everything can be read that anybody may read, and nothing changed.
    """
    _desk(house, token)
    anyio.run(_serve, house, token)


async def _serve(house: House, token: str) -> None:
    server = build(lambda: _desk(house, token))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_until_told, tasks.cancel_scope)
        messages = _messages()
        async with stdio_server(stdin=messages) as (read, write):  # type: ignore[arg-type]  # it only iterates
            await server.run(read, write, server.create_initialization_options())
        tasks.cancel_scope.cancel()


async def _until_told(scope: anyio.CancelScope) -> None:
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async for _ in signals:
            scope.cancel()
            return


def _desk(house: House, token: str) -> Desk:
    """Look up who is served, each time: a token may be revoked and a reader suspended while the agent is at work."""
    origin = _origin(house.settings)
    if not token:
        return Desk(house, origin)
    found = tokens.find(house, token)
    if found is None:
        raise Refused("This token is not valid (any more). Make one on your account's page.")
    kept, reader, passkeys = found
    if "read" not in kept.scopes:
        raise Refused("This token was not made for that; it takes one with the scope “read”.")
    return Desk(house, origin, narrowed(reader, kept, passkeys), kept.scopes)


def _origin(settings: Settings) -> str:
    """Tell where the pages stand while ``broadsheet up`` shows them."""
    host = "localhost" if settings.host in _ANYWHERE else settings.host
    shown = f"[{host}]" if ":" in host else host
    return settings.public_url.rstrip("/") or f"http://{shown}:{settings.port}"


async def _messages() -> AsyncIterator[str]:
    """Give the lines of standard input, read by a thread that may be left behind: nothing interrupts a read."""
    loop, lines = asyncio.get_running_loop(), asyncio.Queue[str | None](_WAITING)

    def pass_on(line: str | None) -> None:
        asyncio.run_coroutine_threadsafe(lines.put(line), loop).result()

    def read_on() -> None:
        try:
            for line in _lines():
                pass_on(line)
            pass_on(None)
        except (CancelledError, RuntimeError):
            return  # nobody listens any more

    Thread(target=read_on, name="stdin", daemon=True).start()
    while (line := await lines.get()) is not None:
        yield line


def _lines() -> Iterator[str]:
    """Read lines from the descriptor itself, without a buffer that a thread left behind would hold the lock of."""
    held, skipping = b"", False
    while piece := os.read(0, _PIECE):
        *whole, held = (held + piece).split(b"\n")
        for line in whole:
            if not skipping:
                yield line.decode("utf-8", "replace")
            skipping = False
        if len(held) > MOST:
            # What is left of a message that is too long is no message either, and is answered as such.
            if not skipping:
                yield held[:1].decode("utf-8", "replace")
            held, skipping = b"", True
    if held and not skipping:
        yield held.decode("utf-8", "replace")
