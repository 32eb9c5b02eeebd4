"""Searches kept under a name."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from broadsheet.errors import Conflict
from broadsheet.model.query import Query
from broadsheet.model.saved_search import SavedSearch, is_slug
from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.query_json import decode_query, encode_query
from broadsheet.store.schema import saved_searches

_SHOWN = select(saved_searches).order_by(saved_searches.c.id)
_NAMES = select(saved_searches.c.slug, saved_searches.c.name).order_by(saved_searches.c.id)


def stream(connection: Connection, whose: int | None = None) -> tuple[SavedSearch | Conflict, ...]:
    """Give all searches of a reader's, or the house's own, oldest first; for one that cannot be read, why."""
    return tuple(_read(row) for row in connection.execute(_SHOWN.where(_of(whose))))


def names(connection: Connection, whose: int | None = None) -> dict[str, str]:
    """Give every name by its slug, oldest first, whether the query under it can be read or not."""
    return {row.slug: row.name for row in connection.execute(_NAMES.where(_of(whose)))}


def taken(connection: Connection, slug: str) -> frozenset[str]:
    """Give the slugs, whosever they are, that begin as one does."""
    begins = saved_searches.c.slug.startswith(slug, autoescape=True)
    return frozenset(connection.execute(select(saved_searches.c.slug).where(begins)).scalars())


def by_slug(connection: Connection, slug: str, whose: int | None = None) -> SavedSearch | None:
    """Give one search of a reader's, or the house's own; raises Conflict when it cannot be read."""
    if not is_slug(slug):
        return None
    row = connection.execute(_SHOWN.where(saved_searches.c.slug == slug, _of(whose))).first()
    return None if row is None else _saved(row)


def by_slugs(connection: Connection, slugs: Collection[str], viewer_id: int) -> dict[str, SavedSearch | Conflict]:
    """Give those searches of a reader's and of the house's own, by their slugs; for one that cannot be read, why."""
    found = bulk.by_keys(connection, _SHOWN, saved_searches.c.slug, slugs)
    return {row.slug: _read(row) for row in found if row.reader_id in {None, viewer_id}}


def insert(connection: Connection, slug: str, name: str, query: Query, *, at: datetime) -> None:
    """Keep a query under a slug that is free, as the house's own."""
    number = bulk.next_number(connection, saved_searches.c.id)
    when = moment(at)
    bulk.insert(connection, saved_searches, [(number, slug, name, encode_query(query), when, when, None)])


def give(connection: Connection, slug: str, reader_id: int) -> None:
    """Let a search of the house's be a reader's."""
    connection.execute(saved_searches.update().where(saved_searches.c.slug == slug).values(reader_id=reader_id))


def update(connection: Connection, slug: str, *, name: str, query: Query | None = None, at: datetime) -> None:
    """Give a saved search another name, and another query where there is one."""
    told = {"name": name, "changed_at": moment(at)} | ({} if query is None else {"query": encode_query(query)})
    connection.execute(saved_searches.update().where(saved_searches.c.slug == slug).values(told))


def remove(connection: Connection, slug: str, whose: int | None = None) -> bool:
    """Forget a saved search, one that cannot be read too; tell whether there was one."""
    here = saved_searches.delete().where(saved_searches.c.slug == slug, _of(whose))
    return is_slug(slug) and connection.execute(here).rowcount > 0


def _of(whose: int | None) -> ColumnElement[bool]:
    return saved_searches.c.reader_id.is_(None) if whose is None else saved_searches.c.reader_id == whose


def _read(row: Row[Any]) -> SavedSearch | Conflict:
    try:
        return _saved(row)
    except Conflict as error:
        return error


def _saved(row: Row[Any]) -> SavedSearch:
    try:
        query = decode_query(row.query)
    except Conflict as error:
        raise Conflict(
            f"The saved search “{row.name}” ({row.slug}) cannot be read: {error}. "
            f"Upgrade Broadsheet, or take it away: broadsheet saved remove {row.slug}"
        ) from error
    return SavedSearch(
        id=row.id,
        slug=row.slug,
        name=row.name,
        query=query,
        at=datetime.fromisoformat(row.at),
        changed_at=datetime.fromisoformat(row.changed_at),
    )
