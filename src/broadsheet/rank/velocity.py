"""How fast a count grows, seen at moments that lie apart as they happen to."""

from collections.abc import Sequence
from datetime import datetime, timedelta

WINDOW = timedelta(days=7)
_DAY = timedelta(days=1)


def per_day(seen: Sequence[tuple[datetime, int]], now: datetime) -> float:
    """Tell how much a count gained a day, from the first to the last look of the week before ``now``.

    ``seen`` are looks, oldest first. Two looks less than a day apart tell what one day brought, so that a lucky hour is
    not taken for a whole day's pace; fewer than two looks tell nothing, and a count that fell gained nothing.
    """
    recent = [look for look in seen if now - WINDOW <= look[0] <= now]
    if len(recent) < 2:  # noqa: PLR2004 - what grows was seen twice
        return 0.0
    (began, first), (ended, last) = recent[0], recent[-1]
    return max(0, last - first) / max((ended - began) / _DAY, 1.0)
