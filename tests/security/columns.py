"""Which columns hold what others must not read: every column of text is told of here, or a test fails.

What is private gets a canary, a text that stands nowhere else, so that a page which shows it can be told.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Text, select
from tests.security.world import World

from broadsheet.store.tables import metadata

# Words from a list, times and numbers, in any table.
CODES = re.compile(
    r"(?:\w+_)?(?:at|until)|kind|state|role|method|scopes|seen_by|outcome|transports|waits|act|emoji|day"
)
# What pages show to everybody, or what is the machinery's own and of nobody.
OPEN: dict[str, str] = {
    "papers": "*",
    "records": "*",
    "editions": "*",
    "external_ids": "*",
    "merges": "*",
    "spaces": "*",
    "selftests": "*",
    "hosts": "*",
    "leases": "*",
    "gaps": "*",
    "runs": "*",
    "scores": "*",
    "alerts": "*",
    "authors": "*",
    "author_names": "*",
    "organisation_names": "*",
    "paper_rulings": "*",
    "moderation_log": "*",
    "comment_editions": "*",
    "source_days": "*",
    "evidence_log": "*",
    "readers": "handle name about",
    "sources": "name target since mark ask want refused",
    "problems": "source place settled",
    "organisations": "slug name about link domain",
    "labels": "slug",
    "saved_searches": "slug query",
    "follows": "target",
    "identities": "issuer",
    "facts": "name",
    "submissions": "asked found found_by",
    "author_history": "detail why",
    "subscribers": "way zone hour quiet_from",
    "digests": "way",
    "subscriptions": "rhythm",
    "digest_times": "*",
}
EVERYBODY: frozenset[str] = frozenset()
# One who has no passkey yet is a reader like any other.
MODERATORS = frozenset({"moderator", "moderator's token", "admin", "admin's token for all"})
ADMINS = frozenset({"admin", "admin's token for all"})


@dataclass(frozen=True, slots=True)
class Private:
    """A column with something that only its reader sees, and who else; ``where`` narrows it to rows with that value.

    ``shape`` is what the canary stands in; a column that is ``kept`` holds secrets or keys of its own.
    """

    seen_by: frozenset[str] = EVERYBODY
    where: tuple[str, str] = ("", "")
    shape: str = "{}"
    kept: bool = False


SECRET = Private(kept=True)
PRIVATE: dict[str, Private] = {
    "reader_addresses.key": Private(),
    "reader_addresses.address": Private(shape="{}@mail.example"),
    "identities.subject": Private(),
    "identities.name": Private(),
    "passkeys.id": Private(),
    "passkeys.name": Private(),
    "sessions.hash": SECRET,
    "sessions.agent": Private(),
    "sessions.network": Private(),
    "tokens.hash": SECRET,
    "tokens.name": Private(),
    "letters.hash": SECRET,
    "letters.address": Private(where=("kind", "address"), shape="{}@mail.example"),
    "letters.payload": Private(where=("kind", "address"), shape='{{"next": "/", "key": "{}"}}'),
    "ceremonies.hash": SECRET,
    "ceremonies.payload": Private(where=("kind", "passkey"), shape='{{"challenge": "{}"}}'),
    "limits.name": SECRET,
    "facts.value": SECRET,
    "readers.choices": Private(shape='{{"canary": "{}"}}'),
    "readers.suspended_why": Private(MODERATORS, where=("state", "suspended")),
    "sources.trouble": Private(ADMINS),
    "problems.raw": Private(ADMINS, shape='{{"title": "{}"}}'),
    "problems.message": Private(ADMINS),
    "labels.name": Private(where=("seen_by", "me")),
    "labels.about": Private(where=("seen_by", "me")),
    "label_papers.note": Private(where=("label_id", "1")),
    "saved_searches.name": Private(),
    "upvotes.network": Private(),
    "comments.body": Private(MODERATORS, where=("state", "held")),
    "submissions.note": Private(MODERATORS),
    "submissions.media": Private(MODERATORS, shape="https://media.example/{}"),
    "submissions.why": Private(MODERATORS),
    "reports.why": Private(MODERATORS),
    "notices.words": Private(),
    "claims.words": Private(MODERATORS),
    "claims.why": Private(MODERATORS),
    "claims.evidence": Private(MODERATORS),
    "subscribers.key": Private(),
    "subscribers.address": Private(shape="{}@mail.example"),
    "subscribers.target": SECRET,
    "subscribers.why": Private(where=("state", "suspended")),
    "subscribers.nonce": SECRET,
    "digests.domain": Private(ADMINS),
    "digests.why": Private(ADMINS),
    "digests.holder": Private(ADMINS),
    "digests.content": SECRET,
    "returns.words": Private(ADMINS),
    "returns.hash": SECRET,
    "subscriptions.list": Private(shape='{{"kind":"search","query":{{"text":"{}"}}}}'),
}
_SHORTEST = 12


def texts() -> Iterator[tuple[str, Column[Any]]]:
    """Give every column of text that is no code, by its full name."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Text) and not CODES.fullmatch(column.name):
                yield f"{table.name}.{column.name}", column


def is_open(name: str) -> bool:
    """Tell whether a column is for everybody."""
    table, _, column = name.partition(".")
    told = OPEN.get(table, "")
    return told == "*" or column in told.split()


def plant(world: World) -> dict[str, str]:
    """Write a canary into every private value; gives for each canary the name of its column."""
    planted: dict[str, str] = {}
    with world.house.store.writing() as connection:
        for name, column in texts():
            private = PRIVATE.get(name)
            if private is None:
                continue
            keys = list(column.table.primary_key.columns)
            shown = select(*keys, column.label("told"))
            if private.where[0]:
                shown = shown.where(column.table.c[private.where[0]] == private.where[1])
            for number, row in enumerate(connection.execute(shown).fetchall()):
                canary = row.told if private.kept else f"canary-{name.replace('.', '-')}-{number}z"
                planted[canary] = name
                if not private.kept:
                    where = [key == value for key, value in zip(keys, row, strict=False)]
                    told = private.shape.format(canary)
                    connection.execute(column.table.update().where(*where).values({column.name: told}))
    return {canary: name for canary, name in planted.items() if len(canary) >= _SHORTEST}
