"""What the door over HTTP lets in: our own origin, tokens that are worth something, short messages, so many of them."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient
from tests.empty_store import empty_home
from tests.mcp.agents import PATIENCE_S
from tests.mcp.conftest import Town
from tests.readers import make_reader
from tests.web.conftest import HOST, NOW, PUBLIC, SECRET_KEY

from broadsheet.flow.accounts import tokens
from broadsheet.flow.house import House
from broadsheet.mcp.over_http import MOST
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.wiring import open_house

ACCEPT = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}


def post(address: str, message: Any = None, **headers: str) -> httpx2.Response:
    """Send one message as no browser would, or with what ``headers`` add."""
    body = message if isinstance(message, (bytes, str)) else json.dumps(LIST if message is None else message)
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx2.post(f"{address}/mcp", content=body, headers={**ACCEPT, **told}, timeout=PATIENCE_S)


def names(answer: Any) -> list[str]:
    return [tool["name"] for tool in answer.json()["result"]["tools"]]


def test_a_message_is_answered_by_itself_and_by_nobody_kept(town: Town) -> None:
    answer = post(town.address)
    assert answer.status_code == 200
    assert "search_papers" in names(answer)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert "mcp-session-id" not in answer.headers
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://127.0.0.1"]
)
def test_a_page_of_another_site_is_told_off(town: Town, origin: str) -> None:
    answer = post(town.address, Origin=origin)
    assert (answer.status_code, answer.json()["error"]["message"]) == (403, "This was sent by a page of another site.")


def test_our_own_origin_may_ask(town: Town) -> None:
    assert post(town.address, Origin=town.address).status_code == 200


def test_a_name_that_was_bound_to_our_address_is_told_off(town: Town) -> None:
    assert post(town.address, Host="evil.example").status_code == 421
    assert post(town.address, Host="evil.example", Origin="http://evil.example").status_code == 421


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "HEAD"])
def test_there_are_no_sessions_to_listen_to_or_to_end(town: Town, method: str) -> None:
    answer = httpx2.request(method, f"{town.address}/mcp", headers=ACCEPT, timeout=PATIENCE_S)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_a_token_that_is_worth_nothing_is_told(town: Town) -> None:
    forged = town.reads[:-1] + ("A" if town.reads[-1] != "A" else "B")
    answer = post(town.address, Authorization=f"Bearer {forged}")
    # A forged checksum is no token of ours at all, and so says nothing.
    assert answer.status_code in {200, 401}
    _, gone = tokens.make(town.house, town.ann, "Gone", ["read"], 1)
    number = next(token.id for token in tokens.listed(town.house, town.ann) if token.name == "Gone")
    tokens.revoke(town.house, town.ann, number)
    answer = post(town.address, Authorization=f"Bearer {gone}")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json()["error"]["message"] == "This token is not valid (any more)."


def test_a_token_that_is_not_for_reading_is_refused(town: Town) -> None:
    _, blind = tokens.make(town.house, town.bo, "Blind", ["write"], 1)
    answer = post(town.address, Authorization=f"Bearer {blind}")
    assert answer.status_code == 403
    assert "takes one with the scope “read”" in answer.json()["error"]["message"]


def test_a_token_of_another_house_says_nothing(town: Town) -> None:
    assert "upvote_paper" not in names(post(town.address, Authorization="Bearer hf_abcdefgh"))


def test_a_long_message_is_not_read(town: Town) -> None:
    assert post(town.address, b"[" * (MOST + 1)).status_code == 413


NO_MESSAGES = {
    "nothing": "",
    "half": "{",
    "empty list": "[]",
    "null": "null",
    "number": "1",
    "no method": '{"jsonrpc":"2.0"}',
    "deep": "[" * 10_000,
    "surrogate": '"\\ud800"',
    "zero": "\x00",
}


@pytest.mark.parametrize("case", NO_MESSAGES)
def test_what_is_no_message_is_answered_as_that(town: Town, case: str) -> None:
    assert post(town.address, NO_MESSAGES[case].encode()).status_code == 400


def test_only_json_is_taken(town: Town) -> None:
    assert post(town.address, Content_Type="text/plain").status_code in {400, 415}


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, TestClient]]:
    """A house that others reach, which answers them three times in five minutes."""
    home: Path = empty_home(tmp_path_factory.mktemp("public"))
    settings = Settings(home=home, public_url=PUBLIC, secret_key=SECRET_KEY, mail_from=f"post@{HOST}", api_quota=3)
    with (
        open_house(settings, clock=lambda: NOW) as house,
        TestClient(create_app(house), base_url=PUBLIC, raise_server_exceptions=False) as client,
    ):
        yield house, client


def test_in_public_our_name_our_origin_and_so_many_times_count(public: tuple[House, TestClient]) -> None:
    house, client = public
    _, token = tokens.make(house, make_reader(house, "ann"), "Writes", ["read", "write"], 1)
    told = {**ACCEPT, "Authorization": f"Bearer {token}"}
    assert client.post("/mcp", json=LIST, headers={**told, "Host": "evil.example"}).status_code == 421
    assert client.post("/mcp", json=LIST, headers={**told, "Origin": "https://evil.example"}).status_code == 403
    answer = client.post("/mcp", json=LIST, headers={**told, "Origin": PUBLIC})
    assert "upvote_paper" in names(answer)
    assert answer.headers["ratelimit"].startswith('"api";r=1;')
    assert client.post("/mcp", json=LIST, headers=told).status_code == 200
    answer = client.post("/mcp", json=LIST, headers=told)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["error"]["message"].startswith("That was too often. Try again in ")


def test_a_session_in_a_browser_counts_for_nothing(public: tuple[House, TestClient]) -> None:
    house, _ = public
    with TestClient(create_app(house), base_url=PUBLIC, cookies={"__Host-broadsheet": "x"}) as client:
        assert "upvote_paper" not in names(client.post("/mcp", json=LIST, headers=ACCEPT))


def test_without_the_sdk_there_is_no_door_and_nobody_is_told_of_one(
    public: tuple[House, TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)  # as Python has it for what cannot be imported
    with TestClient(create_app(public[0]), base_url=PUBLIC) as client:
        assert client.post("/mcp", json=LIST, headers=ACCEPT).status_code == 404
        assert "/mcp" not in client.get("/llms.txt").text
