"""Keep searches under a name, and make them again."""

import dataclasses
import logging
import re
from collections.abc import Container
from itertools import count
from typing import Any, TypeVar

from broadsheet.errors import Conflict, Invalid, NotFound, Refused
from broadsheet.flow.house import House
from broadsheet.flow.reading.search import search
from broadsheet.model.query import MAX_LIKE, MAX_TEXT, Query, Results
from broadsheet.model.reader import Reader
from broadsheet.model.saved_search import MAX_NAME, SavedSearch, folded, slug_of
from broadsheet.model.text import clean
from broadsheet.store import saved_searches as store
from broadsheet.store.query_json import as_document

T = TypeVar("T")
_log = logging.getLogger(__name__)
MAX_SAVED = 1_000
MAX_VALUES = 20
MAX_VALUE = 1_000
_MAX_YEAR = 9_999
# What no page, feed or terminal should be given; line breaks and tabs may stay (XML 1.0, section 2.2).
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_MOST = {
    "like": MAX_LIKE,
    "unlike": MAX_LIKE,
    "categories": MAX_VALUES,
    "sources": MAX_VALUES,
    "venues": MAX_VALUES,
    "organisations": MAX_VALUES,
    "authors": MAX_VALUES,
}


def save(house: House, name: str, query: Query, *, replace: bool = False, reader: Reader | None = None) -> SavedSearch:
    """Keep a query under a name of 1 to MAX_NAME characters; limit, offset and facets are not kept.

    It is the reader's own, or the house's where there is none. Names are compared without case. With ``replace`` a
    search of that name asks the new query from now on, under the slug it has. Raises Invalid (``name``, or a field of
    the query) for what cannot be kept, Conflict for a name that is taken, Refused when MAX_SAVED searches are kept.
    """
    told, asked, at = _told(name), sound(query), house.clock()
    with house.store.writing() as connection:
        known = store.names(connection, _number(reader))
        slug = _held(known, told)
        if slug is not None and not replace:
            raise Conflict(f"There is a saved search called “{known[slug]}” already. Choose another name.")
        if slug is not None:
            store.update(connection, slug, name=told, query=asked, at=at)
        elif len(known) >= MAX_SAVED:
            raise Refused(f"{MAX_SAVED:,} searches are saved, and no more can be. Delete one first.")
        else:
            slug = _free(slug_of(told), store.taken(connection, slug_of(told)))
            store.insert(connection, slug, told, asked, at=at)
            if reader is not None:
                store.give(connection, slug, reader.id)
        return _present(store.by_slug(connection, slug, _number(reader)), told)


def list_saved(house: House, reader: Reader | None = None) -> tuple[SavedSearch, ...]:
    """Give a reader's saved searches, or the house's own, by name.

    Those that cannot be read, of a newer Broadsheet, are named in the log.
    """
    with house.store.reading() as connection:
        found = store.stream(connection, _number(reader))
    for problem in found:
        if isinstance(problem, Conflict):
            _log.warning("%s", problem)
    readable = [saved for saved in found if isinstance(saved, SavedSearch)]
    return tuple(sorted(readable, key=lambda saved: (folded(saved.name), saved.id)))


def show(house: House, slug: str, reader: Reader | None = None) -> SavedSearch:
    """Give one saved search; raises NotFound, and Conflict when it is of a newer Broadsheet."""
    with house.store.reading() as connection:
        return _present(store.by_slug(connection, slug, _number(reader)), slug)


def slug_for(house: House, name: str) -> str:
    """Give the slug of the search with this name, else of the one with this slug; raises NotFound."""
    with house.store.reading() as connection:
        known = store.names(connection)
    slug = _held(known, clean(name)) or (name if name in known else None)
    return _present(slug, name)


