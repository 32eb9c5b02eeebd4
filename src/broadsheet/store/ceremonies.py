"""What a ceremony in a browser has begun: a sign-in elsewhere, a passkey's challenge."""

from datetime import datetime

from sqlalchemy import Connection

from broadsheet.store.payload import moment
from broadsheet.store.schema_accounts import ceremonies


def sweep(connection: Connection, at: datetime) -> int:
    """Forget ceremonies that can be ended no more; gives how many."""
    return connection.execute(ceremonies.delete().where(ceremonies.c.until <= moment(at))).rowcount
