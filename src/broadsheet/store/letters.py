"""Letters: secrets that go out once and come back once."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema_accounts import letters


@dataclass(frozen=True, slots=True)
class Letter:
    """One secret, by its hash: what it is for, whose it is, where it was mailed to, and what to remember."""

    hash: str
    kind: str
    at: datetime
    until: datetime
    reader_id: int | None = None
    address: str = ""
    payload: dict[str, str] = field(default_factory=dict)
    used_at: datetime | None = None


def insert(connection: Connection, letter: Letter) -> None:
    """Keep a letter that goes out."""
    payload = json.dumps(letter.payload, ensure_ascii=False, sort_keys=True)
    when = (moment(letter.at), moment(letter.until), moment(letter.used_at))
    bulk.insert(connection, letters, [(letter.hash, letter.kind, letter.reader_id, letter.address, payload, *when)])


def by_hash(connection: Connection, hash_: str, at: datetime) -> Letter | None:
    """Give the letter of a hash while it may come back: not used, and not too old."""
    wanted = (letters.c.hash == hash_, letters.c.used_at == "", letters.c.until > moment(at))
    row = connection.execute(select(letters).where(*wanted)).first()
    return None if row is None else _letter(row)


def use(connection: Connection, hash_: str, at: datetime) -> bool:
    """Note that a letter came back; tells whether this was the first time and in time."""
    wanted = (letters.c.hash == hash_, letters.c.used_at == "", letters.c.until > moment(at))
    return bool(connection.execute(letters.update().where(*wanted).values(used_at=moment(at))).rowcount)


def of_reader(connection: Connection, reader_id: int, kind: str) -> list[Letter]:
    """Give the letters of a kind that are a reader's, latest first."""
    wanted = select(letters).where(letters.c.reader_id == reader_id, letters.c.kind == kind)
    return [_letter(row) for row in connection.execute(wanted.order_by(letters.c.at.desc(), letters.c.hash))]


def drop(connection: Connection, kind: str, *, reader_id: int | None = None, hash_: str = "") -> int:
    """Take back letters of a kind: one reader's, one by its hash, or all; gives how many."""
    gone = letters.delete().where(letters.c.kind == kind)
    if reader_id is not None:
        gone = gone.where(letters.c.reader_id == reader_id)
    if hash_:
        gone = gone.where(letters.c.hash == hash_)
    return connection.execute(gone).rowcount


def drop_stale(connection: Connection, kind: str, at: datetime) -> int:
    """Forget letters of a kind that came back, or cannot any more; gives how many."""
    stale = (letters.c.used_at != "") | (letters.c.until <= moment(at))
    return connection.execute(letters.delete().where(letters.c.kind == kind, stale)).rowcount


def sweep(connection: Connection, before: datetime) -> int:
    """Forget letters that came back, or could not any more, before an instant; gives how many."""
    used = (letters.c.used_at != "") & (letters.c.used_at < moment(before))
    return connection.execute(letters.delete().where(used | (letters.c.until < moment(before)))).rowcount


def _letter(row: Row[Any]) -> Letter:
    return Letter(
        hash=row.hash,
        kind=row.kind,
        at=datetime.fromisoformat(row.at),
        until=datetime.fromisoformat(row.until),
        reader_id=row.reader_id,
        address=row.address,
        payload=json.loads(row.payload),
        used_at=datetime.fromisoformat(row.used_at) if row.used_at else None,
    )
