"""Connections break, houses are busy, answers are wrong: what a client does about each."""

import gc
import gzip
import json
import logging
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.client.loopback import (
    PAPER,
    Handler,
    Say,
    breaking,
    breaking_off,
    refusing,
    saying,
    saying_house,
)

from broadsheet import BroadsheetError, Client, Conflict, Invalid, NotFound, Refused, Unavailable
from broadsheet.client import transport
from broadsheet.errors import InDoubt, TooMany

TOKEN = "bst_" + "x" * 40
VOTED = {"paper": "1", "upvotes": 1, "upvoted": True, "waits": False}


def asking(url: str, token: str = "", **more: Any) -> tuple[Client, list[float]]:
    """Make a client that notes how long it waits and waits not."""
    waits: list[float] = []
    return Client(url, token, wait=waits.append, **more), waits


def test_a_connection_is_kept_for_the_next_question() -> None:
    with saying_house(saying(PAPER)) as house, Client(house.url, "") as client:
        for _ in range(5):
            assert client.paper("2603.01001").title == "Folding kettles"
    assert house.connections == 1


def test_a_kept_connection_that_was_closed_meanwhile_is_made_anew_without_a_word() -> None:
    def closing(handler: Handler) -> None:
        saying(PAPER)(handler)
        handler.close_connection = True

    with saying_house(closing, saying(PAPER)) as house:
        client, waits = asking(house.url, tries=1)
        with client:
            assert client.paper("1").id == client.paper("2").id
    assert (house.connections, waits) == (2, [])


@pytest.mark.parametrize("fault", [breaking, breaking_off], ids=["no answer", "half an answer"])
def test_a_broken_connection_is_tried_again_with_waits_that_double(fault: Say) -> None:
    with saying_house(fault, fault, saying(PAPER)) as house:
        client, waits = asking(house.url)
        with client:
            assert client.paper("1").upvotes == 3
    assert waits == [0.5, 1.0]


def test_what_stays_broken_is_unavailable_after_so_many_tries() -> None:
    with saying_house(breaking) as house:
        client, waits = asking(house.url, tries=3)
        with client, pytest.raises(Unavailable, match="cannot be asked"):
            client.paper("1")
    assert (len(house.asked), len(waits)) == (3, 2)


def test_nobody_listening_is_unavailable() -> None:
    with saying_house(breaking) as house:
        pass
    client, _ = asking(house.url, tries=1)
    with client, pytest.raises(Unavailable, match="cannot be asked"):
        client.me()


@pytest.mark.parametrize("fault", [breaking, breaking_off, saying(b"", 504)], ids=["no answer", "half", "gateway"])
def test_a_comment_is_never_sent_twice_and_left_in_doubt(fault: Say) -> None:
    with saying_house(fault) as house:
        client, waits = asking(house.url, TOKEN)
        with client, pytest.raises(InDoubt):
            client.comment("1", "Hello")
    assert (len(house.asked), waits) == (1, [])


def test_a_comment_goes_over_a_connection_of_its_own() -> None:
    """A kept one may be closed just as it is sent, and then nobody could say whether it was taken."""
    with saying_house(saying(PAPER), refusing(409, "No.")) as house, Client(house.url, TOKEN) as client:
        client.paper("1")
        with pytest.raises(Conflict):
            client.comment("1", "Hello")
    assert house.connections == 2


@pytest.mark.parametrize("status", [429, 503])
def test_a_house_that_says_when_to_come_back_is_asked_again_then(status: int) -> None:
    busy = refusing(status, "Come back later.", Retry_After="7")
    with saying_house(busy, saying(VOTED)) as house:
        client, waits = asking(house.url, TOKEN)
        with client:
            assert client.upvote("1").upvoted
    assert waits == [7.0]


def test_a_date_to_come_back_at_is_read_by_the_clock_of_who_told_it() -> None:
    def busy(handler: Handler) -> None:
        body = b"{}"
        handler.send_response_only(503)
        handler.send_header("Date", "Fri, 06 Mar 2026 10:00:00 GMT")
        handler.send_header("Retry-After", "Fri, 06 Mar 2026 10:00:12 GMT")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    with saying_house(busy, saying(PAPER)) as house:
        client, waits = asking(house.url)
        with client:
            client.paper("1")
    assert waits == [12.0]


def test_who_would_have_us_wait_too_long_is_not_asked_again_and_the_caller_hears_how_long() -> None:
    with saying_house(refusing(429, "That was too often.", Retry_After="290")) as house:
        client, waits = asking(house.url)
        with client, pytest.raises(TooMany, match=r"^That was too often\.$") as raised:
            client.me()
    assert (raised.value.retry_after_s, waits, len(house.asked)) == (290.0, [], 1)


