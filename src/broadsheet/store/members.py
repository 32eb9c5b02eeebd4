"""Who belongs to which organisation, and who wants to."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from broadsheet.model.organisation import INSIDE, Member, Role
from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema_accounts import readers
from broadsheet.store.schema_people import members, organisations

_SHOWN = (
    select(members, readers.c.handle, readers.c.name)
    .join(readers, readers.c.id == members.c.reader_id)
    .where(readers.c.state != "gone")
    .order_by(members.c.at, members.c.reader_id)
)
_PUT = 'ON CONFLICT (organisation_id, reader_id) DO UPDATE SET "role" = excluded."role", "at" = excluded."at"'


def put(connection: Connection, organisation_id: int, reader_id: int, role: Role, *, at: datetime) -> None:
    """Give a reader a part in an organisation, in place of any other part they had."""
    bulk.insert(connection, members, [(organisation_id, reader_id, role, moment(at))], conflict=_PUT)


def remove(connection: Connection, organisation_id: int, reader_id: int) -> None:
    """Take a reader's part in an organisation away."""
    here = members.c.organisation_id == organisation_id, members.c.reader_id == reader_id
    connection.execute(members.delete().where(*here))


def role_of(connection: Connection, organisation_id: int, reader_id: int) -> Role | None:
    """Give a reader's part in an organisation, None for none."""
    here = members.c.organisation_id == organisation_id, members.c.reader_id == reader_id
    role: Role | None = connection.execute(select(members.c.role).where(*here)).scalar()
    return role


def of(connection: Connection, organisation_id: int) -> tuple[Member, ...]:
    """Give everybody with a part in an organisation, first come first."""
    asked = _SHOWN.where(members.c.organisation_id == organisation_id)
    return tuple(map(_member, connection.execute(asked)))


def inside(connection: Connection, organisation_ids: Collection[int]) -> dict[int, set[int]]:
    """Give the numbers of the members of organisations."""
    found: dict[int, set[int]] = {}
    asked = select(members.c.organisation_id, members.c.reader_id).where(members.c.role.in_(INSIDE))
    for row in bulk.by_keys(connection, asked, members.c.organisation_id, organisation_ids):
        found.setdefault(row[0], set()).add(row[1])
    return found


def of_reader(connection: Connection, reader_id: int) -> tuple[tuple[str, str, Role], ...]:
    """Give the organisations in which a reader has a part, by name: slug, name and part."""
    asked = (
        select(organisations.c.slug, organisations.c.name, members.c.role)
        .join(members, members.c.organisation_id == organisations.c.id)
        .where(members.c.reader_id == reader_id)
        .order_by(organisations.c.name, organisations.c.id)
    )
    return tuple((row.slug, row.name, row.role) for row in connection.execute(asked))


def counts(connection: Connection, limit: int, offset: int = 0) -> tuple[tuple[str, str, int], ...]:
    """Give organisations that have members, by name: slug, name and how many."""
    asked = (
        select(organisations.c.slug, organisations.c.name, func.count())
        .join(members, members.c.organisation_id == organisations.c.id)
        .where(members.c.role.in_(INSIDE))
        .group_by(organisations.c.id, organisations.c.slug, organisations.c.name)
        .order_by(organisations.c.name, organisations.c.id)
    )
    return tuple((row[0], row[1], row[2]) for row in connection.execute(asked.limit(limit).offset(offset)))


def _member(row: Row[Any]) -> Member:
    return Member(row.reader_id, row.handle, row.name, row.role, datetime.fromisoformat(row.at))
