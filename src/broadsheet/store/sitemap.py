"""Which papers and days have pages, by number and name alone: what a sitemap lists."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from broadsheet.store.papers import LIVE
from broadsheet.store.schema import daily_entries, papers

_UPDATED = '"updated":"'
_ROWS = select(papers.c.slug, papers.c.published, papers.c.document).where(LIVE).order_by(papers.c.id)
_DAYS = (
    select(daily_entries.c.day)
    .join(papers, papers.c.id == daily_entries.c.paper_id)
    .where(LIVE)
    .group_by(daily_entries.c.day)
    .order_by(daily_entries.c.day.desc())
)


def parts(connection: Connection, size: int) -> Sequence[int]:
    """Give the parts that have papers, in order; paper number ``n`` is in part ``(n - 1) // size``; one statement."""
    # By its name: PostgreSQL takes an expression with parameters for another one each time that it is written.
    part = ((papers.c.id - 1) // size).label("part")
    return connection.execute(select(part).where(LIVE).group_by("part").order_by("part")).scalars().all()


def part(connection: Connection, number: int, size: int) -> list[tuple[str, str, str]]:
    """Give ``(slug, published, updated)`` of the papers of a part; one statement."""
    asked = _ROWS.where(papers.c.id.between(number * size + 1, (number + 1) * size))
    return [(row[0], row[1], _updated(row[2])) for row in connection.execute(asked)]


def days(connection: Connection, most: int) -> Sequence[str]:
    """Give the days that have papers, the latest first; one statement."""
    return connection.execute(_DAYS.limit(most)).scalars().all()


def _updated(document: str) -> str:
    """Read the one field without the others; inside of a text of the document its quotes would be escaped."""
    _, _, rest = document.partition(_UPDATED)
    return rest.partition('"')[0]
