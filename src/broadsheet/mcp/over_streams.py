"""The door over the standard streams: one agent, which began this process and ends it by closing its end."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import CancelledError
from threading import Thread
from typing import Any, Self

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
# What was asked before the end is answered, unless that takes longer; a request that was cancelled has no answer.
PATIENCE_S = 5.0
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
        asked = _Asked()
        messages = _messages(asked)
        async with stdio_server(stdin=messages) as (read, write):  # type: ignore[arg-type]  # it only iterates
            answers = _Answers(write, asked)
            await server.run(read, answers, server.create_initialization_options())
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


class _Asked:
    """Requests that are not answered yet, by their ids: the SDK drops them when it hears that nothing more comes."""

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._changed = anyio.Event()

    def note(self, line: str) -> None:
        """Note what a line asks for; whatever is no request asks for nothing."""
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            return
        if isinstance(message, dict) and "method" in message and "id" in message:
            self._ids.add(str(message["id"]))

    def answered(self, number: object) -> None:
        """Note that this one has its answer."""
        self._ids.discard(str(number))
        self._changed.set()

    async def all_answered(self) -> None:
        """Wait until each has its answer."""
        while self._ids:
            self._changed = anyio.Event()
            await self._changed.wait()


class _Answers:
    """The SDK's stream of what is answered, which tells when an answer has been taken on."""

    def __init__(self, write: Any, asked: _Asked) -> None:  # noqa: ANN401 - a type of the SDK's own
        self._write = write
        self._asked = asked

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the stream has
        return getattr(self._write, name)

    async def __aenter__(self) -> Self:
        await self._write.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._write.__aexit__(*error)

    async def send(self, message: Any) -> None:  # noqa: ANN401 - a type of the SDK's own
        await self._write.send(message)
        self._asked.answered(getattr(message.message, "id", None))


async def _messages(asked: _Asked) -> AsyncIterator[str]:
    """Give the lines of standard input, read by a thread that may be left behind: nothing interrupts a read.

    They end when all that was asked is answered, or PATIENCE_S after the last one.
    """
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
        asked.note(line)
        yield line
    with anyio.move_on_after(PATIENCE_S):
        await asked.all_answered()


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
