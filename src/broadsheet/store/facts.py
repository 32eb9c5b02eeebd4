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


def beginning(connection: Connection, prefix: str) -> dict[str, str]:
    """Give all that is kept under names that begin so."""
    found = select(facts.c.name, facts.c.value).where(facts.c.name.startswith(prefix, autoescape=True))
    return {row.name: row.value for row in connection.execute(found)}
