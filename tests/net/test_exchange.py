"""An answer comes whole, in time and in bounds, or it does not come."""

import contextlib
import gzip
import os
import ssl
import subprocess
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.net.talking import Script, answer, drip, head, reset, say, talking

from broadsheet.errors import BroadsheetError, Invalid, Unavailable
from broadsheet.net.addresses import Network, read_url
from broadsheet.net.exchange import Limits, Reply, get

HERE = Network(allow_private=True)
BODY = b"<record>A paper about kettles.</record>\n" * 500
OK_HEAD = head(200, {"Content-Type": "text/xml"})
CHUNKS_HEAD = head(200, {"Transfer-Encoding": "chunked"})


def ask(
    script: Script, *, most_bytes: int = 1 << 20, total_s: float = 10.0, stall_s: float = 10.0, path: str = "/"
) -> Reply:
    with talking(script) as talker:
        limits = Limits(most_bytes=most_bytes, total_s=total_s, stall_s=stall_s)
        return get(read_url(talker.url + path), {}, limits, HERE)


def chunked(*pieces: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


def raw_deflate(raw: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(raw) + packer.flush()


WHOLE: dict[str, bytes] = {
    "a length": head(200, {"Content-Length": str(len(BODY))}) + BODY,
    "chunks": CHUNKS_HEAD + chunked(BODY[:10], BODY[10:], b""),
    "chunks with extensions and trailers": CHUNKS_HEAD
    + b"%x;a=b\r\n%s\r\n0\r\nX-Trailer: 1\r\n\r\n" % (len(BODY), BODY),
    "until it is closed": head(200, {}) + BODY,
    "HTTP/1.0": head(200, {}).replace(b"1.1", b"1.0") + BODY,
    "more than its length": head(200, {"Content-Length": str(len(BODY))}) + BODY + b"smuggled",
    "after a 100": b"HTTP/1.1 100 Continue\r\n\r\n" + head(200, {}) + BODY,
    "gzip": head(200, {"Content-Encoding": "gzip"}) + gzip.compress(BODY),
    "X-GZIP": head(200, {"Content-Encoding": "X-GZIP"}) + gzip.compress(BODY),
    "gzip in members": head(200, {"Content-Encoding": "gzip"}) + gzip.compress(BODY[:99]) + gzip.compress(BODY[99:]),
    "gzip and then zeros": head(200, {"Content-Encoding": "gzip"}) + gzip.compress(BODY) + bytes(100),
    "deflate": head(200, {"Content-Encoding": "deflate"}) + zlib.compress(BODY),
    "deflate without its header": head(200, {"Content-Encoding": "deflate"}) + raw_deflate(BODY),
    "gzip in chunks of one byte": head(200, {"Content-Encoding": "gzip", "Transfer-Encoding": "chunked"})
    + chunked(*(bytes([byte]) for byte in gzip.compress(BODY)), b""),
    "identity": head(200, {"Content-Encoding": "identity"}) + BODY,
}
BROKEN: dict[str, Script] = {
    "shorter than its length": say(head(200, {"Content-Length": str(len(BODY) + 1)}) + BODY),
    "a chunk breaks off": say(CHUNKS_HEAD + b"ff\r\nabc"),
    "no last chunk": say(CHUNKS_HEAD + chunked(BODY)),
    "a chunk's size is no number": say(CHUNKS_HEAD + b"zz\r\nabc"),
    "gzip breaks off": say(head(200, {"Content-Encoding": "gzip"}) + gzip.compress(BODY)[:-5]),
    "gzip breaks off within its length": answer(200, gzip.compress(BODY)[:50], content_encoding="gzip"),
    "gzip is none": answer(200, BODY, content_encoding="gzip"),
    "deflate is none": answer(200, b"\xff" * 50, content_encoding="deflate"),
    "gzip's checksum is wrong": answer(200, gzip.compress(BODY)[:-8] + bytes(8), content_encoding="gzip"),
    "nothing": say(b""),
    "no HTTP": say(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "half a status": say(b"HTTP/1.1 2"),
    "a status that is no number": say(b"HTTP/1.1 OK\r\n\r\n"),
    "a reset": reset,
    "a reset in the middle": lambda connection: (connection.sendall(OK_HEAD + BODY), reset(connection))[1],
    "a flood of headers": say(head(200, {f"X-{n}": "1" for n in range(5_000)})),
    "one header without end": drip(b"HTTP/1.1 200 OK\r\nX: ", b"a" * 10_000, every_s=0),
    "headers without end": drip(b"HTTP/1.1 200 OK\r\n", b"Set-Cookie: a=b\r\n" * 90, every_s=0),
    "100 without end": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000, every_s=0),
    "trailers without end": drip(CHUNKS_HEAD + b"0\r\n", b"X: y\r\n" * 9_999, every_s=0),
}
SLOW: dict[str, Script] = {
    "a status, letter by letter": drip(b"", b"H"),
    "a header, letter by letter": drip(b"HTTP/1.1 200 OK\r\nX: ", b"a"),
    "a body, letter by letter": drip(OK_HEAD, b"a"),
    "a body in chunks, letter by letter": drip(head(200, {"Transfer-Encoding": "chunked"}), b"1\r\na\r\n"),
}


@pytest.mark.parametrize("how", WHOLE)
def test_a_whole_answer_comes_as_it_is(how: str) -> None:
    reply = ask(say(WHOLE[how]))
    assert (reply.status, reply.body.read(), reply.body.seek(0), reply.body.read()) == (200, BODY, 0, BODY)


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_answer_may_be_asked_for_again(how: str) -> None:
    with pytest.raises(Unavailable):
        ask(BROKEN[how])


@pytest.mark.parametrize("how", SLOW)
def test_an_answer_that_drips_is_given_up(how: str) -> None:
    with pytest.raises(Unavailable, match="in time"):
        ask(SLOW[how], total_s=0.3)


@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\n", OK_HEAD, OK_HEAD + BODY])
def test_an_answer_that_stalls_is_given_up(first: bytes) -> None:
    released = threading.Event()

    def stall(connection: object) -> None:
        say(first)(connection)  # type: ignore[arg-type]
        released.wait(60)

    with talking(stall) as talker:
        try:
            with pytest.raises(Unavailable, match="in time"):
                get(read_url(talker.url), {}, Limits(most_bytes=1 << 20, total_s=10, stall_s=0.1), HERE)
        finally:
            released.set()


@pytest.mark.parametrize(
    "script",
    [
        answer(200, bytes(1_001)),
        say(head(200, {"Content-Length": str(1 << 60)})),
        say(head(200, {}) + bytes(1_001)),
        say(CHUNKS_HEAD + chunked(bytes(1_001), b"")),
        say(head(200, {"Content-Encoding": "gzip"}) + gzip.compress(bytes(1_001))),
        drip(OK_HEAD, bytes(10_000), every_s=0),
    ],
)
def test_an_answer_that_is_too_large_is_not_taken(script: Script) -> None:
    with pytest.raises(Invalid, match="1,000 bytes"):
        ask(script, most_bytes=1_000)


def test_an_answer_of_just_the_size_is_taken() -> None:
    assert ask(answer(200, bytes(1_000)), most_bytes=1_000).body.read() == bytes(1_000)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "compress", "nonsense"])
