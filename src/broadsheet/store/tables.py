"""All tables there are, whichever file tells of them."""

from broadsheet.store import (
    schema_accounts,
    schema_digests,
    schema_lists,
    schema_moderating,
    schema_people,
    schema_talking,
    schema_voting,
)
from broadsheet.store.schema import metadata

__all__ = [
    "metadata",
    "schema_accounts",
    "schema_digests",
    "schema_lists",
    "schema_moderating",
    "schema_people",
    "schema_talking",
    "schema_voting",
]
