"""External ids and the papers that bear them; a merged paper's ids lead on to the paper it is part of."""

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, select

from broadsheet.model.ids import ExternalId
from broadsheet.store import bulk
from broadsheet.store.schema import external_ids

Row = tuple[str, str, int]
_BEARERS = select(external_ids.c.paper_id).where(external_ids.c.scheme == bindparam("of_scheme"))
_DROP = "DELETE FROM external_ids WHERE scheme = ? AND value = ? AND paper_id = ?"


def papers_with(connection: Connection, ids: Collection[ExternalId]) -> set[int]:
    """Give all papers that bear one of the ids."""
    by_scheme: dict[str, list[str]] = {}
    for external_id in ids:
        by_scheme.setdefault(external_id.scheme, []).append(external_id.value)
    return {
        row[0]
        for scheme, values in by_scheme.items()
        for row in bulk.by_keys(connection, _BEARERS, external_ids.c.value, values, of_scheme=scheme)
    }


def add(connection: Connection, rows: Collection[Row]) -> None:
    """Note which papers bear which ids; those that are noted already stay."""
    bulk.insert(connection, external_ids, list(rows), conflict="ON CONFLICT DO NOTHING")


def drop(connection: Connection, rows: Collection[Row]) -> None:
    """Forget that papers bear ids."""
    bulk.run(connection, _DROP, list(rows))
