"""Digests over real HTTP to a receiver for each service, which reads them by that service's rules."""

import json
import logging
import socket
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.push.receiving import Receiver, receiving
from tests.push.sample_digests import FACTS, digest
from tests.push.taking.places import SECRETS, TAKE, WAYS, bases, place

from broadsheet.errors import BroadsheetError, Conflict, Gone, InDoubt, Invalid, Unavailable
from broadsheet.model.subscription import Way
from broadsheet.net.addresses import Network
from broadsheet.push.port import TAKES_ONCE
from broadsheet.push.pushing import HttpPusher

HERE = Network(allow_private=True)
NOW = datetime(2026, 11, 20, 7, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def pusher(server: Receiver, network: Network = HERE) -> HttpPusher:
    return HttpPusher(network=network, bases=bases(server.base), clock=lambda: NOW)


def push(server: Receiver, way: Way, **others: Any) -> None:
    pusher(server).push(way, place(way, server.base).as_json(), digest(), FACTS, **others)


def refused(server: Receiver, way: Way, **others: Any) -> BroadsheetError:
    with pytest.raises(BroadsheetError) as raised:
        push(server, way, **others)
    told = "".join(traceback.format_exception(raised.value)) + repr(raised.value) + str(vars(raised.value))
    assert not [secret for secret in SECRETS if secret in told]
    return raised.value


@pytest.mark.parametrize("way", WAYS)
def test_a_digest_arrives_in_one_request_as_its_service_wants_it(server: Receiver, way: Way) -> None:
    push(server, way)
    (heard,) = server.heard
    assert "Paper 2 of the day" in TAKE[way](heard).text
    assert heard.headers["user-agent"] == "broadsheet"


@pytest.mark.parametrize("way", WAYS)
def test_a_place_is_tried_out_over_the_same_way(server: Receiver, way: Way) -> None:
    pusher(server).greet(way, place(way, server.base).as_json(), FACTS)
    assert "Broadsheet can reach you here" in TAKE[way](server.heard[0]).text


@pytest.mark.parametrize("way", WAYS)
def test_nobody_has_all_of_it_before_the_end(server: Receiver, way: Way) -> None:
    seen: list[int] = []

    def before_end() -> None:
        assert server.asked.wait(60)
        seen.append(len(server.heard))

    push(server, way, before_end=before_end)
    assert (seen, len(server.heard)) == ([0], 1)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_stopped_before_the_end_was_taken_by_nobody(server: Receiver, way: Way) -> None:
    def before_end() -> None:
        raise Conflict("Another worker has it.")

    assert isinstance(refused(server, way, before_end=before_end), Conflict)
    push(server, way)
    assert len(server.heard) == 1


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, Invalid), (307, Invalid), (400, Invalid), (401, Gone), (403, Gone), (404, Gone), (408, Unavailable),
        (410, Gone), (413, Invalid), (425, Unavailable), (429, Unavailable), (500, Unavailable), (503, Unavailable),
        (521, Unavailable),
    ],
)  # fmt: skip
def test_a_status_says_what_comes_of_it(server: Receiver, way: Way, status: int, kind: type[Exception]) -> None:
    server.status = status
    assert type(refused(server, way)) is kind
    assert len(server.heard) == 1


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("status", [0, 502, 504, 520, 524])
def test_what_may_have_been_taken_is_in_doubt_unless_it_may_come_again(server: Receiver, way: Way, status: int) -> None:
    server.status = status
    assert type(refused(server, way)) is (Unavailable if way in TAKES_ONCE else InDoubt)


@pytest.mark.parametrize("way", sorted(TAKES_ONCE))
def test_what_comes_again_is_known_by_its_name(server: Receiver, way: Way) -> None:
    for key, later in (("a", NOW), ("a", NOW.replace(hour=9)), ("b", NOW)):
        facts = replace(FACTS, key=key, at=later)
        pusher(server).push(way, place(way, server.base).as_json(), digest(), facts)
    first, again, other = (heard.headers.get("webhook-id", heard.path) for heard in server.heard)
    assert first == again != other


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("told", "waits"),
    [
        ("7", 7.0), ("Fri, 20 Nov 2026 07:01:30 GMT", 90.0), ("Fri, 20 Nov 2026 06:00:00 GMT", 0.0), ("soon", None),
        ("99999999", 86_400.0), ("-1", None),
    ],
    ids=["seconds", "date", "past", "words", "long", "negative"],
)  # fmt: skip
def test_a_place_says_when_to_come_again(
    server: Receiver, way: Way, status: int, told: str, waits: float | None
) -> None:
    server.status, server.headers = status, {"Retry-After": told, "Date": "Fri, 20 Nov 2026 07:00:00 GMT"}
    error = refused(server, way)
    assert isinstance(error, Unavailable)
    assert error.retry_after_s == waits


