"""Days as numbers YYYYMMDD, and the ranges readers write: ``2025-01-15``, ``2025-01..2025-06``, ``2024..``."""

import re
from datetime import date

OPEN_START = 0
OPEN_END = 99_999_999
_MONTHS = 12
_LONGEST_MONTH = 31
_ONE = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?")


def day_number(day: date) -> int:
    """Give a day as the number YYYYMMDD."""
    return day.year * 10_000 + day.month * 100 + day.day


def read_days(text: str) -> tuple[int, int] | None:
    """Read a day, month, year or a range of them, both ends inclusive; None for anything else.

    A range the wrong way round is turned. A day that its month does not have, such as 31 June, is no matter.
    """
    first, dots, last = text.partition("..")
    low = _period(first) if first.strip() else (OPEN_START, OPEN_START)
    high = _period(last.lstrip(".")) if last.strip(". ") else (OPEN_END, OPEN_END)
    if not dots:
        return low if first.strip() else None
    if low is None or high is None or (low[1] == OPEN_START and high[0] == OPEN_END):
        return None
    return min(low[0], high[0]), max(low[1], high[1])


def _period(text: str) -> tuple[int, int] | None:
    """Read a day, month or year as its first and last possible day."""
    match = _ONE.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = match.groups()
    if not 1 <= int(month or 1) <= _MONTHS or not 1 <= int(day or 1) <= _LONGEST_MONTH:
        return None
    low = int(year) * 10_000 + int(month or 1) * 100 + int(day or 1)
    return low, int(year) * 10_000 + int(month or _MONTHS) * 100 + int(day or _LONGEST_MONTH)
