"""What came back: bounces, complaints and wishes to hear no more, each mail once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, func, select

from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema_digests import digests, returns

Kind = Literal["hard", "soft", "complaint", "unsubscribe"]

_ONCE = "ON CONFLICT (hash) DO NOTHING"
# Not as it stands, so that SQLite looks for the latest and not through all that were ever sent.
_STATE = digests.c.state + ""
_MAILED = select(digests.c.id).where(digests.c.way == "mail", _STATE == "sent")


@dataclass(frozen=True, slots=True)
class Returned:
    """One mail that came back: whose digest it was of, and what the server said."""

    id: int
    subscriber_id: int
    digest_id: int | None
    kind: Kind
    words: str
    at: datetime


def keep(connection: Connection, told: Returned, mail_hash: str) -> bool:
    """Keep what came back, its own number aside; tells whether this mail is a new one."""
    if connection.execute(select(returns.c.id).where(returns.c.hash == mail_hash)).first():
        return False
    number = bulk.next_number(connection, returns.c.id)
    row = (number, told.subscriber_id, told.digest_id, told.kind, told.words, mail_hash, moment(told.at))
    bulk.insert(connection, returns, [row], conflict=_ONCE)
    return True


def bounced_digests(connection: Connection, subscriber_id: int, since: datetime) -> int:
    """Count the digests of a subscriber that bounced since an instant, however often each did."""
    of = returns.c.subscriber_id == subscriber_id, returns.c.kind.in_(("hard", "soft")), returns.c.at >= moment(since)
    return int(connection.execute(select(func.count(returns.c.digest_id.distinct())).where(*of)).scalar_one())


def has_complained(connection: Connection, subscriber_id: int) -> bool:
    """Tell whether a complaint of a subscriber's is known, of which old ones are forgotten."""
    of = returns.c.kind == "complaint", returns.c.subscriber_id == subscriber_id
    return connection.execute(select(returns.c.id).where(*of)).first() is not None


def complaints(connection: Connection, since: datetime) -> int:
    """Count the subscribers who complained after an instant."""
    of = returns.c.kind == "complaint", returns.c.at > moment(since)
    return int(connection.execute(select(func.count(returns.c.subscriber_id.distinct())).where(*of)).scalar_one())


def mailed(connection: Connection, since: datetime, most: int) -> int:
    """Count the digests that were mailed after an instant, as far as a number."""
    latest_first = _MAILED.where(digests.c.settled_at > moment(since)).order_by(digests.c.settled_at.desc()).limit(most)
    return int(connection.execute(select(func.count()).select_from(latest_first.subquery())).scalar_one())


def counts(connection: Connection, since: datetime) -> dict[str, int]:
    """Count what came back since an instant, by its kind."""
    asked = select(returns.c.kind, func.count().label("number")).where(returns.c.at >= moment(since))
    return {row.kind: row.number for row in connection.execute(asked.group_by(returns.c.kind))}


def latest(connection: Connection, most: int) -> list[Returned]:
    """Give what came back last, the newest first."""
    return list(map(_returned, connection.execute(select(returns).order_by(returns.c.id.desc()).limit(most))))


def sweep(connection: Connection, before: datetime) -> int:
    """Forget what came back before an instant; gives how many."""
    return connection.execute(returns.delete().where(returns.c.at < moment(before))).rowcount


def _returned(row: Row[Any]) -> Returned:
    return Returned(
        id=row.id,
        subscriber_id=row.subscriber_id,
        digest_id=row.digest_id,
        kind=row.kind,
        words=row.words,
        at=datetime.fromisoformat(row.at),
    )
