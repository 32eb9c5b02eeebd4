"""Tell readers, once, of new papers by authors whom they follow: a catch-up with what came to the shelf."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from threading import Event

from broadsheet.flow.house import House
from broadsheet.model.author import Person, author_keys
from broadsheet.model.notice import Kind
from broadsheet.model.paper import Paper
from broadsheet.model.text import plain
from broadsheet.store import authors, facts, follows, notices, papers
from broadsheet.store.connect import Connection

# So many papers are looked at in one transaction, and so many follows.
AT_ONCE = 500
_MOST_FOLLOWS = 100_000
# Whoever imports an archive does not want to be told of it: a paper is news for so many days.
_NEWS_DAYS = 30
# Of one look nobody is told of more papers than these; the others are on their page of what they follow.
MOST_EACH = 10
_SEEN = "tidings_seen"


def tell_of_new_papers(house: House, stop: Event | None = None) -> int:
    """Leave a notice for each new paper of a followed author; gives how many notices that were.

    What was looked at is noted with the notices in one transaction, so a crash repeats nothing and leaves nothing out.
    The first time only notes where the shelf ends.
    """
    told = 0
    with house.store.reading() as connection:
        if facts.by_name(connection, _SEEN) == str(papers.next_number(connection) - 1):
            return 0
    while not (stop and stop.is_set()):
        with house.store.writing() as connection:
            found = _look(house, connection)
        if found is None:
            return told
        told += found
    return told


def _look(house: House, connection: Connection) -> int | None:
    """Look at the next papers; None when there is none. Whatever came to the shelf last has the highest number."""
    seen = facts.by_name(connection, _SEEN)
    last = int(seen) if seen else papers.next_number(connection) - 1
    read = papers.stream(connection, last, AT_ONCE)
    if seen is None or read:
        facts.put(connection, _SEEN, str(read[-1].id if read else last))
    since = house.clock().date().toordinal() - _NEWS_DAYS
    return _tell(house, connection, [paper for paper in read if _ordinal(paper) >= since]) if read else None


def _tell(house: House, connection: Connection, read: list[Paper]) -> int:
    following = follows.authors(connection, _MOST_FOLLOWS) if read else {}
    people = authors.by_slugs(connection, list(following))
    marks = authors.marks_by_author(connection, [person.id for person in people.values()])
    of_paper = _by_paper(people, marks)
    told: dict[int, int] = {}
    for paper in read:
        kinds: dict[int, Kind] = {}
        who: list[Person] = []
        for slug in of_paper(paper):
            who.append(people[slug])
            kinds |= {reader: "follow" for reader in following[slug] if told.get(reader, 0) < MOST_EACH}
        for reader in kinds:
            told[reader] = told.get(reader, 0) + 1
        names = ", ".join(dict.fromkeys(plain(person.name) for person in who))
        notices.tell(connection, kinds, notices.Matter(f"A new paper by {names}", house.clock(), None, paper.id))
    return sum(told.values())


def _by_paper(
    people: Mapping[str, Person], marks: Mapping[int, Mapping[int, bool]]
) -> Callable[[Paper], Collection[str]]:
    """Make what gives the slugs of a paper's followed authors, however many are followed: by its names and marks."""
    holders: dict[str, list[str]] = {}
    marked: dict[int, list[tuple[str, bool]]] = {}
    for slug, person in people.items():
        for key in person.names:
            holders.setdefault(key, []).append(slug)
        for paper_id, theirs in marks.get(person.id, {}).items():
            marked.setdefault(paper_id, []).append((slug, theirs))

    def of_paper(paper: Paper) -> Collection[str]:
        found = {slug for key in author_keys(paper) for slug in holders.get(key, ())}
        said = marked.get(paper.id, ())
        return sorted(found.difference(slug for slug, _ in said).union(slug for slug, theirs in said if theirs))

    return of_paper


def _ordinal(paper: Paper) -> int:
    """Give the day of publication as a number; 0 for one that is not told to the day."""
    try:
        return date.fromisoformat(paper.published[:10]).toordinal()
    except ValueError:
        return 0
