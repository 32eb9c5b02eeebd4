"""arXiv's calendar: when submissions are cut off and announced, and on which days nothing comes.

The schedule is https://info.arxiv.org/help/availability.html; what a holiday does to it is told by arXiv's own calendar
(https://github.com/arXiv/arxiv-base): no cut-off and no announcement on that day, none on Sunday after a free Friday.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

CUT = time(14)
ANNOUNCED = time(20)
HARVESTABLE = time(22, 30)  # https://info.arxiv.org/help/oa/index.html

_DAY = timedelta(days=1)
_MONDAY, _THURSDAY, _FRIDAY, _SATURDAY, _SUNDAY = 0, 3, 4, 5, 6
# Days without a cut-off, as arXiv lists them; retreats and the days of each winter break follow no rule.
_LISTED = {
    2020: "01-01 01-20 06-09 11-26 12-25 12-29 12-30",
    2021: "01-01 10-20 11-25 12-24 12-28 12-30",
    2022: "01-17 06-20 09-05 11-24 12-27 12-29",
    2023: "01-16 06-14 06-19 07-04 08-17 09-04 11-23 12-25 12-27",
    2024: "01-15 05-22 06-19 07-04 09-02 10-08 11-28 12-25 12-26 12-31",
    2025: "01-01 01-20 06-19 07-04 07-06 09-01 11-27 12-25 12-30",
    2026: "01-01 01-19 06-19 07-03 09-07 11-26 12-25 12-29 12-31",
}
_WINTER_BREAK = (12, 24), (12, 31)


@cache
def holidays(year: int) -> frozenset[date]:
    """Give arXiv's holidays of a year: as listed for 2020 to 2026, by the rules of the lists for any other.

    The rules: New Year's Day, Martin Luther King Day, Juneteenth (from 2022), Independence Day, Labor Day,
    Thanksgiving and Christmas Day. Where Juneteenth or Independence Day is a Saturday the Friday before is free, where
    it is a Sunday the Monday after. What else a winter break will take is not known before arXiv lists it.
    """
    if year in _LISTED:
        return frozenset(date.fromisoformat(f"{year}-{day}") for day in _LISTED[year].split())
    summer = [date(year, 7, 4), *([date(year, 6, 19)] if year > min(_LISTED) + 1 else [])]
    return frozenset(
        [
            date(year, 1, 1),
            _nth(year, 1, _MONDAY, 3),
            *map(_observed, summer),
            _nth(year, 9, _MONDAY, 1),
            _nth(year, 11, _THURSDAY, 4),
            date(year, 12, 25),
        ]
    )


def is_cut(day: date) -> bool:
    """Tell whether submissions are cut off on a day, at 14:00 in New York: Monday to Friday but for holidays."""
    return day.weekday() <= _FRIDAY and day not in holidays(day.year)


def announces(day: date) -> bool:
    """Tell whether arXiv announces in the evening of a day, Sunday to Thursday; Sunday tells of Friday's cut-off."""
    if day.weekday() in {_FRIDAY, _SATURDAY} or day in holidays(day.year):
        return False
    return day.weekday() != _SUNDAY or is_cut(day - 2 * _DAY)


def announced_at(evening: date) -> datetime:
    """Give when the announcement of an evening is made: 20:00 in New York, in UTC."""
    return _in_new_york(evening, ANNOUNCED)


def harvestable_at(evening: date) -> datetime:
    """Give when an evening's announcement can be harvested by OAI-PMH: about 22:30 in New York, in UTC."""
    return _in_new_york(evening, HARVESTABLE)


def announcement_of(submitted_at: datetime) -> date:
    """Give the evening on which a submission is announced; one made at 14:00 sharp has missed that day's cut-off."""
    local = submitted_at.astimezone(_new_york())
    day = local.date() if local.time() < CUT else local.date() + _DAY
    while not is_cut(day):
        day += _DAY
    while not announces(day):
        day += _DAY
    return day


def last_announcement(at: datetime) -> date:
    """Give the evening of the last announcement that was made by an instant."""
    local = at.astimezone(_new_york())
    day = local.date() if local.time() >= ANNOUNCED else local.date() - _DAY
    while not announces(day):
        day -= _DAY
    return day


def listed_on(evening: date) -> date:
    """Give the day that listings, feeds and OAI-PMH date an announcement: the next, as in UTC it is by then."""
    return evening + _DAY


def may_be_quiet(day: date) -> bool:
    """Tell whether it is no wonder that arXiv lists nothing on a day.

    So it is after an evening without an announcement, and all through a winter break that is not listed yet.
    """
    evening = day - _DAY
    if not announces(evening):
        return True
    first, last = _WINTER_BREAK
    return evening.year not in _LISTED and first <= (evening.month, evening.day) <= last


def _observed(day: date) -> date:
    return day + _DAY * {_SATURDAY: -1, _SUNDAY: 1}.get(day.weekday(), 0)


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + _DAY * ((weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _in_new_york(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, _new_york()).astimezone(UTC)


@cache
def _new_york() -> ZoneInfo:
    return ZoneInfo("America/New_York")
