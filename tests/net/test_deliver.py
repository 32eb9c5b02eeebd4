"""What is delivered goes out in one piece but for its last byte, and its answer's status is believed."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

import pytest
from tests.net.talking import answer, head, say, talking
from tests.waiting import until

from broadsheet.errors import InDoubt, Unavailable
from broadsheet.net.addresses import Network, read_url
from broadsheet.net.exchange import Limits, Reply, deliver

LIMITS = Limits(most_bytes=1_000, total_s=60, bodies_of=frozenset({429}))
TOLD = {"Content-Type": "text/plain"}


def send(url: str, before_end: Callable[[], None] = lambda: None, body: bytes = b"hello") -> Reply:
    return deliver("PUT", read_url(f"{url}/x"), TOLD, body, LIMITS, Network(allow_private=True), before_end)


@dataclass
class Heard:
    """All bytes that came on one connection, and where it is taken."""

    url: str
    raw: bytes = b""


@contextmanager
def listening(said: bytes = b"HTTP/1.1 204 Taken\r\n\r\n") -> Iterator[Heard]:
    """Take one connection, say something once it has all that it says it will, and read until the other side ends."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        heard = Heard(f"http://127.0.0.1:{server.getsockname()[1]}")

        def listen() -> None:
            connection, _ = server.accept()
            with connection:
                connection.settimeout(60)
                while piece := connection.recv(1 << 20):
                    heard.raw += piece
                    told, _, body = heard.raw.partition(b"\r\n\r\n")
                    if f"content-length: {len(body)}\r\n".encode() in told.lower() + b"\r\n":
                        connection.sendall(said)
                        connection.shutdown(socket.SHUT_WR)

        thread = Thread(target=listen, daemon=True)
        thread.start()
        yield heard
        thread.join(60)


def test_a_request_says_its_method_its_length_and_what_it_is() -> None:
    with listening() as heard:
        assert send(heard.url).status == 204
    told = heard.raw.decode().split("\r\n\r\n")[0].lower().split("\r\n")
    assert told[0] == "put /x http/1.1"
    assert {"content-length: 5", "content-type: text/plain"} <= set(told)
    assert not [line for line in told if line.startswith("transfer-encoding")]


@pytest.mark.parametrize("body", [b"hello", b"h", b"a" * 3_000_000], ids=["short", "shortest", "long"])
def test_all_but_the_last_byte_is_there_when_it_is_said(body: bytes) -> None:
    with listening() as heard:

        def before_end() -> None:
            until(lambda: heard.raw.endswith(b"\r\n\r\n" + body[:-1]))

        assert send(heard.url, before_end, body).status == 204
    assert heard.raw.endswith(b"\r\n\r\n" + body)


def test_the_beginning_of_a_body_is_read_where_it_is_wanted() -> None:
    for status, wanted in ((429, b"a" * 1_000), (200, b"")):
        said = head(status, {"Content-Length": "2000"}) + b"a" * 2_000
        with listening(said) as heard, send(heard.url).body as body:
            assert body.read() == wanted


def test_a_status_is_believed_though_its_body_breaks_off() -> None:
    with listening(head(429, {"Content-Length": "100", "Retry-After": "3"}) + b"abc") as heard:
        reply = send(heard.url)
    assert (reply.status, reply.headers["retry-after"]) == (429, "3")


def test_no_answer_is_a_doubt_after_the_end() -> None:
    with listening(b"") as heard, pytest.raises(InDoubt):
        send(heard.url)


def test_who_answers_before_the_end_is_listened_to() -> None:
    with talking(answer(413)) as talker:

        def before_end() -> None:
            until(lambda: talker.times)

        assert send(talker.url, before_end).status == 413


def test_who_goes_before_the_end_has_taken_nothing() -> None:
    with talking(say(b"")) as talker:

        def before_end() -> None:
            until(lambda: talker.times)

        with pytest.raises(Unavailable) as raised:
            send(talker.url, before_end, b"a" * 3_000_000)
    assert type(raised.value) is Unavailable


def test_what_is_raised_before_the_end_is_raised_and_the_end_is_not_sent() -> None:
    def stop() -> None:
        raise KeyError("stop")

    with listening() as heard, pytest.raises(KeyError):
        send(heard.url, stop)
    assert heard.raw.endswith(b"\r\n\r\nhell")