@pytest.mark.parametrize(
    ("way", "said", "waits"),
    [
        ("discord", {"message": "You are being rate limited.", "retry_after": 64.57, "global": False}, 64.57),
        ("telegram", {"ok": False, "error_code": 429, "parameters": {"retry_after": 31}}, 31.0),
        ("matrix", {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 2_500}, 2.5),
        ("slack", {"retry_after": 9}, 1.0),
    ],
)
def test_a_service_says_in_its_answer_when_to_come_again(
    server: Receiver, way: Way, said: dict[str, Any], waits: float
) -> None:
    server.status, server.said, server.headers = 429, json.dumps(said).encode(), {"Retry-After": "1"}
    error = refused(server, way)
    assert isinstance(error, Unavailable)
    assert error.retry_after_s == waits


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "said",
    [
        b"", b"\xff\xfe", b"[" * 60_000, b'{"retry_after": true}', b'{"retry_after": NaN, "parameters": []}',
        b'{"retry_after": 1e999, "parameters": {"retry_after": 1e999}, "retry_after_ms": 1e999}',
        b'{"retry_after": -5, "parameters": {"retry_after": "x"}, "retry_after_ms": null}', b"7" * 5_000,
        b"a" * 200_000,
        b'{"code": {"a": 1}, "description": ["x"], "errcode": 3.5, "id": null, "": "EVIL"}',
    ],
    ids=range(10),
)  # fmt: skip
def test_whatever_an_answer_holds_its_status_counts(server: Receiver, way: Way, said: bytes) -> None:
    server.status, server.said = 429, said
    error = refused(server, way)
    assert type(error) is Unavailable
    assert error.retry_after_s is None or 0 <= error.retry_after_s <= 86_400
    assert len(str(error)) < 200
    assert "EVIL" not in str(error)


@pytest.mark.parametrize(
    ("way", "said", "named"),
    [
        ("slack", b"invalid_blocks", "invalid_blocks"),
        ("discord", b'{"code": 50035, "message": "Invalid Form Body"}', "50035"),
        ("telegram", b'{"description": "Bad Request: can\'t parse entities"}', "Bad Request: can't parse entities"),
        ("mattermost", b'{"id": "web.incoming_webhook.invalid.app_error"}', "web.incoming_webhook.invalid.app_error"),
        ("matrix", b'{"errcode": "M_TOO_LARGE", "error": "x"}', "M_TOO_LARGE"),
        ("ntfy", b'{"code": 40024, "error": "x"}', "40024"),
    ],
)
def test_a_refusal_names_what_the_service_names(server: Receiver, way: Way, said: bytes, named: str) -> None:
    server.status, server.said = 400, said
    assert f"({named})" in str(refused(server, way))


@pytest.mark.parametrize("way", WAYS)
def test_a_body_that_says_secrets_is_not_passed_on(server: Receiver, way: Way) -> None:
    server.status, server.said = 400, json.dumps({"description": " ".join(SECRETS), "errcode": "<b>"}).encode()
    if way == "telegram":
        server.said = b'{"description": "<script>"}'
    assert "answers 400." in str(refused(server, way))


@pytest.mark.parametrize(
    "words", ["Bad Request: chat not found", "Bad Request: group chat was upgraded to a supergroup"]
)
def test_a_chat_that_is_not_there_is_gone(server: Receiver, words: str) -> None:
    server.status, server.said = 400, json.dumps({"ok": False, "description": words}).encode()
    assert type(refused(server, "telegram")) is Gone


@pytest.mark.parametrize("way", WAYS)
def test_no_redirect_is_followed(server: Receiver, way: Way) -> None:
    with receiving() as canary:
        server.status, server.headers = 307, {"Location": f"{canary.base}/"}
        assert type(refused(server, way)) is Invalid
        assert not canary.asked.is_set()


@pytest.mark.parametrize("way", WAYS)
def test_a_private_place_is_refused_unless_it_is_allowed(server: Receiver, way: Way) -> None:
    with pytest.raises(Invalid, match="private"):
        pusher(server, Network()).push(way, place(way, server.base).as_json(), digest(), FACTS)
    assert not server.asked.is_set()


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"], ["192.168.1.1"], ["172.16.0.1"], ["100.64.0.1"], ["0.1.2.3"],
        ["::1"], ["fd00::1"], ["fe80::1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"], ["93.184.215.14", "127.0.0.1"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_name_that_leads_to_a_private_place_is_refused(found: list[str]) -> None:
    network = Network(resolve=lambda _, __: found)
    for way in ("mattermost", "matrix", "ntfy", "webhook"):
        with pytest.raises(Invalid, match="not on the public internet"):
            HttpPusher(network=network).push(way, place(way).as_json(), digest(), FACTS)


@pytest.mark.parametrize("way", WAYS)
def test_nobody_there_has_taken_nothing(way: Way) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(Unavailable) as raised:
        HttpPusher(network=HERE, bases=bases(base)).push(way, place(way, base).as_json(), digest(), FACTS)
    assert type(raised.value) is Unavailable


@pytest.mark.parametrize("way", WAYS)
def test_nothing_secret_is_logged_or_shown(server: Receiver, way: Way, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        push(server, way)
        server.status = 400
        refused(server, way)
    told = caplog.text + repr(pusher(server)) + repr(place(way)) + place(way).shown
    assert not [secret for secret in SECRETS if secret in told]


def test_a_target_that_nobody_can_read_is_refused() -> None:
    for told in ("", "[]", "{", '{"url": 3}', "null"):
        with pytest.raises(Invalid):
            HttpPusher(network=HERE).push("slack", told, digest(), FACTS)
