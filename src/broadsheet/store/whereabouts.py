"""Where papers are that somebody names: by external ids, or by title where only one paper bears it."""

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, func, select

from broadsheet.model.ids import ExternalId
from broadsheet.store import bulk
from broadsheet.store.payload import is_sound_id
from broadsheet.store.schema import external_ids, papers, records

_STANDS = func.coalesce(papers.c.merged_into, papers.c.id)
_BEARERS = (
    select(external_ids.c.value, func.min(_STANDS))
    .join(papers, papers.c.id == external_ids.c.paper_id)
    .where(external_ids.c.scheme == bindparam("of_scheme"))
    .group_by(external_ids.c.value)
)
_TITLED = (
    select(records.c.title_key, func.min(records.c.paper_id), func.max(records.c.paper_id))
    .where(records.c.paper_id.is_not(None))
    .group_by(records.c.title_key)
)


def by_ids(connection: Connection, ids: Collection[ExternalId]) -> dict[ExternalId, int]:
    """Give the paper that bears each of the ids, or that the bearer is part of now; one statement a scheme."""
    by_scheme: dict[str, set[str]] = {}
    for external_id in filter(is_sound_id, ids):
        by_scheme.setdefault(external_id.scheme, set()).add(external_id.value)
    return {
        ExternalId(scheme, row[0]): row[1]
        for scheme, values in by_scheme.items()
        for row in bulk.by_keys(connection, _BEARERS, external_ids.c.value, values, of_scheme=scheme)
    }


def by_titles(connection: Connection, keys: Collection[int]) -> dict[int, int]:
    """Give the paper of each title key that stands for one paper only; 0 is no title."""
    wanted = set(keys) - {0}
    return {
        row[0]: row[1] for row in bulk.by_keys(connection, _TITLED, records.c.title_key, wanted) if row[1] == row[2]
    }