def test_a_coding_that_was_not_asked_for_is_not_guessed_at(coding: str) -> None:
    with pytest.raises(Invalid, match="packed"):
        ask(answer(200, BODY, content_encoding=coding))


def bomb(size: int) -> bytes:
    """Pack ``size`` zeros."""
    packer = zlib.compressobj(9, wbits=31)
    megabyte = bytes(1 << 20)
    return b"".join([*(packer.compress(megabyte) for _ in range(size >> 20)), packer.flush()])


def test_a_bomb_does_not_go_off() -> None:
    packed = bomb(256 << 20)
    with within_memory(64 << 20), pytest.raises(Invalid, match="larger"):
        ask(answer(200, packed, content_encoding="gzip"), most_bytes=1 << 34)


def test_a_bomb_of_many_small_members_does_not_go_off() -> None:
    with pytest.raises(Invalid, match="larger"):
        ask(answer(200, gzip.compress(bytes(1 << 20)) * 100, content_encoding="gzip"), most_bytes=50 << 20)


@contextlib.contextmanager
def within_memory(most_bytes: int) -> Iterator[None]:
    """Hold what is done to so much more memory at any moment; measured where Linux can forget the old high water."""
    status, forget = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    if not forget.exists():
        pytest.skip("the high water of memory cannot be measured")
    forget.write_text("5")

    def high_water() -> int:
        return 1024 * next(int(line.split()[1]) for line in status.read_text().splitlines() if "VmHWM" in line)

    before = high_water()
    yield
    assert high_water() - before < most_bytes