def test_what_is_not_safe_is_not_sent_again_to_a_busy_house() -> None:
    with saying_house(refusing(429, "Later.", Retry_After="1")) as house:
        client, waits = asking(house.url, TOKEN)
        with client, pytest.raises(TooMany):
            client.submit("2401.00001")
    assert (len(house.asked), waits) == (1, [])


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Invalid), (401, Refused), (403, Refused), (404, NotFound), (409, Conflict), (500, Unavailable)],
)
def test_problems_become_errors_of_the_one_family(status: int, kind: type[BroadsheetError]) -> None:
    with saying_house(refusing(status, "A sentence to act on.", "ids")) as house, Client(house.url, "") as client:
        with pytest.raises(kind, match=r"^A sentence to act on\.$") as raised:
            client.paper("1")
        assert not isinstance(raised.value, Invalid) or raised.value.field == "ids"
    assert len(house.asked) == 1


def test_a_page_that_is_not_found_is_no_paper_that_is_not_found() -> None:
    page = saying(b"<h1>Not here</h1>", 404, Content_Type="text/html")
    with (
        saying_house(page) as house,
        Client(house.url, "") as client,
        pytest.raises(Unavailable, match="not as a Broadsheet does"),
    ):
        client.paper("1")


def test_a_redirect_is_not_followed() -> None:
    with saying_house(saying(PAPER)) as other, saying_house(saying(b"", 302, Location=other.url)) as house:
        with Client(house.url, TOKEN) as client, pytest.raises(Unavailable, match="302"):
            client.paper("1")
        assert other.asked == []


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b'"text"',
        b'{"id": 7}',
        b'{"id": "1", "upvotes": "many"}',
        b'{"id": "1", "upvotes": true}',
        b'{"id": "1", "published": "yesterday"}',
        b'{"id": "1", "days": ["monday"]}',
        b'{"id": "1", "authors": {}}',
        b'{"id": "1", "authors": [{"name": "Ann"}]}',
        b'{"title": "No id"}',
    ],
    ids=lambda body: ascii(body[:40]),
)
def test_an_answer_that_is_no_paper_is_unavailable(body: bytes) -> None:
    with saying_house(saying(body)) as house, Client(house.url, "") as client, pytest.raises(Unavailable):
        client.paper("1")


def test_what_is_not_known_yet_is_left_aside() -> None:
    told = {**PAPER, "colour": "blue", "ids": [{"scheme": "arxiv", "value": "1", "url": None, "rank": 1}], "score": 1.5}
    with saying_house(saying(told)) as house, Client(house.url, "") as client:
        assert client.paper("1").ids[0].value == "1"


def test_an_answer_without_an_end_is_not_read_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MOST_ANSWERED", 1 << 20)
    bomb = gzip.compress(b" " * (8 << 20))
    packed = saying(bomb, Content_Encoding="gzip")
    for huge in (saying(b" " * (2 << 20)), packed):
        with (
            saying_house(huge) as house,
            Client(house.url, "") as client,
            pytest.raises(Unavailable, match="larger than is taken"),
        ):
            client.paper("1")


def test_an_answer_is_unpacked() -> None:
    packed = saying(gzip.compress(json.dumps(PAPER).encode()), Content_Encoding="gzip")
    with saying_house(packed) as house, Client(house.url, "") as client:
        assert client.paper("1").id == "2603.01001"
    assert "gzip" in house.headers[0]["accept-encoding"]


def test_a_house_that_says_nothing_is_given_up() -> None:
    over = threading.Event()

    def silent(_: Handler) -> None:
        assert over.wait(60)

    with saying_house(silent) as house:
        client, waits = asking(house.url, timeout_s=0.05, tries=2)
        with client, pytest.raises(Unavailable, match="did not answer in time"):
            client.me()
        over.set()
    assert waits == [0.5]


def test_the_same_question_is_asked_with_the_tag_of_its_answer_and_not_read_again() -> None:
    whole, same = saying(PAPER, ETag='W/"a"'), saying(b"", 304, ETag='W/"a"')
    with (
        saying_house(whole, same, same, saying({**PAPER, "upvotes": 9}, ETag='W/"b"')) as house,
        Client(house.url, "") as client,
    ):
        assert [client.paper("1").upvotes for _ in range(4)] == [3, 3, 3, 9]
        client.paper("2")
    assert [each.get("if-none-match") for each in house.headers] == [None, *['W/"a"'] * 3, None]


def test_what_is_one_readers_alone_is_not_kept() -> None:
    own = saying(PAPER, ETag='"a"', Cache_Control="private, no-store")
    with saying_house(own) as house, Client(house.url, TOKEN) as client:
        client.paper("1")
        client.paper("1")
    assert "if-none-match" not in house.headers[1]


