"""Papers to look at again, a stretch at a time: all of them from the newest on, or only those of some years."""

from datetime import date

from sqlalchemy import Connection, or_, select

from broadsheet.model.paper import Paper
from broadsheet.store.papers import LIVE
from broadsheet.store.payload import read_paper
from broadsheet.store.schema import daily_entries, papers

_NEWEST_FIRST = select(papers).where(LIVE).order_by(papers.c.id.desc())


def below(
    connection: Connection, paper_id: int, limit: int, *, since: date | None = None, until: date | None = None
) -> tuple[Paper, ...]:
    """Give at most ``limit`` papers with numbers below ``paper_id``, the highest first.

    With ``since`` only those published, or on a daily page, on that day or later; with ``until`` only those published
    before it or nobody knows when.
    """
    asked = _NEWEST_FIRST.where(papers.c.id < paper_id).limit(limit)
    if since is not None:
        shown = select(daily_entries.c.paper_id).where(daily_entries.c.day >= since.isoformat())
        asked = asked.where(or_(papers.c.published >= since.isoformat(), papers.c.id.in_(shown)))
    if until is not None:
        asked = asked.where(papers.c.published < until.isoformat())
    return tuple(read_paper(row) for row in connection.execute(asked))
