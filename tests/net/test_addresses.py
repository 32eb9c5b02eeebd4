"""No request leaves for a place that is not public, however that place is spelled."""

import socket
import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.net.talking import answer, talking

from broadsheet.errors import Invalid, Unavailable
from broadsheet.net.addresses import Network, is_public, look_up, read_url
from broadsheet.net.deadline import Deadline

PRIVATE = """
127.0.0.1 127.255.255.254 127.1.2.3 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254
169.254.0.1 100.64.0.1 100.127.255.255 0.0.0.0 0.1.2.3 192.0.0.1 192.0.0.170 192.0.2.1 192.88.99.1 198.18.0.1
198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:7f00:1 64:ff9b::127.0.0.1
64:ff9b::a9fe:a9fe 64:ff9b:1::1 2002:7f00:1:: 2002:a9fe:a9fe::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:db8::1
2001:2::1 2001:10::1 3fff::1 100::1 fc00::1 fd12:3456:789a::1 fd00:ec2::254 fe80::1 fe80::1%1 fec0::1 ff02::1 ff0e::1
5f00::1 4000::1
""".split()
PUBLIC = """
8.8.8.8 1.1.1.1 128.84.21.199 172.15.255.255 172.32.0.0 100.63.255.255 100.128.0.0 169.253.255.255 192.0.1.1
223.255.255.255 2606:4700::6810:84e5 2a00:1450:4001::1 2600:: ::ffff:8.8.8.8 64:ff9b::808:808
""".split()
# Spellings that the system reads as an address of this machine, or of its network.
LOOPBACK_SPELLINGS = """
127.0.0.1 127.1 127.0.1 0x7f000001 0x7f.1 0x7f.0.0.1 0177.0.0.1 017700000001 2130706433 0 0.0.0.0 localhost LOCALHOST
localhost. 10.1 0xa000001 0xa9fea9fe 2852039166 0251.0376.0251.0376 169.254.43518 [::1] [::] [0:0:0:0:0:0:0:1]
[::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1] [fe80::1] [fd00::1] [2002:7f00:1::]
""".split()
NOT_ASKED = [
    "",
    "arxiv.org",
    "//arxiv.org/",
    "/etc/passwd",
    "file:///etc/passwd",
    "ftp://arxiv.org/",
    "gopher://127.0.0.1:25/x",
    "javascript:alert(1)",
    "data:text/plain,hi",
    "http:",
    "http://",
    "http:///path",
    "http:arxiv.org",
    "http://user@arxiv.org/",
    "http://user:secret@arxiv.org/",
    "http://arxiv.org@127.0.0.1/",
    "http://arxiv.org:0/",
    "http://arxiv.org:65536/",
    "http://arxiv.org:port/",
    "http://arxiv.org/\r\nHost: elsewhere",
    "http://arxiv.org/\ta",
    "http://arx\niv.org/",
    "http://arxiv.org/a b",
    "http://arxiv.org\\@127.0.0.1/",
    "http://ärxiv.org/",
    "http://127。0。0。1/",
    "http://arxiv..org/",
    "http://.arxiv.org/",
    f"http://{'a' * 64}.org/",
    f"http://{'a.' * 200}org/",
    "http://[::1/",
    "http://[fe80::1%25eth0]/",
    "http://[nonsense]/",
    "http://[:::::]/",
    "http://arxiv%2eorg/",
    "http://arxiv.org/" + "a" * 9_000,
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_none(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_one(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_in_other_clothes(ip: object) -> None:
    assert is_public(f"::ffff:{ip}") == is_public(f"64:ff9b::{ip}") == is_public(str(ip))


@pytest.mark.parametrize("url", NOT_ASKED)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(Invalid) as raised:
        read_url(url)
    assert str(raised.value).isprintable()


@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for url in (text, f"http://{text}", f"https://arxiv.org/{text}"):
        try:
            address = read_url(url)
        except Invalid:
            continue
        assert address.host
        assert address.path.startswith("/")


@pytest.mark.parametrize(
    ("url", "origin", "path"),
    [
        ("https://ArXiv.org./abs/1?x=y#z", "https://arxiv.org", "/abs/1?x=y"),
        ("http://arxiv.org:80", "http://arxiv.org", "/"),
        ("http://arxiv.org:443/", "http://arxiv.org:443", "/"),
        ("https://[2600::1]:8443/a", "https://[2600::1]:8443", "/a"),
        ("http://under_score.example.com/?a=1", "http://under_score.example.com", "/?a=1"),
    ],
)
def test_an_address_is_taken_apart(url: str, origin: str, path: str) -> None:
    address = read_url(url)
    assert (address.origin, address.path) == (origin, path)


@pytest.mark.parametrize("host", LOOPBACK_SPELLINGS)
def test_no_spelling_of_a_private_address_gets_through(host: str) -> None:
    with pytest.raises((Invalid, Unavailable)) as raised:
        Network().connect(read_url(f"http://{host}:9/"), Deadline(5, 5))
    assert isinstance(raised.value, Invalid) or not _resolves(host.strip("[]"))


def _resolves(host: str) -> bool:
    try:
        return bool(look_up(host, 9))
    except OSError:
        return False


def test_a_private_address_is_connected_to_where_the_operator_allows_it() -> None:
    with talking(answer()) as talker:
        Network(allow_private=True).connect(read_url(talker.url), Deadline(5, 5)).close()


@pytest.mark.parametrize("found", [["93.184.216.34", "127.0.0.1"], ["127.0.0.1", "93.184.216.34"], ["8.8.8.8", "::1"]])
def test_a_name_that_leads_to_both_worlds_leads_nowhere(found: list[str]) -> None:
    with pytest.raises(Invalid, match="not on the public internet"):
        Network(resolve=lambda *_: found).connect(read_url("http://both.example/"), Deadline(5, 5))


def test_what_was_judged_is_what_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[str] = []
    dialled: list[object] = []

    def resolve(host: str, _port: int) -> Sequence[str]:
        looked_up.append(host)
        return ["93.184.216.34"] if len(looked_up) == 1 else ["127.0.0.1"]

    def dial(place: object, *_: object) -> socket.socket:
        dialled.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", dial)
    with pytest.raises(ConnectionRefusedError):
        Network(resolve=resolve).connect(read_url("http://rebinding.example/"), Deadline(5, 5))
    assert (looked_up, dialled) == (["rebinding.example"], [("93.184.216.34", 80)])


def test_the_next_address_is_tried_when_one_takes_no_connection() -> None:
    with talking(answer()) as talker:
        network = Network(allow_private=True, resolve=lambda *_: ["::1", "127.0.0.1"])
        network.connect(read_url(talker.url), Deadline(5, 5)).close()


@pytest.mark.parametrize("found", [[], ["no address"], ["127.0.0.1.example"]])
def test_a_host_that_cannot_be_found_may_be_found_later(found: list[str]) -> None:
    with pytest.raises(Unavailable):
        Network(resolve=lambda *_: found).connect(read_url("http://nobody.example/"), Deadline(5, 5))


def test_a_look_up_that_hangs_is_given_up() -> None:
    def hang(*_: object) -> Sequence[str]:
        time.sleep(0.5)
        return []

    with pytest.raises(Unavailable, match="cannot be found"):
        Network(resolve=hang).connect(read_url("http://slow.example/"), Deadline(0.05, 5))
