"""Who does what: a lease is held until an instant, by one holder over all processes."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from broadsheet.store.payload import moment
from broadsheet.store.schema import leases


def take(connection: Connection, name: str, holder: str, at: datetime, seconds: float) -> bool:
    """Take a lease for so long, or hold it longer; False when another holds it.

    One that ends later than anybody could have taken it for now was taken by a clock that went wrong: it is free.
    """
    row = connection.execute(select(leases).where(leases.c.name == name)).first()
    until = moment(at + timedelta(seconds=seconds))
    if row is None:
        connection.execute(leases.insert().values(name=name, holder=holder, until=until))
        return True
    if row.holder != holder and moment(at) < row.until <= until:
        return False
    connection.execute(leases.update().where(leases.c.name == name).values(holder=holder, until=until))
    return True


def is_free(connection: Connection, name: str, at: datetime, seconds: float) -> bool:
    """Tell whether ``take`` would give a lease to somebody new; cheaper than to try in vain."""
    until = connection.execute(select(leases.c.until).where(leases.c.name == name)).scalar()
    return until is None or not moment(at) < until <= moment(at + timedelta(seconds=seconds))


def holds(connection: Connection, name: str, holder: str) -> bool:
    """Tell whether nobody else has taken a lease since; that it has run out does not matter then."""
    return connection.execute(select(leases.c.holder).where(leases.c.name == name)).scalar() == holder


def drop(connection: Connection, name: str, holder: str) -> None:
    """Give a lease back."""
    connection.execute(leases.delete().where(leases.c.name == name, leases.c.holder == holder))
