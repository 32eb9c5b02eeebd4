"""Agents for tests: the official SDK's client, over HTTP to a server of ours and over the streams of our process."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client, MCPError, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from tests.cli.test_cli import BROADSHEET

PATIENCE_S = 60.0
# The protocol as it is since 2026-07-28, and with the handshake of before.
MODES = ("auto", "legacy")
Errand = Callable[[Client], Awaitable[Any]]


def over_http(address: str, errand: Errand, *, token: str = "", mode: str = "auto") -> Any:
    """Run an errand with a client that comes to a server by HTTP, with a token if there is one."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def run() -> Any:
        async with (
            httpx2.AsyncClient(headers=headers, timeout=PATIENCE_S) as http,
            Client(streamable_http_client(f"{address}/mcp", http_client=http), mode=mode) as client,
        ):
            return await errand(client)

    return asyncio.run(run())


def over_streams(home: Path, errand: Errand, *, token: str = "", mode: str = "auto") -> Any:
    """Run an errand with a client that starts ``broadsheet mcp`` over a home folder."""
    env = {"BROADSHEET_HOME": str(home)} | ({"BROADSHEET_TOKEN": token} if token else {})
    begun = StdioServerParameters(command=str(BROADSHEET), args=["mcp"], env=env)

    async def run() -> Any:
        async with Client(stdio_client(begun), mode=mode) as client:
            return await errand(client)

    return asyncio.run(run())


def calling(tool: str, **told: Any) -> Errand:
    """Call one tool."""

    async def errand(client: Client) -> Any:
        return await client.call_tool(tool, told)

    return errand


def refused(errand: Errand) -> Errand:
    """Run an errand that the protocol itself shall refuse, and give the sentence."""

    async def run(client: Client) -> str:
        with pytest.raises(MCPError) as error:
            await errand(client)
        return error.value.message

    return run


async def names_of_tools(client: Client) -> list[str]:
    """Give the names of the tools that are offered."""
    return [tool.name for tool in (await client.list_tools()).tools]