def test_a_large_answer_does_not_fill_the_memory() -> None:
    with within_memory(64 << 20), ask(drip_of(200 << 20), most_bytes=1 << 30, total_s=60).body as body:
        assert body.seek(0, os.SEEK_END) == 200 << 20


def drip_of(size: int) -> Script:
    def script(connection: object) -> None:
        say(head(200, {"Content-Length": str(size)}))(connection)  # type: ignore[arg-type]
        for _ in range(size >> 20):
            say(bytes(1 << 20))(connection)  # type: ignore[arg-type]

    return script


@pytest.mark.parametrize("status", [204, 301, 304, 400, 403, 404, 429, 500, 503, 599])
def test_the_body_of_anything_but_an_answer_is_left_unread(status: int) -> None:
    reply = ask(say(head(status, {"X-Said": "something", "Content-Length": "5"}) + b"abc"))
    assert (reply.status, reply.headers["x-said"], reply.body.read()) == (status, "something", b"")


def test_a_header_that_comes_twice_is_a_list_and_one_on_two_lines_one_line() -> None:
    reply = ask(say(b"HTTP/1.1 200 OK\r\nVary: a\r\nX: one\r\n two\r\nvary: b\r\n\r\n"))
    assert (reply.headers["vary"], reply.headers["x"]) == ("a, b", "one two")


def test_a_request_says_where_it_goes_and_nothing_of_others() -> None:
    with talking(answer(200, b"", set_cookie="a=b")) as talker:
        for _ in range(2):
            get(read_url(f"{talker.url}/list?set=cs"), {"Accept": "text/xml"}, Limits(most_bytes=9, total_s=9), HERE)
    assert talker.asked[1].startswith("GET /list?set=cs HTTP/1.1\r\n")
    assert talker.headers() == {
        "host": f"127.0.0.1:{talker.port}",
        "accept": "text/xml",
        "accept-encoding": "gzip, deflate",
        "connection": "close",
    }


def test_the_environments_proxy_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with talking(answer(200, b"proxy")) as proxy, talking(answer(200, b"service")) as talker:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        reply = get(read_url(talker.url), {}, Limits(most_bytes=99, total_s=9), HERE)
    assert (reply.body.read(), proxy.asked) == (b"service", [])


def test_nobody_listening_may_listen_later() -> None:
    with talking(answer()) as talker:
        url = talker.url
    with pytest.raises(Unavailable, match="cannot be asked"):
        get(read_url(url), {}, Limits(most_bytes=99, total_s=9), HERE)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\n", OK_HEAD, *WHOLE.values()]))
def test_whatever_a_server_says_it_is_an_answer_or_one_of_our_errors(said: bytes, before: bytes) -> None:
    with contextlib.suppress(BroadsheetError):
        assert ask(say(before[: len(before) - len(said) % 7] + said)).status < 1_000


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of our own for service.test, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=service.test -keyout {key} -out {cert}"
    try:
        subprocess.run(
            [*command.split(), "-addext", "subjectAltName=DNS:service.test"], check=True, capture_output=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("openssl is not installed")
    return cert, key


def test_the_certificate_is_checked_against_the_name_that_was_asked_for(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    names: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    here = Network(allow_private=True, resolve=lambda *_: ["127.0.0.1"])
    limits = Limits(most_bytes=99, total_s=9)
    with talking(answer(200, b"hello"), context=context) as talker:
        good, bad = (f"https://{name}.test:{talker.port}/" for name in ("service", "other"))
        with pytest.raises(Unavailable, match="no valid certificate"):
            get(read_url(good), {}, limits, here)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        with pytest.raises(Unavailable, match="no valid certificate"):
            get(read_url(bad), {}, limits, here)
        assert get(read_url(good), {}, limits, here).body.read() == b"hello"
    assert names == ["service.test", "other.test", "service.test"]
