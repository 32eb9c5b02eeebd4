"""List the records that could not be read."""

from broadsheet.flow.house import House
from broadsheet.model.record import Problem
from broadsheet.store import problems as store


def problems(house: House, *, limit: int = 50) -> tuple[Problem, ...]:
    """Give the newest problems first, at most ``limit``."""
    with house.store.reading() as connection:
        return store.page(connection, limit)
