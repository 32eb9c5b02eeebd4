"""A paper: what all its records say together. ``compose`` in this package makes one."""

from dataclasses import dataclass, field
from datetime import date

from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Author, Link, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One work, whatever the number of sources that tell of it.

    ``id`` is the store's number (0 before it is kept), ``slug`` the path of its page. ``author_count`` is the number
    a source printed when it printed no names. Counts (``upvotes`` … ``citations``) are the latest signals. ``stamp``
    is a 63-bit hash of all that is indexed or shown, equal in store and index when both agree.
    """

    id: int = 0
    slug: str
    title: str
    abstract: str = ""
    authors: tuple[Author, ...] = ()
    author_count: int = 0
    ids: tuple[ExternalId, ...] = ()
    published: str = ""
    updated: str = ""
    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    venue: str = ""
    organisations: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    media: tuple[str, ...] = ()
    summary: str = ""
    comment: str = ""
    licence: str = ""
    versions: tuple[Version, ...] = ()
    sources: tuple[str, ...] = ()
    days: tuple[date, ...] = field(default=())
    upvotes: int = 0
    comments: int = 0
    stars: int = 0
    citations: int = 0
    withdrawn: bool = False
    stamp: int = 0

    @property
    def year(self) -> int | None:
        """The year of publication, None when no source gives one."""
        return int(self.published[:4]) if self.published[:4].isdigit() else None

    @property
    def has_code(self) -> bool:
        """Whether a source or the abstract links to code."""
        return any(link.kind == "code" for link in self.links)

    def links_of(self, kind: str) -> tuple[str, ...]:
        """Give the addresses of one kind, in the order the sources gave them."""
        return tuple(link.url for link in self.links if link.kind == kind)
