"""Tell the operator of a source in trouble: once when it has lasted, once when it is over, in every way there is."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from broadsheet.errors import BroadsheetError, InDoubt, Invalid, Unavailable
from broadsheet.flow import events
from broadsheet.flow.harvesting.harvest import MOST_FAILURES
from broadsheet.flow.harvesting.standing import Standing, standings
from broadsheet.flow.house import House
from broadsheet.mail.port import Mail
from broadsheet.store import alerts, gaps, sources
from broadsheet.store.alerts import Alert
from broadsheet.store.gaps import Gap

# A gap is asked for again after hours and a day; one that is open for longer wants a look.
GAPS_AFTER = timedelta(days=3)
_REMEMBERED = timedelta(days=365)
_GAPS_READ, _GAPS_SHOWN = 100_000, 5
# Who does not take notices now is spared the others: one may be refused for what it says, several are not; and one
# that is in doubt is enough to lose.
_MOST_MISSES = 3
_COSTS: Mapping[type[Exception], int] = {Unavailable: 1, InDoubt: _MOST_MISSES}

# Over is what went well again; unwatched what nobody looks after any more, well or not.
Event = Literal["begun", "over", "unwatched"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something amiss, and how long it may last before anybody is told."""

    message: str
    patience: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told: that a trouble has begun, is over, or is no longer watched."""

    event: Event
    name: str
    alert: Alert


_TITLES: Mapping[Event, str] = {"begun": "trouble", "over": "well again", "unwatched": "no longer watched"}
Tell = Callable[[House, Notice], None]


def look(house: House) -> int:
    """Compare what is amiss now with what was told, and tell the difference; gives how many notices went out.

    A notice is taken on before it is sent and given back, to be tried at the next look, only where it was certainly
    not taken. One that is refused for good, that nobody can say was taken, or whose sender is killed meanwhile, may
    be lost; none is ever sent twice.
    """
    found = troubles(house)
    done = 0
    for way, tell in _ways(house).items():
        _compare(house, way, found)
        done += _told(house, way, tell, found)
    with house.store.writing() as connection:
        alerts.prune(connection, house.clock() - _REMEMBERED)
    return done


def troubles(house: House) -> dict[str, Trouble]:
    """Name what is amiss now: sources that fail, are late, were refused or parked; and gaps that stay open."""
    patience = timedelta(hours=house.settings.alert_after_h)
    stand = standings(house)
    found = {f"source:{s.source.name}": t for s in stand if (t := _trouble(s, patience))}
    # Nobody asks for what is missing of a source that is not harvested.
    asked = {s.source.name for s in stand if not s.source.paused}
    asked |= {s.source.kind.partition("-")[0] for s in stand if not s.source.paused}
    old = sorted(gap.name for gap in _old_gaps(house) if gap.scheme in asked)
    if old:
        shown = f"{', '.join(old[:_GAPS_SHOWN])}{' …' if len(old) > _GAPS_SHOWN else ''}"
        found["gaps"] = Trouble(f"{len(old):,} gaps have been open for more than {GAPS_AFTER.days} days: {shown}.")
    return found


def _old_gaps(house: House) -> list[Gap]:
    with house.store.reading() as connection:
        open_ = gaps.page(connection, _GAPS_READ)
    before = house.clock() - GAPS_AFTER
    return [gap for gap in open_ if gap.found_at < before]


def _trouble(standing: Standing, patience: timedelta) -> Trouble | None:
    source = standing.source
    if standing.state == "refused":
        return Trouble(f"“{source.name}” was refused and rests until it is resumed: {source.refused}")
    if source.paused:
        return None
    if source.failures >= MOST_FAILURES:
        return Trouble(f"“{source.name}” failed {source.failures} times and is tried once a day: {source.trouble}")
    if source.failures:
        return Trouble(f"“{source.name}” has been failing: {source.trouble}", patience)
    if standing.state == "late":
        return Trouble(f"“{source.name}” is due and nobody runs it. Is a worker at work?", patience)
    return None


def _ways(house: House) -> dict[str, Tell]:
    ways: dict[str, Tell] = {"log": _log}
    if house.mailer is not None and house.settings.alert_mail:
        ways["mail"] = _mail
    if house.push is not None:
        ways["webhook"] = _push
    return ways


def _compare(house: House, way: str, found: Mapping[str, Trouble]) -> None:
    at = house.clock()
    with house.store.writing() as connection:
        known = alerts.standing(connection, way)
        for name, trouble in found.items():
            if name not in known:
                alerts.begin(connection, way, name, trouble.message, at)
            elif known[name].message != trouble.message or known[name].began_at > at:
                alerts.reword(connection, known[name], trouble.message, at)
        alerts.end(connection, [alert for name, alert in known.items() if name not in found], at)


def _told(house: House, way: str, tell: Tell, found: Mapping[str, Trouble]) -> int:
    done = misses = 0
    for notice in _notices(house, way, found):
        with house.store.writing() as connection:
            if not alerts.claim(connection, notice.alert, house.clock()):
                continue
        try:
            tell(house, notice)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not end the schedule, and is told here
            _untold(house, way, notice, error)
            misses += _COSTS.get(type(error), 0)
        else:
            done += 1
        if misses >= _MOST_MISSES:
            break
    return done


def _untold(house: House, way: str, notice: Notice, error: Exception) -> None:
    level, what = logging.ERROR, "alert in doubt"
    if isinstance(error, Invalid):
        what = "alert refused"
    elif isinstance(error, Unavailable) and not isinstance(error, InDoubt):
        level, what = logging.WARNING, "alert not sent"
        with house.store.writing() as connection:
            alerts.give_back(connection, notice.alert)
    reason = str(error) if isinstance(error, BroadsheetError) else f"{type(error).__name__}: {error}"
    events.tell(level, what, way=way, about=notice.name, reason=reason)


def _notices(house: House, way: str, found: Mapping[str, Trouble]) -> Iterator[Notice]:
    at = house.clock()
    with house.store.reading() as connection:
        known = alerts.standing(connection, way)
        over = alerts.to_tell_over(connection, way)
    for name, alert in known.items():
        if alert.told_at is None and name in found and at - alert.began_at >= found[name].patience:
            yield Notice("begun", name, alert)
    for alert in over:
        name = alert.name.removeprefix(f"{way}:")
        yield Notice("over" if _is_watched(house, name) else "unwatched", name, alert)


def _is_watched(house: House, name: str) -> bool:
    """Tell what went well again from what is only asked for no longer, because its source is paused or gone."""
    if name == "gaps":
        return not _old_gaps(house)
    with house.store.reading() as connection:
        return any(name == f"source:{source.name}" for source in sources.everything(connection) if not source.paused)


def _log(_: House, notice: Notice) -> None:
    level = logging.ERROR if notice.event == "begun" else logging.INFO
    events.tell(level, f"trouble {notice.event}", about=notice.name, reason=notice.alert.message)


def _mail(house: House, notice: Notice) -> None:
    assert house.mailer is not None  # noqa: S101 - a way only where there is one
    settings, alert = house.settings, notice.alert
    house.mailer.send(
        Mail(
            key=f"alert-{alert.id}-{notice.event}-{alert.began_at:%Y%m%d%H%M%S}",
            sender=settings.mail_from or settings.alert_mail,
            to=settings.alert_mail,
            subject=f"[{settings.site_name}] {_title(notice)}",
            text=f"{_sentence(notice)}\n\nIn a terminal: broadsheet status\nOn the pages: /status\n",
            at=house.clock(),
        )
    )


def _push(house: House, notice: Notice) -> None:
    assert house.push is not None  # noqa: S101 - a way only where there is one
    alert = notice.alert
    told = {
        "event": notice.event,
        "about": notice.name,
        "text": f"{_title(notice)}. {_sentence(notice)}",
        "message": alert.message,
        "began_at": alert.began_at.isoformat(),
        "ended_at": alert.ended_at.isoformat() if alert.ended_at else "",
        "site": house.settings.site_name,
    }
    house.push(told)


def _title(notice: Notice) -> str:
    return f"{notice.name.removeprefix('source:')}: {_TITLES[notice.event]}"


def _sentence(notice: Notice) -> str:
    began = _spelled(notice.alert.began_at)
    if notice.event == "begun" or notice.alert.ended_at is None:
        return f"{notice.alert.message} Seen first at {began}."
    what = "It is over" if notice.event == "over" else "Nobody looks after it any more"
    return f"{what} since {_spelled(notice.alert.ended_at)}; it was seen first at {began}: {notice.alert.message}"


def _spelled(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
