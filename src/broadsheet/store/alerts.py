"""What an operator is told of, once when it began and once when it is over; each way of telling has rows of its own."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema import alerts
from broadsheet.store.sources import instant

_ALL = select(alerts).order_by(alerts.c.id)
_END = "UPDATE alerts SET ended_at = ?, told_at = ? WHERE id = ?"
_INSTANT = timedelta(microseconds=1)
_OLD = "DELETE FROM alerts WHERE ended_at <> '' AND told_at >= ended_at AND ended_at < ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A trouble that one way of telling knows of. ``told_at`` is when it last told, None before."""

    id: int
    name: str
    message: str
    began_at: datetime
    told_at: datetime | None
    ended_at: datetime | None


def standing(connection: Connection, way: str) -> dict[str, Alert]:
    """Give the troubles that are not over, by their names."""
    asked = _ALL.where(alerts.c.name.startswith(f"{way}:", autoescape=True), alerts.c.ended_at == "")
    found = map(_read, connection.execute(asked))
    return {alert.name.removeprefix(f"{way}:"): alert for alert in found}


def begin(connection: Connection, way: str, name: str, message: str, at: datetime) -> None:
    """Note that a trouble began; nobody is told yet."""
    number = bulk.next_number(connection, alerts.c.id)
    row = {"id": number, "name": f"{way}:{name}", "message": message, "began_at": moment(at)}
    connection.execute(alerts.insert().values(row | {"told_at": "", "ended_at": ""}))


def reword(connection: Connection, alert: Alert, message: str, at: datetime) -> None:
    """Say what the trouble is by now; it cannot have begun later, whatever the clock said then."""
    began = moment(min(alert.began_at, at))
    connection.execute(alerts.update().where(alerts.c.id == alert.id).values(message=message, began_at=began))


def end(connection: Connection, over: Collection[Alert], at: datetime) -> None:
    """Note that troubles are over; of one that nobody was told of nobody is told that either."""
    bulk.run(connection, _END, [(moment(at), moment(_told_before(alert, at)), alert.id) for alert in over])


def _told_before(alert: Alert, end: datetime) -> datetime:
    # Told in time to come, by a clock that has been set back since, is told all the same.
    return min(alert.told_at, end - _INSTANT) if alert.told_at else end


def to_tell_over(connection: Connection, way: str) -> tuple[Alert, ...]:
    """Give the troubles that were told of and are over, which was not told yet."""
    asked = _ALL.where(
        alerts.c.name.startswith(f"{way}:", autoescape=True),
        alerts.c.ended_at != "",
        alerts.c.told_at < alerts.c.ended_at,
    )
    return tuple(map(_read, connection.execute(asked)))


def claim(connection: Connection, alert: Alert, at: datetime) -> bool:
    """Take it on to tell of a trouble; False when somebody else did."""
    now = max(at, alert.ended_at or at)
    asked = alerts.update().where(alerts.c.id == alert.id, alerts.c.told_at == moment(alert.told_at))
    return connection.execute(asked.values(told_at=moment(now))).rowcount == 1


def give_back(connection: Connection, alert: Alert) -> None:
    """Leave it untold after all."""
    connection.execute(alerts.update().where(alerts.c.id == alert.id).values(told_at=moment(alert.told_at)))


def prune(connection: Connection, before: datetime) -> None:
    """Forget what was over and told before an instant."""
    bulk.run(connection, _OLD, [(moment(before),)])


def _read(row: Row[Any]) -> Alert:
    return Alert(
        id=row.id,
        name=row.name,
        message=row.message,
        began_at=datetime.fromisoformat(row.began_at),
        told_at=instant(row.told_at),
        ended_at=instant(row.ended_at),
    )
