"""Which rows are a reader's: what they may take along, and what becomes of it when they leave."""

import re
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from sqlalchemy import Column, Connection, Select, Table, delete, func, or_, select, update

from broadsheet.model.comment import MENTION
from broadsheet.store.schema import papers, saved_searches
from broadsheet.store.schema_accounts import (
    addresses,
    ceremonies,
    identities,
    letters,
    passkeys,
    readers,
    sessions,
    tokens,
)
from broadsheet.store.schema_digests import digest_papers, digest_times, digests, returns, subscribers, subscriptions
from broadsheet.store.schema_lists import label_papers, labels, readings
from broadsheet.store.schema_moderating import moderation_log, reports, submissions
from broadsheet.store.schema_people import author_history, claims, follows, members
from broadsheet.store.schema_talking import comment_editions, comments, notices, reactions
from broadsheet.store.schema_voting import upvotes

# ``delete`` the row, ``forget`` whose it is, or let it ``stay`` under the number of a reader who is gone.
Leaving = Literal["delete", "forget", "stay"]


class Belonging(NamedTuple):
    """A column that says whose a row is: what the rows are called in an export, and what becomes of them.

    ``without`` names columns that are not the reader's to take: secrets' hashes, and what is another's.
    """

    name: str
    column: Column[Any]
    leaving: Leaving
    without: frozenset[str] = frozenset()


def _belonging(name: str, column: Column[Any], leaving: Leaving, without: str = "") -> Belonging:
    return Belonging(name, column, leaving, frozenset(without.split()))


_ANOTHERS = " ".join(column.name for column in readers.columns if column.name not in {"handle", "at"})

# Every column that refers to readers.id; a test walks the schema, so that a new one fails until it is told here.
BELONGINGS = (
    _belonging("addresses", addresses.c.reader_id, "delete"),
    _belonging("identities", identities.c.reader_id, "delete"),
    _belonging("passkeys", passkeys.c.reader_id, "delete"),
    _belonging("sessions", sessions.c.reader_id, "delete", "hash"),
    _belonging("tokens", tokens.c.reader_id, "delete", "hash"),
    _belonging("letters", letters.c.reader_id, "delete", "hash payload"),
    _belonging("ceremonies", ceremonies.c.reader_id, "delete", "hash payload"),
    _belonging("invited", readers.c.invited_by, "stay", _ANOTHERS),
    _belonging("upvotes", upvotes.c.reader_id, "stay"),
    _belonging("comments", comments.c.reader_id, "forget"),
    _belonging("reactions", reactions.c.reader_id, "delete"),
    _belonging("notices", notices.c.reader_id, "delete", "by_id"),
    _belonging("notices_to_others", notices.c.by_id, "delete", "reader_id words seen_at"),
    _belonging("submissions", submissions.c.reader_id, "forget"),
    _belonging("reports", reports.c.reader_id, "forget"),
    _belonging("moderation", moderation_log.c.reader_id, "forget"),
    _belonging("author_changes", author_history.c.reader_id, "forget"),
    _belonging("claims", claims.c.reader_id, "delete"),
    _belonging("memberships", members.c.reader_id, "delete"),
    _belonging("follows", follows.c.reader_id, "delete"),
    _belonging("labels", labels.c.reader_id, "delete"),
    _belonging("readings", readings.c.reader_id, "delete"),
    _belonging("saved_searches", saved_searches.c.reader_id, "delete"),
    _belonging("subscribers", subscribers.c.reader_id, "delete", "target nonce"),
)


class Beneath(NamedTuple):
    """A table whose rows are the reader's because they belong to a row that is: ``column`` refers to ``whole``."""

    name: str
    column: Column[Any]
    whole: Table
    leaving: Leaving


BENEATH = (
    Beneath("label_papers", label_papers.c.label_id, labels, "delete"),
    Beneath("returns", returns.c.subscriber_id, subscribers, "delete"),
    Beneath("digest_papers", digest_papers.c.subscriber_id, subscribers, "delete"),
    Beneath("digests", digests.c.subscriber_id, subscribers, "delete"),
    Beneath("digest_times", digest_times.c.subscriber_id, subscribers, "delete"),
    Beneath("subscriptions", subscriptions.c.subscriber_id, subscribers, "delete"),
    Beneath("comment_editions", comment_editions.c.comment_id, comments, "stay"),
)
# These refer to what may be a reader's, and are somebody else's: answers and reactions to a comment, notices of it.
OTHERS = (comments.c.parent_id, reactions.c.comment_id, notices.c.comment_id)
# Where others, and moderators' acts, may have written a handle, as a mention.
_MENTIONS = (
    comments.c.body,
    comment_editions.c.body,
    notices.c.words,
    reports.c.why,
    submissions.c.note,
    submissions.c.why,
    moderation_log.c.words,
    moderation_log.c.why,
    claims.c.words,
    claims.c.why,
    author_history.c.why,
)
_NOBODY = "@gone"


