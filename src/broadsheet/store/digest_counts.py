"""How digests, and those who get them, stand at once: in a few statements, however many there are."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from broadsheet.model.digest import State
from broadsheet.model.subscription import State as Standing
from broadsheet.model.subscription import Way
from broadsheet.store.payload import moment
from broadsheet.store.schema_digests import digest_times, digests, subscribers, subscriptions

# Not as it stands, so that SQLite looks for the latest and not through all of a state.
_STATE = (digests.c.state + "").label("state")


def settled(connection: Connection, since: datetime) -> dict[State, int]:
    """Count by state the digests of which it was settled since an instant what became of them."""
    asked = select(_STATE, func.count().label("number")).where(digests.c.settled_at >= moment(since))
    return {row.state: row.number for row in connection.execute(asked.group_by(_STATE))}


def last_sent(connection: Connection) -> datetime | None:
    """Tell when a digest was sent last."""
    asked = select(digests.c.settled_at).where(_STATE == "sent").order_by(digests.c.settled_at.desc()).limit(1)
    told = connection.execute(asked).scalar()
    return datetime.fromisoformat(told) if told else None


def next_due(connection: Connection) -> datetime | None:
    """Tell when the next digest is due."""
    told = connection.execute(select(func.min(digest_times.c.next_at))).scalar()
    return datetime.fromisoformat(told) if told else None


def of_subscribers(connection: Connection) -> dict[Way, dict[Standing, int]]:
    """Count subscribers by way and state."""
    way, state = subscribers.c.way, subscribers.c.state
    found: dict[Way, dict[Standing, int]] = {}
    asked = select(way, state, func.count().label("number")).group_by(way, state).order_by(way, state)
    for row in connection.execute(asked):
        found.setdefault(row.way, {})[row.state] = row.number
    return found


def of_subscriptions(connection: Connection) -> dict[str, int]:
    """Count by rhythm the lists that active subscribers get."""
    asked = select(subscriptions.c.rhythm, func.count().label("number")).join(subscribers)
    active = asked.where(subscribers.c.state == "active").group_by(subscriptions.c.rhythm)
    return {row.rhythm: row.number for row in connection.execute(active)}
