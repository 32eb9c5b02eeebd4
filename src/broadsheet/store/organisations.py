"""Organisations and the names under which papers print them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select

from broadsheet.model.organisation import Organisation
from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema_people import organisation_names, organisations

_HELD = organisation_names.alias("held")
_SHOWN = (
    select(organisations, organisation_names.c.key, organisation_names.c.name.label("printed"))
    .outerjoin(organisation_names, organisation_names.c.organisation_id == organisations.c.id)
    .order_by(organisations.c.name, organisations.c.id, organisation_names.c.key)
)
_IS_IT = organisations.c.slug == bindparam("slug")
_FIND = _SHOWN.where(
    or_(_IS_IT, organisations.c.id.in_(select(_HELD.c.organisation_id).where(_HELD.c.key == bindparam("key"))))
)


def find(connection: Connection, slug: str, key: str) -> Organisation | None:
    """Give the organisation with a slug, else the one that bears a name, by its key; one statement."""
    found = _organisations(connection.execute(_FIND, {"slug": slug, "key": key}).all())
    return next((each for each in found if each.slug == slug), found[0] if found else None)


def by_slugs(connection: Connection, slugs: Collection[str]) -> dict[str, Organisation]:
    """Give organisations by their slugs, those that are kept."""
    found = _organisations(list(bulk.by_keys(connection, _SHOWN, organisations.c.slug, slugs)))
    return {each.slug: each for each in found}


def by_ids(connection: Connection, numbers: Collection[int]) -> tuple[Organisation, ...]:
    """Give organisations by their numbers, in the order of their names."""
    return _organisations(list(bulk.by_keys(connection, _SHOWN, organisations.c.id, numbers)))


def is_taken(connection: Connection, slug: str) -> bool:
    """Tell whether an organisation has a slug."""
    return connection.execute(select(organisations.c.id).where(organisations.c.slug == slug)).first() is not None


def holders(connection: Connection, keys: Collection[str]) -> dict[str, int]:
    """Give whose names are, by their keys; names that are nobody's are left out."""
    asked = select(organisation_names.c.key, organisation_names.c.organisation_id)
    return {row[0]: row[1] for row in bulk.by_keys(connection, asked, organisation_names.c.key, keys)}


def insert(connection: Connection, told: Organisation, *, at: datetime) -> int:
    """Keep a new organisation with its names under a slug that is free; gives the number."""
    number = bulk.next_number(connection, organisations.c.id)
    row = (number, told.slug, told.name, told.about, told.link, told.domain, moment(at))
    bulk.insert(connection, organisations, [row])
    put_names(connection, number, told.names)
    return number


def change(connection: Connection, number: int, **told: str) -> None:
    """Write columns of an organisation."""
    connection.execute(organisations.update().where(organisations.c.id == number).values(told))


def put_names(connection: Connection, number: int, names: Mapping[str, str]) -> None:
    """Let an organisation bear these names, given by their keys, and no others; they must be nobody else's."""
    connection.execute(organisation_names.delete().where(organisation_names.c.organisation_id == number))
    bulk.insert(connection, organisation_names, [(key, number, name) for key, name in names.items()])


def _organisations(rows: Collection[Row[Any]]) -> tuple[Organisation, ...]:
    names: dict[int, dict[str, str]] = {}
    first: dict[int, Row[Any]] = {}
    for row in rows:
        first.setdefault(row.id, row)
        own = names.setdefault(row.id, {})
        if row.key is not None:
            own[row.key] = row.printed
    return tuple(
        Organisation(row.id, row.slug, row.name, row.about, row.link, row.domain, names[row.id])
        for row in first.values()
    )
