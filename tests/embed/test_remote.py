"""An embedder over HTTP keeps the contract, bears what networks do, trusts no answer and never shows its key."""

import json
import os
import socket
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from tests.contracts.embedder import EmbedderContract
from tests.embed.loopback import WIDTH, Handler, Loopback, answer, serving

from broadsheet.embed import endpoint, remote
from broadsheet.embed.endpoint import Endpoint, Patience
from broadsheet.embed.port import Embedder
from broadsheet.embed.prompts import Prompts
from broadsheet.embed.remote import RemoteEmbedder, RemoteModel
from broadsheet.errors import Invalid, Unavailable

KEY = "sk-secret-0123456789"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TWO = ["graph networks", "library catalogues"]


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    with serving() as told:
        yield told


@pytest.fixture(scope="module")
def shared() -> Iterator[Loopback]:
    with serving() as told:
        yield told


class Waits(list[float]):
    """Waits for nothing and remembers for how long."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


def embedder_at(loopback: Loopback, waits: Waits, *, dimension: int | None = WIDTH) -> RemoteEmbedder:
    told = RemoteModel(url=loopback.url, model="tiny", key=KEY, dimension=dimension)
    return RemoteEmbedder(told, Endpoint(f"{loopback.url}/embeddings", KEY, waits, lambda: NOW))


class TestRemote(EmbedderContract):
    @pytest.fixture
    def embedder(self, shared: Loopback) -> Embedder:
        return RemoteEmbedder(RemoteModel(url=shared.url, model="tiny"))


def test_a_question_is_put_as_the_api_wants_it(loopback: Loopback, waits: Waits) -> None:
    embedder_at(loopback, waits).embed(["graphs\ud800 and\0more"])
    assert loopback.asked == [{"model": "tiny", "input": ["graphs? and more"], "encoding_format": "float"}]
    assert loopback.headers[0]["Authorization"] == f"Bearer {KEY}"
    RemoteEmbedder(RemoteModel(url=loopback.url, model="tiny")).embed(["graphs"])
    assert "Authorization" not in loopback.headers[-1]


@pytest.mark.parametrize("end", ["", "/", "/embeddings", "/embeddings/"])
def test_an_address_may_end_in_any_usual_way(loopback: Loopback, end: str) -> None:
    assert RemoteEmbedder(RemoteModel(url=f"{loopback.url}{end}", model="tiny")).dimension == WIDTH


def test_the_dimension_is_asked_for_once_unless_it_is_known(loopback: Loopback, waits: Waits) -> None:
    learning = embedder_at(loopback, waits, dimension=None)
    assert (learning.dimension, learning.dimension, len(loopback.asked)) == (WIDTH, WIDTH, 1)
    assert (embedder_at(loopback, waits).dimension, len(loopback.asked)) == (WIDTH, 1)


def test_another_dimension_than_was_said_is_no_answer(loopback: Loopback, waits: Waits) -> None:
    with pytest.raises(Unavailable, match="gives 48 numbers a text and not 7"):
        embedder_at(loopback, waits, dimension=7).embed(["graphs"])


@pytest.mark.parametrize(
    ("texts", "sizes"),
    [
        (["a"] * 130, [64, 64, 2]),
        (["x" * 8_000] * 60, [25, 25, 10]),
        (["x" * 1_000_000], [1]),
        ([""], [1]),
    ],
)
def test_requests_hold_so_many_texts_and_letters(
    loopback: Loopback, waits: Waits, texts: list[str], sizes: list[int]
) -> None:
    assert embedder_at(loopback, waits).embed(texts).shape == (len(texts), WIDTH)
    assert [len(question["input"]) for question in loopback.asked] == sizes
    assert all(0 < len(text) <= remote.LONGEST_TEXT for question in loopback.asked for text in question["input"])


def test_a_text_that_is_too_long_is_cut_in_halves_and_its_neighbours_are_not(loopback: Loopback, waits: Waits) -> None:
    loopback.longest = 600
    long = "graph " * 200
    short, cut = embedder_at(loopback, waits).embed(["library catalogues", long])
    loopback.longest = 1_000_000
    assert np.array_equal(short, embedder_at(loopback, waits).embed(["library catalogues"])[0])
    assert np.array_equal(cut, embedder_at(loopback, waits).embed([long[:600]])[0])
    assert waits == []


def test_what_is_refused_however_short_is_unavailable(loopback: Loopback, waits: Waits) -> None:
    loopback.longest = 0
    with pytest.raises(Unavailable, match="longer than the model reads"):
        embedder_at(loopback, waits).embed(["graph " * 1_000])
    assert len(loopback.asked[-1]["input"][0]) <= remote.SHORTEST_CUT


def reset(handler: Handler) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(handler.connection.detach())
    handler.close_connection = True


def cut_off(handler: Handler) -> None:
    raw = json.dumps(answer(TWO)).encode()
    handler.send(200, raw[: len(raw) // 2], Content_Length=str(len(raw)))
    handler.close_connection = True


def cut_off_in_a_chunk(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"ff\r\n{")
    handler.close_connection = True


def cut_off_unnoticed(handler: Handler) -> None:
    raw = json.dumps(answer(TWO)).encode()
    handler.send(200, raw[: len(raw) // 2])


def no_http(handler: Handler) -> None:
    handler.wfile.write(b"nonsense\r\n\r\n")
    handler.close_connection = True


PASSING = {
    "busy": lambda handler: handler.say(429, {}, Retry_After="3"),
    "busy until": lambda handler: handler.say(429, {}, Retry_After="Fri, 20 Nov 2026 12:00:03 GMT"),
    "busy until the past": lambda handler: handler.say(503, {}, Retry_After="Fri, 20 Nov 2026 11:00:00 GMT"),
    "busy until no day": lambda handler: handler.say(429, {}, Retry_After=f"Fri, 20 Nov {'9' * 30} 12:00:00 GMT"),
    "busy for who knows how long": lambda handler: handler.say(429, {}, Retry_After="a while"),
    "failing": lambda handler: handler.say(500, {}),
    "loading": lambda handler: handler.say(503, {"error": "loading model"}),
    "reset": reset,
    "cut off": cut_off,
    "cut off in a chunk": cut_off_in_a_chunk,
    "cut off unnoticed": cut_off_unnoticed,
    "no HTTP": no_http,
}
ASKED_FOR = {"busy": 3.0, "busy until": 3.0, "busy until the past": 0.0}


@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_passes_is_waited_out(loopback: Loopback, waits: Waits, fault: str) -> None:
    loopback.faults = [PASSING[fault]] * 2
    vectors = embedder_at(loopback, waits).embed(TWO)
    assert vectors.shape == (2, WIDTH)
    asked = ASKED_FOR.get(fault)
    assert waits == ([endpoint.FIRST_WAIT_S, 2 * endpoint.FIRST_WAIT_S] if asked is None else [asked, asked])


@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_stays_is_unavailable(loopback: Loopback, waits: Waits, fault: str) -> None:
    loopback.faults = [PASSING[fault]] * 10
    with pytest.raises(Unavailable) as raised:
        embedder_at(loopback, waits).embed(TWO)
    assert raised.value.retry_after_s == ASKED_FOR.get(fault)
    assert len(loopback.asked) == 4


def test_whoever_asks_for_a_long_wait_is_not_asked_again(loopback: Loopback, waits: Waits) -> None:
    loopback.faults = [lambda handler: handler.say(429, {}, Retry_After="3600")]
    with pytest.raises(Unavailable) as raised:
        embedder_at(loopback, waits).embed(TWO)
    assert (raised.value.retry_after_s, waits, len(loopback.asked)) == (3600, [], 1)


def wrong(change: Any) -> Any:
    """Give a fault that answers rightly but for one change."""

    def fault(handler: Handler) -> None:
        told = answer(TWO)
        handler.say(200, change(told) or told)

    return fault


WRONG = {
    "too few": wrong(lambda told: told["data"].pop()),
    "too many": wrong(lambda told: told["data"].append(told["data"][0])),
    "an index twice": wrong(lambda told: told["data"][0].update(index=0)),
    "an index past the end": wrong(lambda told: told["data"][0].update(index=2)),
    "an index that is none": wrong(lambda told: told["data"][0].update(index=[1])),
    "not a number": wrong(lambda told: told["data"][0]["embedding"].__setitem__(0, float("nan"))),
    "no end": wrong(lambda told: told["data"][0]["embedding"].__setitem__(0, float("inf"))),
    "past all numbers": wrong(lambda told: told["data"][0]["embedding"].__setitem__(0, 10**400)),
    "a word": wrong(lambda told: told["data"][0]["embedding"].__setitem__(0, "1.0")),
    "a vector in a vector": wrong(lambda told: told["data"][0].update(embedding=[[1.0] * WIDTH])),
    "two dimensions": wrong(lambda told: told["data"][0]["embedding"].pop() and None),
    "no numbers": wrong(lambda told: told["data"][0].update(embedding=[])),
    "base64": wrong(lambda told: told["data"][0].update(embedding="AACAPw==")),
    "a list": wrong(lambda _: [1, 2]),
    "no data": wrong(lambda _: {"error": "quota"}),
    "data that is none": wrong(lambda _: {"data": [None, None]}),
}


@pytest.mark.parametrize("fault", WRONG)
def test_an_answer_that_is_none_is_unavailable(loopback: Loopback, waits: Waits, fault: str) -> None:
    loopback.faults = [WRONG[fault]]
    with pytest.raises(Unavailable, match="did not answer 2 texts"):
        embedder_at(loopback, waits).embed(TWO)


def test_vectors_without_an_index_come_in_order_and_none_is_longer_than_one(loopback: Loopback, waits: Waits) -> None:
    vast, none = [1e308] * WIDTH, [0] * WIDTH
    loopback.faults = [lambda handler: handler.say(200, {"data": [{"embedding": vast}, {"embedding": none}]})]
    vectors = embedder_at(loopback, waits).embed(TWO)
    assert vectors == pytest.approx(np.full((2, WIDTH), WIDTH**-0.5), abs=1e-6)


def test_a_redirect_is_not_followed(loopback: Loopback, waits: Waits) -> None:
    with serving() as elsewhere:
        loopback.faults = [lambda handler: handler.say(307, {}, Location=f"{elsewhere.url}/embeddings")]
        with pytest.raises(Unavailable, match="sends us elsewhere"):
            embedder_at(loopback, waits).embed(TWO)
        assert elsewhere.asked == []


def test_a_proxy_of_the_environment_is_not_used(
    loopback: Loopback, waits: Waits, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert embedder_at(loopback, waits).embed(TWO).shape == (2, WIDTH)


def test_a_huge_answer_is_not_read_to_its_end(
    loopback: Loopback, waits: Waits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "MOST_ANSWERED", 1 << 20)
    loopback.faults = [lambda handler: handler.send(200, b" " * (8 << 20))]
    with pytest.raises(Unavailable, match="more than"):
        embedder_at(loopback, waits).embed(TWO)
    assert waits == []


def stall(handler: Handler) -> None:
    handler.send(200, b"{", Content_Length="100")
    handler.server.told.released.wait()


def trickle(handler: Handler) -> None:
    handler.send(200, b"", Content_Length="1000000")
    while not handler.server.told.released.wait(0.02):
        handler.wfile.write(b" ")


@pytest.mark.parametrize("fault", [stall, trickle])
def test_an_answer_that_does_not_come_is_given_up(loopback: Loopback, waits: Waits, fault: Any) -> None:
    loopback.faults = [fault]
    with pytest.raises(Unavailable, match="cannot be reached"):
        Endpoint(f"{loopback.url}/embeddings", KEY, waits).ask({"input": TWO}, Patience(1, 0.2))


def test_nobody_there_is_unavailable(waits: Waits) -> None:
    with serving() as gone:
        pass
    with pytest.raises(Unavailable, match="cannot be reached"):
        embedder_at(gone, waits).embed(TWO)


def test_an_https_address_without_a_certificate_gets_no_text(loopback: Loopback, waits: Waits) -> None:
    url = loopback.url.replace("http:", "https:")
    with pytest.raises(Unavailable):
        RemoteEmbedder(RemoteModel(url=url, model="tiny", dimension=WIDTH)).embed(["one"])
    assert loopback.asked == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500])
def test_the_key_is_in_no_error_and_in_no_picture_of_the_embedder(
    loopback: Loopback, waits: Waits, status: int
) -> None:
    loopback.faults = [lambda handler: handler.say(status, {"error": f"bad key {KEY}\u202e\0"})] * 20
    embedder = embedder_at(loopback, waits)
    with pytest.raises(Unavailable) as raised:
        embedder.embed(TWO)
    seen: BaseException | None = raised.value
    while seen:
        assert KEY not in f"{seen!r} {seen}"
        seen = seen.__cause__ or seen.__context__
    assert KEY not in f"{embedder!r} {embedder._remote!r} {embedder._endpoint!r}"


@pytest.mark.parametrize(
    "url",
    ["", "embeddings", "ftp://host/v1", "http://", "http://host:port/v1", "http://host:0", "http://host:99999/v1",
     "https://name:word@host/v1", "https://host/v1?key=1", "https://host/v1#x", "https://host/v 1",
     "https://host/v1\r\nX: y", "https://höst/v1", "http://[::1/v1", "http://a..b/v1", f"http://{'a' * 64}.b/v1"],
)  # fmt: skip
def test_an_address_that_is_none_is_invalid(url: str) -> None:
    with pytest.raises(Invalid) as raised:
        RemoteEmbedder(RemoteModel(url=url, model="tiny"))
    assert raised.value.field == "embedder"


def test_a_key_that_no_header_holds_and_a_missing_model_are_invalid() -> None:
    for key in ("one\r\nX: y", "schlüssel"):
        with pytest.raises(Invalid) as raised:
            RemoteEmbedder(RemoteModel(url="http://127.0.0.1/v1", model="tiny", key=key))
        assert (raised.value.field, key in str(raised.value)) == ("embedder_key", False)
    with pytest.raises(Invalid, match="name of a model"):
        RemoteEmbedder(RemoteModel(url="http://127.0.0.1/v1", model=""))


def test_the_version_tells_what_changes_a_vector_and_nothing_else() -> None:
    def version(**more: Any) -> str:
        told: dict[str, Any] = {"url": "http://127.0.0.1/v1", "model": "nomic-embed-text", "dimension": 768}
        return RemoteEmbedder(RemoteModel(**(told | more))).version

    assert version() == version(url="https://elsewhere/v1", key=KEY, weight=0.3)
    others = {version(dimension=512), version(edition="2"), version(prompts=Prompts())}
    assert len(others - {version()}) == 3


def test_a_known_family_is_told_which_text_is_a_query() -> None:
    told = RemoteModel(url="http://127.0.0.1/v1", model="nomic-embed-text", weight=0.4)
    embedder = RemoteEmbedder(told)
    assert (embedder.name, embedder.weight) == ("remote:nomic-embed-text", 0.4)
    assert embedder.query_text("napkins") == "search_query: napkins"
    assert embedder.text_of("Napkins", "Folded.") == "search_document: Napkins\nFolded."
