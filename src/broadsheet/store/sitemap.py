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
    """Give the parts that have papers, in order; paper number ``n`` is in part ``(n - 1) // size``; one statement.

    From the first paper of each part it goes on behind the part's end, so that it looks at one paper a part.
    """
    number = papers.c.id
    first = select((number - 1) // size).where(LIVE).order_by(number).limit(1)
    found = select(first.scalar_subquery().label("part")).cte("found", recursive=True)
    following = first.where(number > (found.c.part + 1) * size).correlate(found).scalar_subquery()
    found = found.union_all(select(following).where(found.c.part.is_not(None)))
    return connection.execute(select(found.c.part).where(found.c.part.is_not(None))).scalars().all()


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
