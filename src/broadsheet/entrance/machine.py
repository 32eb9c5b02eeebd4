"""Who sits at the machine: a browser that talks to us over loopback, and to nobody between."""

import re
from collections.abc import Mapping
from ipaddress import ip_address

from starlette.requests import Request

_HOST = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9.-]+))(?::[0-9]{1,5})?")
# What proxies add (RFC 7239, RFC 9110 section 7.6.3, and their own habits); beside these all that begin x-forwarded.
_FORWARDING = frozenset(
    "forwarded via x-real-ip x-client-ip x-cluster-client-ip x-original-host true-client-ip cf-connecting-ip".split()
)


def is_loopback(host: str) -> bool:
    """Tell whether a name or address, without its port, is this machine and nothing else."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_at_the_machine(request: Request) -> bool:
    """Tell whether a request was made at this machine, by a browser that talks to us and to nobody between.

    All must hold: the server listens on loopback and has no public address; ``Host`` is a loopback name, so that no
    foreign name was bound to our address (DNS rebinding); no header says that the request was forwarded; and it is not
    HTTP/1.0, which of all that is in use only proxies speak.
    """
    return bool(
        request.app.state.is_local
        and request.scope.get("http_version") != "1.0"
        and names_us(request.headers.getlist("host"))
        and not _is_forwarded(request.headers)
    )


def names_us(hosts: list[str]) -> bool:
    """Tell whether the one ``Host`` of a request names this machine."""
    found = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
    return found is not None and is_loopback(found["six"] or found["name"])


def _is_forwarded(headers: Mapping[str, str]) -> bool:
    return any(name.startswith("x-forwarded") or name in _FORWARDING for name in headers)
