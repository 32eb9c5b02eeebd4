"""What the house was told once, and what it made itself."""

from sqlalchemy import Connection, select

from broadsheet.store import bulk
from broadsheet.store.schema_accounts import facts

_OVER = "ON CONFLICT (name) DO UPDATE SET value = excluded.value, secret = excluded.secret"


def by_name(connection: Connection, name: str) -> str | None:
    """Give what is kept under a name."""
    value: str | None = connection.execute(select(facts.c.value).where(facts.c.name == name)).scalar()
    return value


def put(connection: Connection, name: str, value: str, *, secret: bool = False) -> None:
    """Keep something under a name; what is secret is in no export."""
    bulk.insert(connection, facts, [(name, value, secret)], conflict=_OVER)
