"""What moderators decided about papers; a paper that nobody decided about is shown and open."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema_moderating import paper_rulings

_UPSERT = (
    "ON CONFLICT (paper_id) DO UPDATE SET "
    "hidden = excluded.hidden, locked = excluded.locked, why = excluded.why, at = excluded.at"
)
_ALL = select(paper_rulings)


class Ruling(NamedTuple):
    """Whether a paper is hidden from readers, whether nothing can be said to it any more, and why."""

    hidden: bool = False
    locked: bool = False
    why: str = ""


OPEN = Ruling()


def of_paper(connection: Connection, paper_id: int) -> Ruling:
    """Give what was decided about a paper."""
    return of_papers(connection, (paper_id,)).get(paper_id, OPEN)


def of_papers(connection: Connection, paper_ids: Collection[int]) -> dict[int, Ruling]:
    """Give what was decided about papers, those that something was decided about; one statement."""
    found = bulk.by_keys(connection, _ALL, paper_rulings.c.paper_id, paper_ids)
    return {row.paper_id: Ruling(bool(row.hidden), bool(row.locked), row.why) for row in found}


def hidden(connection: Connection, limit: int) -> list[int]:
    """Give the papers hidden last, newest first."""
    asked = select(paper_rulings.c.paper_id).where(paper_rulings.c.hidden).order_by(paper_rulings.c.at.desc())
    return list(connection.execute(asked.limit(limit)).scalars())


def keep(connection: Connection, paper_id: int, ruling: Ruling, at: datetime) -> None:
    """Note what is decided about a paper."""
    row = (paper_id, ruling.hidden, ruling.locked, ruling.why, moment(at))
    bulk.insert(connection, paper_rulings, [row], conflict=_UPSERT)
