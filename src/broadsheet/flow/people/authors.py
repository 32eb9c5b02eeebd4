"""An author's page: all papers under their names, newest first, whether anything is kept of them or not."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import count

from broadsheet.errors import NotFound
from broadsheet.flow.house import House
from broadsheet.model.author import (
    MAX_NAME,
    AuthorPage,
    Change,
    Person,
    author_slug,
    is_author_slug,
    is_by,
    name_key,
    unslugged,
)
from broadsheet.model.paper import Paper
from broadsheet.model.query import Query
from broadsheet.store import authors as store
from broadsheet.store import papers
from broadsheet.store.connect import Connection

PER_PAGE = 20
# Of a name with more papers than these the newest are read.
MOST = 1_000
_LISTED = 24
# A collaboration's papers say little of who works with whom.
_COLLABORATION = 100


def show(house: House, slug: str, *, page: int = 1) -> AuthorPage:
    """Lay out the page of an author by a slug they have or had, or that of any name printed on a paper.

    One search of the index and a constant number of statements, however many papers there are. Raises NotFound for a
    name that no paper prints, unless somebody is kept under it.
    """
    with house.store.reading() as connection:
        known = find(connection, slug)
        marks = store.marks(connection, known.id) if known else {}
    person = known or Person(0, slug, unslugged(slug), {name_key(slug): unslugged(slug)})
    found = _papers(house, person, marks)
    if not known and not found:
        raise absent(slug)
    return _laid_out(person, found, max(page, 1))


def find(connection: Connection, slug: str) -> Person | None:
    """Give the author of a slug, also one they had, or who holds the name it says; None where nobody is kept."""
    if not is_author_slug(slug):
        raise absent(slug)
    return store.find(connection, slug, name_key(slug))


def kept(house: House, connection: Connection, shown: AuthorPage) -> Person:
    """Give the author of a page, kept from now on if they were not; in a transaction for writing."""
    known = find(connection, shown.person.slug)
    return known or keep(house, connection, shown.person.name, shown.person.names)


def keep(house: House, connection: Connection, name: str, names: Mapping[str, str]) -> Person:
    """Keep a new author under a slug of their own; ``names`` must be nobody else's."""
    wanted = author_slug(name) or "author"
    numbered = (f"{wanted}-{number}" if number > 1 else wanted for number in count(1))
    slug = next(slug for slug in numbered if not store.is_taken(connection, slug))
    person = Person(0, slug, name, dict(names))
    number = store.insert(connection, person, at=house.clock())
    store.apply(connection, [Change("name", key, None, (number, printed)) for key, printed in names.items()])
    return replace(person, id=number)


def absent(slug: str) -> NotFound:
    """Say that nobody is known under a slug."""
    return NotFound(f"No paper names an author {unslugged(slug)[:MAX_NAME]!r}.")


def newest_first(found: Iterable[Paper]) -> list[Paper]:
    """Put papers in the order of a page: by the day of publication, ties by id."""
    return sorted(sorted(found, key=lambda paper: paper.id), key=lambda paper: _day(paper.published), reverse=True)


def _day(published: str) -> str:
    return (
        published[:10] + "-01-01"[len(published[:10]) - 4 :] if len(published) < len("2026-01-01") else published[:10]
    )


def _papers(house: House, person: Person, marks: Mapping[int, bool]) -> list[Paper]:
    """Read the newest papers under a person's names and what is theirs besides."""
    query = Query(authors=person.spellings, sort="date", limit=MOST)
    found = house.text_index.search(query, deadline_ms=house.settings.search_deadline_ms) if person.names else None
    named = [paper_id for paper_id, _ in found.hits] if found else []
    wanted = [each for each in dict.fromkeys((*named, *marks)) if marks.get(each, True)]
    with house.store.reading() as connection:
        read = papers.by_ids(connection, wanted)
    # The index folds a few letters otherwise, and knows names with the last part first.
    return newest_first(paper for paper in read if marks.get(paper.id) or is_by(paper, person.names))


def _laid_out(person: Person, found: list[Paper], page: int) -> AuthorPage:
    own, beside, places = Counter[str](), Counter[str](), Counter[str]()
    printed: dict[str, str] = {}
    for paper in found:
        names = {name_key(author.name): author.name for author in reversed(paper.authors)}
        own.update(name for key, name in names.items() if key in person.names)
        if len(paper.authors) <= _COLLABORATION:
            beside.update(key for key in names if key and key not in person.names)
            printed |= names
        places.update(_places(person, paper))
    spellings = tuple(name for name, _ in own.most_common())
    first = PER_PAGE * (page - 1)
    return AuthorPage(
        person=person if person.id or not spellings else _printed(person, spellings[0]),
        papers=tuple(found[first : first + PER_PAGE]),
        all=tuple(found),
        total=len(found),
        at_least=len(found) >= MOST,
        page=page,
        upvotes=sum(paper.upvotes for paper in found),
        spellings=spellings,
        coauthors=tuple((printed[key], times) for key, times in beside.most_common(_LISTED)),
        organisations=tuple(places.most_common(_LISTED)),
    )


def _printed(person: Person, name: str) -> Person:
    return replace(person, name=name, names=dict.fromkeys(person.names, name))


def _places(person: Person, paper: Paper) -> set[str]:
    """Give where a paper says the person works; of a paper of one organisation that goes without saying."""
    own = {author.organisation for author in paper.authors if name_key(author.name) in person.names} - {""}
    return own or (set(paper.organisations) if len(paper.organisations) == 1 else set())
