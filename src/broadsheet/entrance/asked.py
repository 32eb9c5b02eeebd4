"""What a request says: whose house it came to, under which name, and which copy somebody has already."""

import re
from hashlib import blake2b

from starlette.requests import Request

from broadsheet.entrance.machine import is_loopback
from broadsheet.flow.house import House

_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::[0-9]{1,5})?")


def house_of(request: Request) -> House:
    """Get the house this request came to."""
    house: House = request.app.state.house
    return house


def tag_of(body: bytes) -> str:
    """Make the weak validator of an answer from its bytes (RFC 9110 section 8.8.3)."""
    return f'W/"{blake2b(body, digest_size=12).hexdigest()}"'


def has_copy(request: Request, tag: str) -> bool:
    """Tell whether whoever asks has a copy that carries ``tag`` (RFC 9110 section 13.1.2)."""
    known = request.headers.get("if-none-match", "")
    return known.strip() == "*" or tag in (part.strip() for part in known.split(","))


def origin_of(request: Request) -> str:
    """Give what absolute addresses of ours begin with, such as ``https://papers.example.org``.

    The setting ``public_url``; without one the name in ``Host`` if that is this machine's, else the address the request
    came in at: ``Host`` is what anybody may write (RFC 9110, section 7.2).
    """
    public = house_of(request).settings.public_url.rstrip("/")
    if public:
        return public
    hosts = [host.lower() for host in request.headers.getlist("host")]
    found = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
    if found and is_loopback(found["name"].strip("[]")):
        return f"http://{hosts[0]}"
    name, port = request.scope.get("server") or ("localhost", 80)
    shown = f"[{name}]" if ":" in name else name
    return f"http://{shown}:{port}" if port else "http://localhost"
