"""An agent that starts ``broadsheet mcp`` speaks to it alone, and ends it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from tests.cli.test_cli import BROADSHEET
from tests.mcp.agents import calling, names_of_tools, over_streams
from tests.readers import make_reader
from tests.web.conftest import shelf

from broadsheet.clock import system_clock
from broadsheet.flow.accounts import tokens
from broadsheet.flow.paper import show
from broadsheet.flow.selecting.select import select
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.model.query import Query
from broadsheet.model.selection import Selection, Stretch
from broadsheet.settings import Settings
from broadsheet.wiring import open_house

PATIENCE_S = 60
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "0"}},
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("streams")
    with open_house(Settings(home=folder)) as house:
        keep(house.store, shelf(), at=system_clock())
        catch_up(house)
    return folder


@pytest.fixture(scope="module")
def token(home: Path) -> str:
    with open_house(Settings(home=home)) as house:
        return tokens.make(house, make_reader(house, "ann"), "Writes", ["read", "write"], 30)[1]


@contextmanager
def begun(home: Path, *words: str, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start the command and let a test be its agent."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("BROADSHEET_")}
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen([BROADSHEET, "mcp", "--home", home, *words], env=kept | env, **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


def greeted(process: subprocess.Popen[bytes]) -> Any:
    """Say hello and give the answer, after which the process surely serves."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(HELLO).encode() + b"\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def test_an_agent_reads_and_with_a_token_writes(home: Path, token: str) -> None:
    async def errand(client: Client) -> Any:
        found = await client.call_tool("search_papers", {"query": "kettle study", "limit": 5})
        mistaken = await client.call_tool("search_papers", {"query": "kettle", "limit": 99})
        upvoted = await client.call_tool("upvote_paper", {"paper": "2603.00001"})
        return await names_of_tools(client), found, mistaken, upvoted

    names, found, mistaken, upvoted = over_streams(home, errand, token=token)
    assert names[-2:] == ["upvote_paper", "label_paper"]
    assert mistaken.is_error
    assert upvoted.structured_content["upvoted"] is True
    with open_house(Settings(home=home)) as house:
        query = Selection("search", query=Query(text="kettle study"))
        shown = [paper.slug for paper in select(house, query, Stretch(0, 5)).papers]
        assert show(house, "2603.00001").slug == "2603.00001"
    assert [paper["id"] for paper in found.structured_content["papers"]] == shown


def test_without_a_token_nothing_is_written(home: Path) -> None:
    answer = over_streams(home, calling("upvote_paper", paper="2603.00002"))
    assert answer.is_error
    assert "BROADSHEET_TOKEN" in answer.content[0].text


def test_a_token_that_is_worth_nothing_ends_it_in_one_sentence(home: Path) -> None:
    with begun(home, BROADSHEET_TOKEN="bst_nothing") as process:  # noqa: S106 - no token at all
        out, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, out) == (4, b"")
    assert b"This token is not valid (any more)." in err


def test_it_ends_when_its_agent_does_and_has_said_nothing_else(home: Path) -> None:
    with begun(home) as process:
        assert greeted(process)["result"]["serverInfo"]["name"] == "broadsheet"
        out, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, out, err) == (0, b"", b"")


def test_what_was_asked_before_the_end_is_answered(home: Path) -> None:
    asked = [HELLO, {"jsonrpc": "2.0", "method": "notifications/initialized"}]
    asked += [{"jsonrpc": "2.0", "id": 2, "method": "tools/list"}]
    with begun(home) as process:
        out, _ = process.communicate("".join(json.dumps(each) + "\n" for each in asked).encode(), PATIENCE_S)
    assert process.returncode == 0
    assert [json.loads(line)["id"] for line in out.splitlines()] == [1, 2]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_it_can_be_stopped_while_it_waits(home: Path, number: signal.Signals) -> None:
    with begun(home) as process:
        greeted(process)
        process.send_signal(number)
        process.wait(PATIENCE_S)
        assert process.stderr is not None
        assert (process.returncode, process.stderr.read()) == (0, b"")


def test_nonsense_and_endless_lines_are_passed_over(home: Path) -> None:
    with begun(home) as process:
        assert process.stdin is not None
        greeted(process)
        for line in (b"nonsense", b"\xff\xfe\x00", b"x" * 1_000_000, b'{"jsonrpc":"2.0","id":7,"method":"ping"}'):
            process.stdin.write(line + b"\n")
        out, _ = process.communicate(timeout=PATIENCE_S)
    assert 7 in [json.loads(line).get("id") for line in out.splitlines()]
    assert process.returncode == 0


def test_without_the_sdk_it_says_how_to_install_it(home: Path, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden.py"
    absent = "import sys\nsys.modules['mcp'] = None\nsys.argv = ['broadsheet', 'mcp']\n"
    hidden.write_text(f"{absent}from broadsheet.cli import main\nmain()\n", "utf-8")
    done = subprocess.run([sys.executable, hidden], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert (done.returncode, done.stdout) == (6, "")
    assert done.stderr.strip() == "Error: For agents the official SDK is needed: pip install 'broadsheet[mcp]'"
