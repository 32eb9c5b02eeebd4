"""Times, ids and addresses as their clients read them."""

from datetime import UTC, datetime
from hashlib import blake2b
from urllib.parse import urlsplit

from broadsheet.model.selection import moment_of


def instant(text: str) -> str:
    """Write an ISO 8601 time of whatever precision with milliseconds and Z, as their clients demand; empty for none."""
    at = moment_of(text)
    return stamp(at) if at else ""


def stamp(at: datetime) -> str:
    """Write an instant with milliseconds and Z."""
    aware = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return f"{aware:%Y-%m-%dT%H:%M:%S}.{aware.microsecond // 1000:03}Z".rjust(24, "0")


def host(url: str) -> str:
    """Give the host of an address, without ``www.``; empty for none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def object_id(*names: object) -> str:
    """Give 24 hexadecimal digits, always the same for the same names, as their object ids have."""
    return blake2b("\x1f".join(map(str, names)).encode("utf-8", "replace"), digest_size=12).hexdigest()
