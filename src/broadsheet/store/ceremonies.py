"""What a ceremony in a browser has begun: a sign-in elsewhere, a passkey's challenge."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema_accounts import ceremonies


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What was begun, by the hash of the browser's secret: its kind, for whom if not for anybody, what to remember."""

    hash: str
    kind: str
    until: datetime
    reader_id: int | None = None
    payload: Mapping[str, str] = field(default_factory=dict, repr=False)


def insert(connection: Connection, ceremony: Ceremony) -> None:
    """Keep what was begun."""
    payload = json.dumps(ceremony.payload, ensure_ascii=False, sort_keys=True)
    row = (ceremony.hash, ceremony.kind, ceremony.reader_id, payload, moment(ceremony.until))
    bulk.insert(connection, ceremonies, [row])


def by_hash(connection: Connection, hash_: str, kind: str, at: datetime) -> Ceremony | None:
    """Give what was begun of a kind, while it may be ended."""
    wanted = (ceremonies.c.hash == hash_, ceremonies.c.kind == kind, ceremonies.c.until > moment(at))
    row = connection.execute(select(ceremonies).where(*wanted)).first()
    if row is None:
        return None
    return Ceremony(row.hash, row.kind, datetime.fromisoformat(row.until), row.reader_id, json.loads(row.payload))


def take(connection: Connection, hash_: str, kind: str, at: datetime) -> Ceremony | None:
    """Give what was begun of a kind and forget it, so that it is ended once."""
    found = by_hash(connection, hash_, kind, at)
    if found is not None:
        connection.execute(ceremonies.delete().where(ceremonies.c.hash == hash_))
    return found


def sweep(connection: Connection, at: datetime) -> int:
    """Forget ceremonies that can be ended no more; gives how many."""
    return connection.execute(ceremonies.delete().where(ceremonies.c.until <= moment(at))).rowcount