def mine(connection: Connection, reader_id: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every row that is a reader's as ``(name, columns)``, table by table, with the slug of its paper."""
    for belonging in BELONGINGS:
        asked = _with_paper(belonging.column.table).where(belonging.column == reader_id)
        yield from _rows(connection, asked, belonging.column.table, belonging.name, belonging.without)
    for beneath in BENEATH:
        asked = _with_paper(beneath.column.table).join(beneath.whole, beneath.whole.c.id == beneath.column)
        asked = asked.where(beneath.whole.c.reader_id == reader_id)
        yield from _rows(connection, asked, beneath.column.table, beneath.name, frozenset())


def reader_row(connection: Connection, reader_id: int) -> dict[str, Any]:
    """Give what is kept of a reader in their own row."""
    return dict(connection.execute(select(readers).where(readers.c.id == reader_id)).mappings().one())


def admins(connection: Connection) -> int:
    """Count those who may administer."""
    active = readers.c.role == "admin", readers.c.state == "active"
    return int(connection.execute(select(func.count()).select_from(readers).where(*active)).scalar_one())


def withdraw_words(connection: Connection, reader_id: int) -> list[int]:
    """Empty a reader's comments and the notes to what they submitted; gives the papers whose comments went."""
    own = select(comments.c.id).where(comments.c.reader_id == reader_id)
    about = select(comments.c.paper_id).where(comments.c.reader_id == reader_id).distinct()
    found = list(connection.execute(about).scalars())
    connection.execute(delete(comment_editions).where(comment_editions.c.comment_id.in_(own)))
    connection.execute(update(comments).where(comments.c.reader_id == reader_id).values(body="", state="withdrawn"))
    connection.execute(update(submissions).where(submissions.c.reader_id == reader_id).values(note="", media=""))
    return found


def forget(connection: Connection, reader_id: int, handle: str) -> None:
    """Delete or detach every row of a reader, and leave nothing but the number in their own.

    Their upvotes stay, without where they came from: they count as those of a number that is nobody's any more.
    """
    _forget_moderation(connection, reader_id)
    _forget_letters(connection, reader_id)
    connection.execute(delete(follows).where(follows.c.kind == "label", follows.c.target.like(f"{handle}/%")))
    for beneath in BENEATH:
        if beneath.leaving == "delete":
            own = select(beneath.whole.c.id).where(beneath.whole.c.reader_id == reader_id)
            connection.execute(delete(beneath.column.table).where(beneath.column.in_(own)))
    for belonging in BELONGINGS:
        table, here = belonging.column.table, belonging.column == reader_id
        if belonging.leaving == "delete":
            connection.execute(delete(table).where(here))
        elif belonging.leaving == "forget":
            connection.execute(update(table).where(here).values({belonging.column.name: None}))
    connection.execute(update(upvotes).where(upvotes.c.reader_id == reader_id).values(network=""))
    _forget_mentions(connection, handle)
    # A full stop is in no handle that can be chosen.
    gone = {"handle": f"gone.{reader_id}", "name": "Somebody who left", "role": "reader", "state": "gone", "about": ""}
    empty = {"choices": "{}", "suspended_until": "", "suspended_why": ""}
    connection.execute(update(readers).where(readers.c.id == reader_id).values({**gone, **empty}))


def known_addresses(connection: Connection) -> frozenset[str]:
    """Give the mail addresses of all readers and of all letters under way, in lower case."""
    kept = select(addresses.c.address).union(
        select(addresses.c.key), select(letters.c.address), select(subscribers.c.address)
    )
    return frozenset(row[0].lower() for row in connection.execute(kept))


def _forget_moderation(connection: Connection, reader_id: int) -> None:
    """Empty what the public log calls the reader and their comments."""
    own = select(comments.c.id).where(comments.c.reader_id == reader_id)
    about = or_(
        (moderation_log.c.kind == "reader") & (moderation_log.c.target == reader_id),
        (moderation_log.c.kind == "comment") & moderation_log.c.target.in_(own),
    )
    connection.execute(update(moderation_log).where(about).values(words=""))


def _forget_letters(connection: Connection, reader_id: int) -> None:
    own = select(addresses.c.address).where(addresses.c.reader_id == reader_id)
    keys = select(addresses.c.key).where(addresses.c.reader_id == reader_id)
    connection.execute(delete(letters).where(or_(letters.c.address.in_(own), letters.c.address.in_(keys))))


def _forget_mentions(connection: Connection, handle: str) -> None:
    def unnamed(found: re.Match[str]) -> str:
        return _NOBODY if found[0][1:].lower() == handle else found[0]

    for column in _MENTIONS:
        table: Any = column.table
        asked = select(table.c.id, column).where(column.icontains(f"@{handle}", autoescape=True))
        for number, text in connection.execute(asked).all():
            written = {column.name: MENTION.sub(unnamed, text)}
            connection.execute(update(table).where(table.c.id == number).values(written))


def _with_paper(table: Any) -> Select[Any]:  # noqa: ANN401 - a table, as columns name theirs
    if "paper_id" not in table.c:
        return select(table)
    return select(table, papers.c.slug.label("paper")).outerjoin(papers, papers.c.id == table.c.paper_id)


def _rows(
    connection: Connection,
    asked: Select[Any],
    table: Any,  # noqa: ANN401 - as above
    name: str,
    without: frozenset[str],
) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in connection.execute(asked.order_by(*table.primary_key.columns)).mappings():
        yield name, {column: value for column, value in row.items() if column not in without}
