"""The log of harvests: when each source was read and what it brought."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema import harvests, problems

_SHOWN = select(harvests).order_by(harvests.c.id.desc())


class Brought(NamedTuple):
    """What a harvest brought: papers that are new and that show something else, and problems not known before."""

    new: int = 0
    changed: int = 0
    problems: int = 0


@dataclass(frozen=True, slots=True)
class Harvest:
    """One run against a source; ``ended`` is empty while it runs, or when it was cut off."""

    id: int
    source: str
    detail: str
    started: str
    ended: str
    new: int
    changed: int
    problems: int


def start(connection: Connection, source: str, detail: str, at: datetime) -> int:
    """Note that a harvest begins and give its number."""
    number = bulk.next_number(connection, harvests.c.id)
    bulk.insert(connection, harvests, [(number, source, detail, moment(at), None, 0, 0, 0)])
    return number


def settle(connection: Connection, number: int, brought: Brought, at: datetime) -> None:
    """Note what a harvest brought; one that brought nothing at all leaves no trace."""
    mine = harvests.c.id == number
    if any(brought) or _has_problems(connection, number):
        connection.execute(harvests.update().where(mine).values(ended=moment(at), **brought._asdict()))
    else:
        connection.execute(harvests.delete().where(mine))


def page(connection: Connection, limit: int) -> tuple[Harvest, ...]:
    """Give the newest harvests first, at most ``limit``."""
    return tuple(
        Harvest(row.id, row.source, row.detail, row.started, row.ended or "", row.new, row.changed, row.problems)
        for row in connection.execute(_SHOWN.limit(limit))
    )


def _has_problems(connection: Connection, number: int) -> bool:
    return connection.execute(select(problems.c.id).where(problems.c.harvest_id == number).limit(1)).first() is not None
