"""The days of Hugging Face's daily page: when one ends, and which of them are still to be looked at.

The page turns at 21:30 in New York, so its day D is what was shown until then on D: the rule of Hugging Face's own MCP
server (``currentDailyFeedDate`` in https://github.com/huggingface/hf-mcp-server), which others measured as 01:30 UTC in
summer and 02:30 in winter. Weekends are empty.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

FIRST = date(2023, 5, 4)
_NEW_YORK = ZoneInfo("America/New_York")
_TURNS = time(21, 30)
# What is put on a day that is over comes within hours; by the next morning in New York it is there.
_MARGIN = timedelta(hours=12)
_DAY = timedelta(days=1)
_SATURDAY = 5
# A day that stays open is asked for again when its age has grown by an eighth, so that old ones cost little.
_PART_OF_AGE = 8

Spans = tuple[tuple[date, date], ...]


def newest(at: datetime) -> date:
    """Give the day that the page shows now; never one that has not begun in UTC."""
    there = at.astimezone(_NEW_YORK)
    return there.date() + (_DAY if there.time() >= _TURNS else timedelta())


def ends(day: date) -> datetime:
    """Tell when the page turns from ``day`` to the next, in UTC."""
    return datetime.combine(day, _TURNS, _NEW_YORK).astimezone(UTC)


def is_over(day: date, at: datetime) -> bool:
    """Tell whether ``day`` has ended long enough ago that nothing more is expected of it."""
    return at >= ends(day) + _MARGIN


def is_busy(day: date) -> bool:
    """Tell whether papers are expected on ``day``."""
    return day.weekday() < _SATURDAY


def spans(told: Iterable[Iterable[str]]) -> Spans:
    """Read the stretches of days that a mark holds, both ends included."""
    return tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in told)


def joined(days: Spans, day: date) -> Spans:
    """Add one day; stretches that touch become one."""
    merged: list[tuple[date, date]] = []
    for first, last in sorted((*days, (day, day))):
        if merged and first <= merged[-1][1] + _DAY:
            merged[-1] = merged[-1][0], max(merged[-1][1], last)
        else:
            merged.append((first, last))
    return tuple(merged)


def next_open(
    final: Spans, looks: Mapping[str, Mapping[str, Any]], at: datetime, between: tuple[date, date]
) -> date | None:
    """Give the newest day between two, both included, that is worth a look now; None when there is none.

    ``final`` are the days that need none, ``looks`` tells by day when (``at``) it was looked at last.
    """
    oldest, day = between
    while day >= oldest:
        stretch = next((one for one in final if one[0] <= day <= one[1]), None)
        if stretch is not None:
            day = stretch[0]
        elif _is_due(day, looks.get(day.isoformat()), at):
            return day
        day -= _DAY
    return None


def _is_due(day: date, look: Mapping[str, Any] | None, at: datetime) -> bool:
    return look is None or at - datetime.fromisoformat(look["at"]) >= (at - ends(day)) / _PART_OF_AGE