def rename(house: House, slug: str, name: str, reader: Reader | None = None) -> SavedSearch:
    """Give a saved search another name; its slug stays, so that addresses go on leading to it.

    Raises NotFound, Invalid (``name``), and Conflict for a name that another one has, or when it cannot be read.
    """
    told, at = _told(name), house.clock()
    with house.store.writing() as connection:
        _present(store.by_slug(connection, slug, _number(reader)), slug)
        if _held(store.names(connection, _number(reader)), told) not in {None, slug}:
            raise Conflict(f"There is another saved search called “{told}”. Choose another name.")
        store.update(connection, slug, name=told, at=at)
        return _present(store.by_slug(connection, slug, _number(reader)), slug)


def remove(house: House, slug: str, reader: Reader | None = None) -> None:
    """Forget a saved search; raises NotFound when there is none."""
    with house.store.writing() as connection:
        if not store.remove(connection, slug, _number(reader)):
            raise _absent(slug)


def run(house: House, slug: str, *, limit: int = 20, offset: int = 0, newest_first: bool = False) -> Results:
    """Make a saved search again, in its own order or newest first; raises as ``show`` and ``search`` do."""
    query = dataclasses.replace(show(house, slug).query, limit=limit, offset=offset)
    return search(house, dataclasses.replace(query, sort="date") if newest_first else query)


def as_dict(saved: SavedSearch) -> dict[str, Any]:
    """Show a saved search to machines; ``query`` has the shape that ``store.query_json`` states."""
    return {
        "slug": saved.slug,
        "name": saved.name,
        "query": as_document(saved.query),
        "at": saved.at.isoformat(),
        "changed_at": saved.changed_at.isoformat(),
    }


def _told(name: str) -> str:
    told = clean(name)
    if not any(character.isprintable() and not character.isspace() for character in told):
        raise Invalid("A saved search needs a name.", field="name")
    if len(told) > MAX_NAME:
        raise Invalid(f"A name takes at most {MAX_NAME} characters, not {len(told):,}.", field="name")
    return told


def sound(query: Query) -> Query:
    """Keep what is asked and can be written; raises Invalid for what is too much or nothing."""
    if len(query.text) > MAX_TEXT:
        raise Invalid(f"A search takes at most {MAX_TEXT:,} characters, not {len(query.text):,}.", field="q")
    told: dict[str, Any] = {field: getattr(Query(), field) for field in ("limit", "offset", "facets")}
    told |= {field: _values(field, getattr(query, field)) for field in _MOST}
    asked = dataclasses.replace(query, text=_UNWRITABLE.sub(" ", query.text).strip(), **told)
    if len(asked.years) > MAX_VALUES or not all(0 < year <= _MAX_YEAR for year in asked.years):
        raise Invalid(f"A search takes at most {MAX_VALUES} years, from 1 to {_MAX_YEAR}.", field="year")
    if dataclasses.replace(asked, passage=False, way="both", sort="relevance") == Query():
        raise Invalid("There is nothing to keep: the search has neither words nor filters.", field="q")
    if asked.unlike and not (asked.like or asked.text):
        raise Invalid("Name a paper to be like, or words, beside those to be unlike.", field="like")
    return asked


def _values(field: str, told: tuple[str, ...]) -> tuple[str, ...]:
    if len(told) > _MOST[field] or any(len(value) > MAX_VALUE for value in told):
        raise Invalid(f"A search takes at most {_MOST[field]} {field} of {MAX_VALUE:,} characters each.", field=field)
    return tuple(dict.fromkeys(filter(None, map(clean, told))))


def _held(known: dict[str, str], name: str) -> str | None:
    """Give the slug under which a name is known."""
    wanted = folded(name)
    return next((slug for slug, held in known.items() if folded(held) == wanted), None)


def _number(reader: Reader | None) -> int | None:
    return None if reader is None else reader.id


def _free(slug: str, known: Container[str]) -> str:
    numbered = (f"{slug}-{number}" if number > 1 else slug for number in count(1))
    return next(candidate for candidate in numbered if candidate not in known)


def _present(found: T | None, name: str) -> T:
    if found is None:
        raise _absent(name)
    return found


def _absent(name: str) -> NotFound:
    return NotFound(f"There is no saved search “{clean(name[:MAX_NAME])}”.")
