"""Where may a request go? A name is looked up once, and what was found is judged and then connected to."""

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from broadsheet.errors import Invalid, Unavailable
from broadsheet.net.deadline import Deadline, within

# From a host and a port to the IP addresses behind it, as text; raises OSError where there are none.
Resolver = Callable[[str, int], Sequence[str]]
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_PORTS = {"http": 80, "https": 443}
_LONGEST_URL, _LONGEST_HOST = 8_192, 253
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?|[0-9a-f:.]*:[0-9a-f:.]*")
# One address that does not answer must not use up the time for the next one.
_CONNECT_S = 10.0
_MOST_TRIED = 6
# What is not for the public internet: iana.org/assignments/iana-ipv4-special-registry and
# iana.org/assignments/iana-ipv6-special-registry. 192.88.99.0/24 is the relay of 6to4, given up by RFC 7526.
_NOT_PUBLIC_4 = tuple(
    map(
        ipaddress.IPv4Network,
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
        "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4".split(),
    )
)
# Global unicast, less Teredo and its neighbours, documentation and 6to4, which may lead anywhere.
_PUBLIC_6 = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(map(ipaddress.IPv6Network, "2001::/23 2001:db8::/32 2002::/16 3fff::/20".split()))
# An IPv4 address in other clothes (RFC 4291, section 2.5.5.2; RFC 6052) is what it is without them.
_CLOTHED = tuple(map(ipaddress.IPv6Network, "::ffff:0:0/96 64:ff9b::/96".split()))


@dataclass(frozen=True, slots=True)
class Address:
    """A URL taken apart: ``host`` in lower case and without a last dot, ``path`` with its query, no fragment."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Give scheme, host and port, the port only where it is not the usual one."""
        return f"{self.scheme}://{self.place}"

    @property
    def place(self) -> str:
        """Give host and port as a Host header has them (RFC 9110, section 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def read_url(url: str) -> Address:
    """Take a URL apart; raises Invalid unless it is one of http or https with a host and without a user."""
    try:
        parts = urlsplit(_plain(url))
        host = (parts.hostname or "").removesuffix(".")
        usual = _PORTS[parts.scheme]
        port = usual if parts.port is None else parts.port
        _check_host(host)
    except (ValueError, KeyError):
        raise Invalid(f"{_shown(url)} is not an address that can be asked.", field="url") from None
    if "@" in parts.netloc or not port:
        raise Invalid(f"{_shown(url)} holds a user or an impossible port.", field="url")
    return Address(parts.scheme, host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def _plain(url: str) -> str:
    if len(url) > _LONGEST_URL or not url.isascii() or not url.isprintable() or set(url) & {" ", "\\"}:
        raise ValueError(url)
    return url


def _check_host(host: str) -> None:
    if len(host) > _LONGEST_HOST or not _HOST.fullmatch(host):
        raise ValueError(host)
    if ":" in host:
        ipaddress.IPv6Address(host)
    else:
        host.encode("idna")  # as the socket will do it: it refuses labels that are empty or too long


def look_up(host: str, port: int) -> list[str]:
    """Ask the system for the IP addresses of a host, best first."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(address: str) -> bool:
    """Tell whether an IP address, as text, is one of the public internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in clothes for clothes in _CLOTHED):
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        return ip in _PUBLIC_6 and not any(ip in net for net in _NOT_PUBLIC_6)
    return not any(ip in net for net in _NOT_PUBLIC_4)


@dataclass(frozen=True, slots=True)
class Network:
    """What may be connected to: public addresses, others only where the operator allows it."""

    allow_private: bool = False
    resolve: Resolver = look_up

    def connect(self, address: Address, deadline: Deadline) -> socket.socket:
        """Look the host up once and connect to one of what was found, in its order.

        Raises Invalid when any of it is not public, so that a name cannot lead to both; Unavailable when there is
        nothing to be found; OSError, as the last address gave it, when none takes a connection.
        """
        found = self._found(address, deadline)
        if not self.allow_private and not all(map(is_public, found)):
            raise Invalid(f"{address.host} is not on the public internet, and private addresses are off.", field="url")
        for ip in found[:-1]:
            try:
                return _dial(ip, address.port, deadline)
            except OSError:
                continue
        return _dial(found[-1], address.port, deadline)

    def _found(self, address: Address, deadline: Deadline) -> list[str]:
        try:
            found = within(deadline.left(), lambda: self.resolve(address.host, address.port))
            # As addresses and back: what is dialled has one spelling, and cannot be looked up again.
            ips = list(dict.fromkeys(str(ipaddress.ip_address(ip)) for ip in found))[:_MOST_TRIED]
        except (OSError, ValueError) as error:
            raise Unavailable(f"The host {address.host} cannot be found: {str(error) or 'no answer'}.") from error
        if not ips:
            raise Unavailable(f"The host {address.host} has no address.")
        return ips


def _dial(ip: str, port: int, deadline: Deadline) -> socket.socket:
    return socket.create_connection((ip, port), min(deadline.left(), _CONNECT_S))


def _shown(url: str) -> str:
    """Give the beginning of an address, without what may be secret or break a line."""
    return "".join(letter if letter.isprintable() else "�" for letter in url[:200].partition("?")[0])
