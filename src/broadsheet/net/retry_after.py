"""When does a server want to be asked again?"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# A number of seconds above this is an instant, counted from 1970.
_AN_INSTANT = 1_000_000_000
_MOST_DIGITS = 12
_USED_UP = re.compile(r";\s*r=0\s*;\s*t=([0-9]{1,12})\b")


def http_date(told: str | None) -> datetime | None:
    """Read an HTTP date (RFC 9110, section 5.6.7), aware and in UTC; None for anything else."""
    try:
        at = parsedate_to_datetime(told or "")
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def retry_after(told: str | None, now: datetime) -> float | None:
    """Read a Retry-After header (RFC 9110, section 10.2.3): seconds or a date; None where it says neither.

    Gives seconds from ``now``, which is best the server's own Date, as a date is told by that clock. Never below 0.
    """
    value = (told or "").strip()
    seconds = _number(value)
    if seconds is not None:
        return seconds
    at = http_date(value)
    return None if at is None else max(0.0, (at - now).total_seconds())


def rate_limit_reset(headers: Mapping[str, str], now: datetime) -> float | None:
    """Give the seconds until a used up rate limit is new, None where nothing is used up.

    Either ``x-ratelimit-remaining: 0`` and ``x-ratelimit-reset``, an instant in seconds since 1970 at GitHub
    (docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api), elsewhere also a number of seconds; or
    ``ratelimit: "api";r=0;t=55`` (huggingface.co/docs/hub/rate-limits, from the IETF's draft). ``headers`` have their
    names in lower case.
    """
    if used_up := _USED_UP.search(headers.get("ratelimit", "")):
        return float(used_up[1])
    if headers.get("x-ratelimit-remaining", "").strip() != "0":
        return None
    reset = _number(headers.get("x-ratelimit-reset", "").strip())
    if reset is None or reset < _AN_INSTANT:
        return reset
    return max(0.0, reset - now.timestamp())


def _number(value: str) -> float | None:
    return float(value[:_MOST_DIGITS]) if value.isascii() and value.isdigit() else None
