"""Dead letters: digests pushed to a chat or program that did not take them, and that nobody sends again by himself."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from broadsheet.model.subscription import Way
from broadsheet.store.payload import moment
from broadsheet.store.schema_digests import digests

# What expired before anybody tried tells of us, and not of where it was to go.
_DEAD = (
    digests.c.way != "mail",
    (digests.c.state == "bounced") | ((digests.c.state == "expired") & (digests.c.attempts > 0)),
)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A digest that was not taken, and why."""

    id: int
    subscriber_id: int
    way: Way
    day: str
    why: str
    at: datetime


def latest(connection: Connection, most: int) -> list[DeadLetter]:
    """Give the latest dead letters, the newest first."""
    asked = select(digests).where(*_DEAD).order_by(digests.c.settled_at.desc(), digests.c.id.desc()).limit(most)
    return [
        DeadLetter(row.id, row.subscriber_id, row.way, row.day, row.why, datetime.fromisoformat(row.settled_at))
        for row in connection.execute(asked)
    ]


def revive(connection: Connection, number: int, at: datetime) -> bool:
    """Let a dead letter wait to be made anew and sent; tells whether there was one.

    Its papers were given back when it came to nothing, and may have been sent in another digest since.
    """
    again = {"state": "waiting", "holder": "", "due_at": moment(at), "next_at": moment(at), "attempts": 0}
    fresh = {**again, "why": "", "content": "", "papers": 0, "settled_at": ""}
    return bool(connection.execute(digests.update().where(digests.c.id == number, *_DEAD).values(fresh)).rowcount)
