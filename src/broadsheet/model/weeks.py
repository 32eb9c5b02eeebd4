"""Days, ISO weeks and months: which page of each a paper is on, so that every paper is on one and on no other."""

import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from broadsheet.errors import Invalid

_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_FULL_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """A week of ISO 8601: it begins on Monday and belongs to the year of its Thursday; written ``2026-W53``."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-W{self.number:02}"

    @property
    def days(self) -> tuple[date, ...]:
        """Its seven days, Monday first; fewer where the calendar ends."""
        monday = date.fromisocalendar(self.year, self.number, 1).toordinal()
        return tuple(map(date.fromordinal, range(monday, min(monday + 6, date.max.toordinal()) + 1)))


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month, written ``2026-12``."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def days(self) -> tuple[date, ...]:
        """Its days in order."""
        first = date(self.year, self.number, 1)
        in_month = (first + timedelta(days=count) for count in range(min(31, (date.max - first).days + 1)))
        return tuple(day for day in in_month if day.month == self.number)


def week_of(day: date) -> Week:
    """Give the week that a day is in; 1 January may be in the last week of the year before."""
    year, number, _ = day.isocalendar()
    return Week(year, number)


def month_of(day: date) -> Month:
    """Give the month that a day is in."""
    return Month(day.year, day.month)


def read_week(text: str) -> Week:
    """Read ``2026-W53``; raises Invalid for any other text and for a week that its year has not."""
    if found := _WEEK.fullmatch(text):
        with suppress(ValueError):
            return week_of(date.fromisocalendar(int(found[1]), int(found[2]), 1))
    raise Invalid(f"There is no week {text[:40]!r}.", field="week")


def read_month(text: str) -> Month:
    """Read ``2026-12``; raises Invalid for any other text."""
    if found := _MONTH.fullmatch(text):
        with suppress(ValueError):
            return month_of(date(int(found[1]), int(found[2]), 1))
    raise Invalid(f"There is no month {text[:40]!r}.", field="month")


def home_day(days: Collection[date], published: str = "") -> date | None:
    """Give the one day whose page a paper is on, and with it its week and month.

    It is the first day on whose daily page a source showed the paper, however often it was shown again; of a paper
    that none showed, the day of publication (ISO 8601, of whatever precision). None where no day is known: such papers
    are on a page of their own.
    """
    if days:
        return min(days)
    try:
        return date.fromisoformat(published[:10]) if _FULL_DATE.match(published) else None
    except ValueError:
        return None
