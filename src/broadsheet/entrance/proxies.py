"""Where a request comes from: its peer, or whom a proxy that we trust names (RFC 7239, section 8.1)."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import Request

from broadsheet.errors import Invalid
from broadsheet.settings import Settings

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
# What one household or machine is usually given, and what says no more than roughly where somebody is.
_ONE = {4: 32, 6: 64}
_ROUGH = {4: 24, 6: 48}
_MOST_HOPS = 20


def read_proxies(settings: Settings) -> tuple[Network, ...]:
    """Read the setting ``trusted_proxies``; raises Invalid for what is no address or network."""
    try:
        return tuple(ip_network(each) for each in settings.trusted_proxies.split())
    except ValueError:
        raise Invalid(
            "Setting 'trusted_proxies' takes addresses or networks with spaces between, such as 127.0.0.1 10.0.0.0/8.",
            field="trusted_proxies",
        ) from None


def counted_network(request: Request) -> str:
    """Give the network by which somebody's requests are counted: an IPv4 address, or 64 bits of an IPv6 one."""
    return _cut(_client(request), _ONE)


def rough_network(request: Request) -> str:
    """Give the network as it may be kept: 24 bits of an IPv4 address, 48 of an IPv6 one."""
    return _cut(_client(request), _ROUGH)


def _client(request: Request) -> Address | None:
    """Give the last address on the way to us that is no proxy of ours; anybody may have written what is before it."""
    trusted: tuple[Network, ...] = request.app.state.proxies
    client = _address(request.client.host if request.client else "")
    hops = ",".join(request.headers.getlist("x-forwarded-for")).split(",")[-_MOST_HOPS:]
    while hops and client and any(client in network for network in trusted):
        named = _address(hops.pop().strip())
        if named is None:
            break
        client = named
    return client


def _address(text: str) -> Address | None:
    """Read an address, an IPv4 one that stands in an IPv6 one as itself; None for what is none."""
    try:
        read = ip_address(text)
    except ValueError:
        return None
    return read.ipv4_mapped or read if isinstance(read, IPv6Address) else read


def _cut(address: Address | None, lengths: dict[int, int]) -> str:
    return "" if address is None else str(ip_network(f"{address}/{lengths[address.version]}", strict=False))
