"""Who asks is the peer, or whom a proxy that we trust names; anybody else may say what they like."""

import pytest
from starlette.requests import Request

from broadsheet.entrance.proxies import counted_network, read_proxies, rough_network
from broadsheet.errors import Invalid
from broadsheet.settings import Settings


def networks(peer: str, *forwarded: str, trusted: str = "127.0.0.1 10.0.0.0/8 fd00::/8") -> tuple[str, str]:
    class App:
        class state:  # noqa: N801 - as Starlette has it
            proxies = read_proxies(Settings(trusted_proxies=trusted))

    headers = [(b"x-forwarded-for", told.encode("latin-1")) for told in forwarded]
    request = Request({"type": "http", "headers": headers, "client": (peer, 1), "app": App})
    return counted_network(request), rough_network(request)


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("192.0.2.7", [], "192.0.2.7/32"),
        ("192.0.2.7", ["198.51.100.1"], "192.0.2.7/32"),
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1/32"),
        ("127.0.0.1", ["203.0.113.9, 198.51.100.1"], "198.51.100.1/32"),
        ("127.0.0.1", ["203.0.113.9", "198.51.100.1"], "198.51.100.1/32"),
        ("127.0.0.1", ["203.0.113.9, 198.51.100.1, 10.1.2.3"], "198.51.100.1/32"),
        ("127.0.0.1", ["10.0.0.1, 10.0.0.2"], "10.0.0.1/32"),
        ("127.0.0.1", ["nonsense"], "127.0.0.1/32"),
        ("127.0.0.1", ["198.51.100.1, nonsense"], "127.0.0.1/32"),
        ("127.0.0.1", [""], "127.0.0.1/32"),
        ("127.0.0.1", ["198.51.100.1:4711"], "127.0.0.1/32"),
        ("127.0.0.1", ["1," * 10_000 + "198.51.100.1"], "198.51.100.1/32"),
        ("fd00::1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", [], "192.0.2.7/32"),
        ("::ffff:127.0.0.1", ["198.51.100.1"], "198.51.100.1/32"),
        ("testclient", ["198.51.100.1"], ""),
    ],
    ids=range(16),
)
def test_the_last_that_is_no_proxy_of_ours_is_who_asks(peer: str, forwarded: list[str], counted: str) -> None:
    assert networks(peer, *forwarded)[0] == counted


def test_what_is_kept_says_only_roughly_where_somebody_is() -> None:
    assert networks("192.0.2.77")[1] == "192.0.2.0/24"
    assert networks("2001:db8:1:2:3:4:5:6")[1] == "2001:db8:1::/48"


def test_where_nobody_is_trusted_the_peer_asks() -> None:
    assert networks("127.0.0.1", "198.51.100.1", trusted="")[0] == "127.0.0.1/32"


@pytest.mark.parametrize("told", ["everybody", "10.0.0.0/99", "10.0.0.1/8", "127.0.0.1,::1"])
def test_what_is_no_network_is_refused(told: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_proxies(Settings(trusted_proxies=told))
    assert refused.value.field == "trusted_proxies"
