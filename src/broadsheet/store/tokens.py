"""Tokens: keys for readers' programs, known by their hash."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from broadsheet.model.account import Token
from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema_accounts import tokens


def insert(connection: Connection, token: Token, hash_: str) -> Token:
    """Keep a new token under the next number, and give it with that."""
    number = bulk.next_number(connection, tokens.c.id)
    kept = (moment(token.at), moment(token.until), moment(token.used_at))
    bulk.insert(connection, tokens, [(number, token.reader_id, hash_, token.name, " ".join(token.scopes), *kept)])
    return Token(number, token.reader_id, token.name, token.scopes, token.at, token.until, token.used_at)


def by_hash(connection: Connection, hash_: str, at: datetime) -> Token | None:
    """Give the token of a hash until it ends."""
    lasts = or_(tokens.c.until == "", tokens.c.until > moment(at))
    row = connection.execute(select(tokens).where(tokens.c.hash == hash_, lasts)).first()
    return None if row is None else _token(row)


def of_reader(connection: Connection, reader_id: int) -> list[Token]:
    """Give a reader's tokens, latest first, those that have ended too."""
    found = select(tokens).where(tokens.c.reader_id == reader_id).order_by(tokens.c.id.desc())
    return [_token(row) for row in connection.execute(found)]


def count(connection: Connection, reader_id: int) -> int:
    """Tell how many tokens a reader has."""
    counted = select(func.count()).select_from(tokens).where(tokens.c.reader_id == reader_id)
    return connection.execute(counted).scalar_one()


def used(connection: Connection, number: int, at: datetime) -> None:
    """Note when a token was used."""
    connection.execute(tokens.update().where(tokens.c.id == number).values(used_at=moment(at)))


def remove(connection: Connection, reader_id: int, number: int | None = None) -> int:
    """Forget one token of a reader, or all; gives how many."""
    mine = tokens.delete().where(tokens.c.reader_id == reader_id)
    return connection.execute(mine if number is None else mine.where(tokens.c.id == number)).rowcount


def _token(row: Row[Any]) -> Token:
    return Token(
        id=row.id,
        reader_id=row.reader_id,
        name=row.name,
        scopes=tuple(row.scopes.split()),
        at=datetime.fromisoformat(row.at),
        until=datetime.fromisoformat(row.until) if row.until else None,
        used_at=datetime.fromisoformat(row.used_at) if row.used_at else None,
    )
