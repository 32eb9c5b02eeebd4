"""Times, ids and addresses as their clients read them."""

from datetime import UTC, datetime
from hashlib import blake2b
from urllib.parse import urlsplit

_MAX_URL = 2_000


def instant(text: str) -> str:
    """Write an ISO 8601 time of whatever precision with milliseconds and Z, as their clients demand; empty for none."""
    parts = text[:10].split("-")
    # A month or a year begins on its first day.
    whole_day = "-".join([*parts, *["01"] * (3 - len(parts))]) + text[10:]
    try:
        return stamp(datetime.fromisoformat(whole_day))
    except (ValueError, OverflowError):
        return ""


def is_web(url: str) -> bool:
    """Tell whether an address is plain http or https, and such as may stand in any page."""
    if len(url) > _MAX_URL or not url.isprintable() or any(mark in url for mark in ' "<>\\`'):
        return False
    return bool(host(url)) and url.lower().startswith(("http://", "https://"))


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
