"""What is there to be found by search engines: the pages of all papers, in parts, and of all days."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from broadsheet.errors import NotFound
from broadsheet.flow.house import House
from broadsheet.store import sitemap

# Far below the 50,000 of sitemaps.org, so that a part is read, sent and remembered in little time and room.
PART: Final = 10_000
_MOST_DAYS = 20_000


@dataclass(frozen=True, slots=True)
class Place:
    """The page of a paper, and the day on which a source last said something else of it; None when nobody says."""

    slug: str
    changed: date | None


def parts(house: House) -> tuple[int, ...]:
    """Give the numbers of the parts that have papers, from 1; one statement."""
    with house.store.reading() as connection:
        return tuple(number + 1 for number in sitemap.parts(connection, PART))


def part(house: House, number: int) -> tuple[Place, ...]:
    """Give the papers of a part in the order they came; one statement. Raises NotFound for a part without papers."""
    with house.store.reading() as connection:
        found = sitemap.part(connection, number - 1, PART) if 0 < number < PART**3 else []
    if not found:
        raise NotFound(f"There is no part {number} of the sitemap.")
    return tuple(Place(slug, _day(updated) or _day(published)) for slug, published, updated in found)


def days(house: House) -> tuple[date, ...]:
    """Give the days that have papers, the latest first; one statement."""
    with house.store.reading() as connection:
        return tuple(map(date.fromisoformat, sitemap.days(connection, _MOST_DAYS)))


def _day(text: str) -> date | None:
    """Read a whole day; sources also tell years and months, and what is none."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
