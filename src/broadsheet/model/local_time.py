"""Somebody's own time: which local day a digest is of, when it is due, and when nothing may disturb.

All follows from one rule: something is due at the first instant at which the clock there shows its day and hour, or
later. So what falls into an hour that is left out comes right after it, and of an hour that comes twice the first
counts (``fold``, which tells both apart: PEP 495).
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from broadsheet.errors import Invalid
from broadsheet.model.subscription import DAYS, DEFAULT_HOUR, Rhythm, Times

# How often somebody who gets papers at once is looked after.
LOOK_EVERY = timedelta(minutes=10)

_DAY, _SECOND, _EPOCH = timedelta(days=1), timedelta(seconds=1), datetime(1970, 1, 1, tzinfo=UTC)
_HOUR = re.compile(r"(\d{1,2})(?::(\d{2})(?::00)?)?", re.ASCII)
# What a machine keeps beside the zones: the one it is in itself, and one that is none.
_NO_ZONES = {"localtime", "posixrules", "Factory"}


@lru_cache(maxsize=10_000)  # most want to read at one of a few hours
def next_time(times: Times, kind: Rhythm, after: datetime) -> tuple[date, datetime]:
    """Give the next digest of a kind after an instant: the local day that it is of, and when it is due, in UTC.

    There is one for every day that the zone has, or for every week, even where its weekday is left out; it comes with
    the next day then. What comes at once is looked for every ten minutes, except in quiet hours, and is of a day in
    UTC.
    """
    if kind == "now":
        mark = _EPOCH + ((after - _EPOCH) // LOOK_EVERY + 1) * LOOK_EVERY
        at = quiet_ends(times, mark)
        return at.date(), at
    zone, hour = _zone(times.zone), _hour(times.hour)
    day = local_day(times, after)
    while True:
        if kind == "daily" or day.weekday() == times.weekday:
            of, at = _due(zone, day, hour)
            if at > after and (of == day or kind == "weekly"):
                return of, at
        day += _DAY


def local_day(times: Times, at: datetime) -> date:
    """Give the day that it is at somebody's place at an instant."""
    return at.astimezone(_zone(times.zone)).date()


def is_quiet(times: Times, at: datetime) -> bool:
    """Tell whether somebody wants nothing at once at an instant."""
    if not times.quiet_from:
        return False
    begins, ends, clock = _hour(times.quiet_from), _hour(times.quiet_until), at.astimezone(_zone(times.zone)).time()
    return begins <= clock < ends if begins < ends else clock >= begins or clock < ends


def quiet_ends(times: Times, at: datetime) -> datetime:
    """Give the first instant from ``at`` on that is not quiet: itself, or when the quiet hours are over, in UTC."""
    zone = _zone(times.zone)
    while is_quiet(times, at):
        local, ends = at.astimezone(zone), _hour(times.quiet_until)
        wall = datetime.combine(local.date() + _DAY * (local.time() >= ends), ends, zone)
        first = _first(zone, wall)
        # Else it is the second time that the clock shows this hour.
        at = first if first > at else wall.replace(fold=1).astimezone(UTC)
    return at.astimezone(UTC)


def read_times(
    zone: str = "", hour: str = "", weekday: str | int = "", quiet_from: str = "", quiet_until: str = ""
) -> Times:
    """Read when somebody wants to read, as typed or chosen; what is empty is as for everybody.

    Hours are written 7, 07:30 or 07:30:00, weekdays by name or by number from Monday, 0, on. Raises Invalid with the
    field for a zone that is not known, an hour or a weekday that there is not, and quiet hours without begin or end.
    """
    begins, ends = (
        _read_hour(text, field) for text, field in ((quiet_from, "quiet_from"), (quiet_until, "quiet_until"))
    )
    if bool(begins) != bool(ends):
        raise Invalid("Quiet hours need a begin and an end.", field="quiet_until" if begins else "quiet_from")
    if begins and begins == ends:
        raise Invalid("Quiet hours cannot end when they begin.", field="quiet_until")
    return Times(
        zone=_read_zone(zone) or "UTC",
        hour=_read_hour(hour, "hour") or DEFAULT_HOUR,
        weekday=_read_weekday(weekday),
        quiet_from=begins,
        quiet_until=ends,
    )


def zones() -> tuple[str, ...]:
    """Name all time zones that this machine knows, in order: those of the IANA's database."""
    return tuple(_known_zones().values())


def _due(zone: ZoneInfo, day: date, hour: time) -> tuple[date, datetime]:
    """Tell when a day's hour comes, and of which day that is: another one where the zone leaves the whole day out."""
    at = _first(zone, datetime.combine(day, hour, zone))
    begins = at if at.astimezone(zone).date() == day else _first(zone, datetime.combine(day, time(), zone))
    return begins.astimezone(zone).date(), at


def _first(zone: ZoneInfo, wall: datetime) -> datetime:
    """Give the first instant, in UTC and of whole seconds, at which the clock shows ``wall`` or later."""
    at = wall.replace(fold=0).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return at
    # Left out: before it was, ``fold`` 1 reckons, and after it ``fold`` 0. Between them lies when.
    before = wall.replace(fold=1).astimezone(UTC)
    return _turned(
        lambda instant: instant.astimezone(zone).replace(tzinfo=None) >= wall.replace(tzinfo=None), before, at
    )


def _turned(is_true: Callable[[datetime], bool], before: datetime, at: datetime) -> datetime:
    """Find the second at which something became true that it was not before, and is at the end."""
    while at - before > _SECOND:
        middle = before + (at - before) // _SECOND // 2 * _SECOND
        before, at = (before, middle) if is_true(middle) else (middle, at)
    return at


@cache
def _zone(name: str) -> ZoneInfo:
    """Give a zone; UTC for one that this machine does not know, as nobody must wait for that."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


@lru_cache(maxsize=2_000)
def _hour(text: str) -> time:
    return time.fromisoformat(text)


@cache
def _known_zones() -> dict[str, str]:
    return {name.casefold(): name for name in sorted(available_timezones() - _NO_ZONES)}


def _read_zone(typed: str) -> str:
    plain = typed.strip()
    known = _known_zones().get(plain.replace(" ", "_").casefold(), "")
    if plain and not known:
        raise Invalid("There is no such time zone. Write one such as Europe/Berlin.", field="zone")
    return known


def _read_hour(typed: str, field: str) -> str:
    plain = typed.strip()
    found = _HOUR.fullmatch(plain)
    if plain and not (found and int(found[1]) < 24 and int(found[2] or 0) < 60):  # noqa: PLR2004 - of a day, an hour
        raise Invalid("This is no time of day. Write one such as 07:30.", field=field)
    return f"{int(found[1]):02}:{int(found[2] or 0):02}" if found else ""


def _read_weekday(typed: str | int) -> int:
    plain = str(typed).strip().casefold()
    names = {name.casefold(): number for number, name in enumerate(DAYS)}
    numbers = {str(number): number for number in names.values()}
    try:
        return {**names, **numbers, "": 0}[plain]
    except KeyError:
        raise Invalid("There is no such weekday. Write one such as Monday.", field="weekday") from None
