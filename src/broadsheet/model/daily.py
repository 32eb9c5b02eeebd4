"""The daily page: the papers of one day in order, when it turns, and what lies on several days together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from broadsheet.errors import Invalid
from broadsheet.model.paper import Paper
from broadsheet.model.weeks import Month, Week

_NOON = time(12)
_HOUR = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class DailyPage:
    """The papers of ``day``, most upvotes first, ties by paper id; neighbours are the nearest days that have papers.

    ``final`` is set when no source that tells of the day has more to tell. ``mine`` are the papers that the reader who
    asked upvoted, each with why that waits, "" where it counts.
    """

    day: date
    papers: tuple[Paper, ...] = ()
    previous: date | None = None
    next: date | None = None
    final: bool = False
    mine: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SpanPage:
    """The most upvoted papers of a week or month, ``total`` in all; neighbours as on a daily page."""

    span: Week | Month
    papers: tuple[Paper, ...] = ()
    total: int = 0
    previous: Week | Month | None = None
    next: Week | Month | None = None
    mine: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """When the daily page turns: at an hour in a zone."""

    zone: ZoneInfo
    hour: time

    @classmethod
    def read(cls, zone: str, hour: str) -> "Turn":
        """Read an IANA zone and ``21:30``; raises Invalid (field ``day_zone`` or ``day_hour``)."""
        found = _HOUR.fullmatch(hour)
        if found is None:
            raise Invalid(f"The page turns at an hour such as 21:30, not {hour!r}.", field="day_hour")
        try:
            return cls(ZoneInfo(zone), time(int(found[1]), int(found[2])))
        except (LookupError, ValueError, OSError):
            raise Invalid(f"There is no time zone {zone!r}; one is Europe/Berlin.", field="day_zone") from None

    def day_at(self, at: datetime) -> date:
        """Give the day whose page is shown at a moment.

        A page that turns from noon on turns to tomorrow's; one that turns in the morning turns to the day's own.
        """
        there = at.astimezone(self.zone)
        # As instants: where clocks are put back, an hour comes twice, and the page must not turn back with it.
        turned = at >= datetime.combine(there.date(), self.hour, self.zone).astimezone(UTC)
        if self.hour >= _NOON:
            return there.date() + timedelta(days=int(turned))
        return there.date() - timedelta(days=int(not turned))

    def ends(self, day: date) -> datetime:
        """Tell when the page of ``day`` turns to the next, in the zone itself."""
        return datetime.combine(day + timedelta(days=int(self.hour < _NOON)), self.hour, self.zone)
