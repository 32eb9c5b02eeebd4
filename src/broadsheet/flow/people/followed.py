"""What a reader follows, read in one go, and which papers of late each of it brings."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from broadsheet.errors import BroadsheetError, Conflict
from broadsheet.flow.house import House
from broadsheet.flow.reading.search import search
from broadsheet.model.author import author_keys
from broadsheet.model.organisation import organisation_key
from broadsheet.model.paper import Paper
from broadsheet.model.query import MAX_LIMIT, Query
from broadsheet.model.reader import Reader
from broadsheet.store import authors, follows, organisations, saved_searches
from broadsheet.store.connect import Connection
from broadsheet.store.follows import Follow, Kind

# Of all labels together so many of the newest papers are read.
_LABELLED = 1_000
_BY_NAME: tuple[Kind, ...] = ("author", "organisation")


class Keys(NamedTuple):
    """The names that a paper prints, as compared: read once for all that is followed."""

    authors: frozenset[str]
    organisations: frozenset[str]


@dataclass(frozen=True, slots=True)
class Followed:
    """One thing that is followed: ``name`` as shown, empty for what is gone or not to be seen any more.

    ``names`` are those by key that papers print, ``marks`` and ``papers`` numbers of papers, ``query`` a search.
    """

    kind: Kind
    target: str
    name: str
    names: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[int, bool] = field(default_factory=dict)
    papers: Collection[int] = ()
    query: Query | None = None

    def fits(self, paper: Paper, keys: Keys) -> bool:
        """Tell whether a paper, whose keys are given, is here for this."""
        match self.kind:
            case "author":
                return self.marks.get(paper.id, not keys.authors.isdisjoint(self.names))
            case "organisation":
                return not keys.organisations.isdisjoint(self.names)
            case "category":
                return any(each == self.target or each.startswith(f"{self.target}.") for each in paper.categories)
        return paper.id in self.papers


def keys_of(paper: Paper) -> Keys:
    """Read the names off a paper."""
    return Keys(author_keys(paper), frozenset(map(organisation_key, paper.organisations)))


def followed(connection: Connection, reader: Reader) -> tuple[Followed, ...]:
    """Give all that a reader follows, first come first; seven statements, however much that is."""
    own = follows.of_reader(connection, reader.id)
    targets = {kind: [each.target for each in own if each.kind == kind] for kind in follows.KINDS}
    people = authors.by_slugs(connection, targets["author"])
    marks = authors.marks_by_author(connection, [person.id for person in people.values()])
    groups = organisations.by_slugs(connection, targets["organisation"])
    labelled = follows.labelled(connection, targets["label"], reader.id, _LABELLED)
    saved = saved_searches.by_slugs(connection, targets["search"], reader.id)

    def read(follow: Follow) -> Followed:
        kind, target = follow.kind, follow.target
        if kind == "author" and target in people:
            person = people[target]
            return Followed(kind, person.slug, person.name, person.names, marks.get(person.id, {}))
        if kind == "organisation" and target in groups:
            return Followed(kind, target, groups[target].name, groups[target].names)
        if kind == "label" and target in labelled:
            return Followed(kind, target, labelled[target][0], papers=labelled[target][1])
        if kind == "search" and not isinstance(found := saved.get(target), Conflict | None):
            return Followed(kind, target, found.name, query=found.query)
        return Followed(kind, target, target if kind == "category" else "")

    return tuple(map(read, own))


def look(house: House, own: Collection[Followed], depth: int) -> tuple[tuple[Followed, ...], set[int]]:
    """Ask the index what is new: what is followed with the papers of its searches, and all numbers of papers."""
    ids = {paper_id for each in own for paper_id in (*each.papers, *(p for p, theirs in each.marks.items() if theirs))}
    for query in _together(own, depth):
        found = house.text_index.search(query, deadline_ms=house.settings.search_deadline_ms)
        ids.update(paper_id for paper_id, _ in found.hits)
    told = tuple(replace(each, papers=_searched(house, each.query)) if each.query else each for each in own)
    return told, ids.union(*(each.papers for each in told))


def _together(own: Collection[Followed], depth: int) -> Iterator[Query]:
    """Ask for all authors, all organisations and all categories in a search each."""
    newest = Query(sort="date", limit=depth)
    names = {kind: [name for each in own if each.kind == kind for name in each.names.values()] for kind in _BY_NAME}
    if people := (*names["author"], *(each.name for each in own if each.kind == "author" and each.names)):
        yield replace(newest, authors=tuple(dict.fromkeys(people)))
    if groups := names["organisation"]:
        yield replace(newest, organisations=tuple(dict.fromkeys(groups)))
    if categories := [each.target for each in own if each.kind == "category"]:
        yield replace(newest, categories=tuple(categories))


def _searched(house: House, query: Query) -> frozenset[int]:
    """Give the newest papers that a saved search finds by words, or those nearest for one that asks for likeness."""
    try:
        if query.like or query.unlike:
            found = search(house, replace(query, limit=MAX_LIMIT, offset=0, facets=False))
            return frozenset(hit.paper.id for hit in found.hits)
        newest = replace(query, sort="date", way="words", limit=MAX_LIMIT, offset=0, facets=False)
        hits = house.text_index.search(newest, deadline_ms=house.settings.search_deadline_ms).hits
    except BroadsheetError:
        # One search that cannot be made, as of a paper that is gone, must not take the others with it.
        return frozenset()
    return frozenset(paper_id for paper_id, _ in hits)