def test_threads_share_a_client_and_each_hears_its_own_answer() -> None:
    def echo(handler: Handler) -> None:
        saying({**PAPER, "id": handler.path.rpartition("/")[2]})(handler)

    with saying_house(echo) as house, Client(house.url, "") as client, ThreadPoolExecutor(8) as pool:
        wanted = [str(number) for number in range(200)]
        assert [each.id for each in pool.map(client.paper, wanted)] == wanted
    assert house.connections <= 8 + 1


FORKED = """
import os, sys
from broadsheet import Client
client = Client(sys.argv[1], "")
client.paper("0")
child = os.fork()
first = 0 if child else 1_000
for number in range(first, first + 20):
    assert client.paper(str(number)).id == str(number)
if child:
    assert os.waitpid(child, 0)[1] == 0
client.close()
"""


def test_a_forked_process_speaks_through_a_connection_of_its_own() -> None:
    def echo(handler: Handler) -> None:
        saying({**PAPER, "id": handler.path.rpartition("/")[2]})(handler)

    with saying_house(echo) as house:
        subprocess.run([sys.executable, "-c", FORKED, house.url], check=True, timeout=60)
    assert (len(house.asked), house.connections) == (41, 2)


def test_a_closed_client_asks_nothing_more() -> None:
    with saying_house(saying(PAPER)) as house:
        client = Client(house.url, "")
        with client:
            client.paper("1")
        with pytest.raises(Unavailable, match="closed"):
            client.paper("1")
        with pytest.raises(Unavailable, match="closed"):
            next(client.bulk(client.day()))
    assert len(house.asked) == 1


def test_a_client_that_nobody_closes_lets_go_of_its_connections_with_itself() -> None:
    with saying_house(saying(PAPER)) as house:
        client = Client(house.url, "")
        client.paper("1")
        (standing,) = client._asking._transport._idle
        del client
        gc.collect()
        assert standing.sock is None


def test_a_house_may_stand_below_a_path() -> None:
    with saying_house(saying(PAPER)) as house:
        for end in ("", "/", "/papers/", "/papers/api/v1"):
            with Client(house.url + end, "") as client:
                client.paper("hep-th/9901001")
    root = "/api/v1/papers/hep-th/9901001"
    assert [path for _, path in house.asked] == [root, root, f"/papers{root}", f"/papers{root}"]


@pytest.mark.parametrize(
    ("url", "token"),
    [
        ("ftp://papers.example", ""),
        ("papers.example", ""),
        ("https://ann:secret@papers.example", ""),
        ("https://papers.example?token=secret", ""),
        ("https://papers.example", "secret\r\nHost: evil.example"),
        ("https://papers.example", "secret token"),
        ("http://papers.example", "secret"),
        ("http://192.168.1.5:8000", "secret"),
    ],
)
def test_what_cannot_be_an_address_or_a_token_is_refused_without_showing_it(url: str, token: str) -> None:
    with pytest.raises(Invalid) as raised:
        Client(url, token)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    "url", ["https://papers.example", "http://localhost:8000", "http://127.9.9.9", "http://[::1]:80"]
)
def test_a_token_goes_by_https_or_to_this_machine(url: str) -> None:
    Client(url, TOKEN).close()


def test_address_and_token_come_from_the_environment_unless_they_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    with saying_house(saying(PAPER)) as house:
        monkeypatch.setenv("BROADSHEET_URL", house.url)
        monkeypatch.setenv("BROADSHEET_TOKEN", TOKEN)
        with Client() as client, Client(token="") as nobody:
            client.paper("1")
            nobody.paper("1")
    assert [each.get("authorization") for each in house.headers] == [f"Bearer {TOKEN}", None]


def test_without_any_address_it_is_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BROADSHEET_URL", raising=False)
    with Client(token="") as client:
        assert repr(client) == "Client('http://127.0.0.1:8000')"


def test_the_token_stands_in_no_text_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seen = []
    for say in (breaking, breaking_off, refusing(403, "No."), saying(b"<", 200), saying(b"", 500)):
        with saying_house(say) as house:
            client, _ = asking(house.url, TOKEN, tries=2)
            with client, pytest.raises(BroadsheetError) as raised:
                client.paper("1")
            chain: BaseException | None = raised.value
            while chain:
                seen.append(repr(chain) + str(chain) + repr(vars(chain)))
                chain = chain.__cause__ or chain.__context__
            seen += [repr(client), repr(client.labels), repr(client.day())]
    assert TOKEN not in "".join(seen) + caplog.text
