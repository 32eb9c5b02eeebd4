"""Follow authors, organisations, categories, labels and saved searches, and read what is new of all of them."""

import re
from dataclasses import dataclass

from broadsheet.errors import Invalid, NotFound, Refused
from broadsheet.flow.house import House
from broadsheet.flow.people import authors as people
from broadsheet.flow.people import organisations as groups
from broadsheet.flow.people.authors import newest_first
from broadsheet.flow.people.followed import Followed, followed, keys_of, look
from broadsheet.flow.people.rights import active
from broadsheet.model.author import AuthorPage
from broadsheet.model.organisation import Organisation
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.model.text import clean
from broadsheet.store import authors, follows, papers, saved_searches
from broadsheet.store.connect import Connection
from broadsheet.store.follows import KINDS, Follow, Kind

MAX_FOLLOWS = 500
MAX_SEARCHES = 20
PER_PAGE = 20
# Of each kind, and of each search, so many of the newest papers are read.
DEPTH = 200
_MAX_TARGET = 200
_CATEGORY = re.compile(r"[A-Za-z][\w.-]{0,80}(?: [\w.-]{1,40}){0,4}")


@dataclass(frozen=True, slots=True)
class News:
    """A page of new papers, newest first, each with what it is there for, and whether there are more."""

    followed: tuple[Followed, ...]
    papers: tuple[tuple[Paper, tuple[Followed, ...]], ...]
    page: int
    has_more: bool


def follow(house: House, reader: Reader, kind: str, target: str) -> Follow:
    """Let a reader follow something; who does so already goes on.

    An author and an organisation are kept from then on. Raises Invalid for another kind, NotFound for what is not here
    or not for the reader to see, Refused beyond MAX_FOLLOWS and MAX_SEARCHES.
    """
    active(reader)
    asked = _kind(kind)
    shown = _shown(house, asked, target[:_MAX_TARGET])
    with house.store.writing() as connection:
        name = _target(house, connection, reader, asked, shown)
        own = follows.of_reader(connection, reader.id)
        if len(own) >= MAX_FOLLOWS or (asked == "search" and sum(f.kind == "search" for f in own) >= MAX_SEARCHES):
            raise Refused(f"You follow {MAX_FOLLOWS} things, or {MAX_SEARCHES} searches, and no more can be followed.")
        made = Follow(asked, name, house.clock())
        follows.put(connection, reader.id, made)
        return made


def unfollow(house: House, reader: Reader, kind: str, target: str) -> None:
    """Let a reader follow something no longer, whatever it was called when they began; raises Invalid for a kind."""
    asked, names = _kind(kind), {target}
    with house.store.writing() as connection:
        if asked == "author":
            own = [f.target for f in follows.of_reader(connection, reader.id) if f.kind == "author"]
            leads = {slug: person.slug for slug, person in authors.by_slugs(connection, own).items()}
            names |= {slug for slug in own if leads.get(slug) == leads.get(target, target)}
        follows.remove(connection, reader.id, asked, names)


def targets(house: House, reader: Reader | None, kind: Kind) -> frozenset[str]:
    """Give what of a kind a reader follows, as it was called when they began; one statement, none for anybody else."""
    if reader is None:
        return frozenset()
    with house.store.reading() as connection:
        return frozenset(each.target for each in follows.of_reader(connection, reader.id) if each.kind == kind)


def news(house: House, reader: Reader, *, page: int = 1, size: int = PER_PAGE) -> News:
    """Lay out the newest papers of all that a reader follows, by the day of publication, ``size`` on a page.

    A constant number of statements; one search of the index for all authors, one for all organisations, one for all
    categories, and one for each saved search.
    """
    number = max(page, 1)
    with house.store.reading() as connection:
        own = followed(connection, reader)
    told, ids = look(house, own, DEPTH)
    with house.store.reading() as connection:
        read = papers.by_ids(connection, sorted(ids))
    found = [(paper, keys_of(paper)) for paper in newest_first(read)]
    shown = [(paper, why) for paper, keys in found if (why := tuple(each for each in told if each.fits(paper, keys)))]
    first = size * (number - 1)
    return News(told, tuple(shown[first : first + size]), number, len(shown) > first + size)


def _kind(kind: str) -> Kind:
    found = next((known for known in KINDS if known == kind), None)
    if found is None:
        raise Invalid(
            f"One can follow an author, an organisation, a category, a label or a search, not {kind[:40]!r}.",
            field="kind",
        )
    return found


def _shown(house: House, kind: Kind, target: str) -> AuthorPage | Organisation | str:
    """Look up what is to be kept, before anything is written."""
    if kind == "author":
        return people.show(house, target)
    if kind == "organisation":
        return groups.show(house, target).organisation
    return clean(target)


def _target(
    house: House, connection: Connection, reader: Reader, kind: Kind, shown: AuthorPage | Organisation | str
) -> str:
    """Give what a follow is kept under; raises NotFound for what is not here."""
    if isinstance(shown, AuthorPage):
        return people.kept(house, connection, shown).slug
    if isinstance(shown, Organisation):
        return groups.kept(house, connection, shown).slug
    known = {
        "category": lambda: bool(_CATEGORY.fullmatch(shown)),
        "label": lambda: bool(follows.labelled(connection, [shown], reader.id, 1)),
        "search": lambda: bool(saved_searches.by_slugs(connection, [shown], reader.id)),
    }
    if not known[kind]():
        raise NotFound(f"There is no {kind} “{shown}” that you may follow.")
    return shown
