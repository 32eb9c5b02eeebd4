"""The tables of who gets digests, of each digest and what became of it, and of what came back."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Table, Text, UniqueConstraint

from broadsheet.store.schema import Id, metadata, own_id

subscribers = Table(
    "subscribers",
    metadata,
    own_id(),
    Column("reader_id", Id, ForeignKey("readers.id"), index=True),  # none for somebody without an account
    Column("way", Text, nullable=False),
    Column("key", Text, nullable=False),  # the address as compared, or the hash of another place; empty when forgotten
    Column("address", Text, nullable=False),  # the address as typed, or what is shown of another place
    Column("target", Text, nullable=False),  # JSON: where and with which secrets a push goes; empty for mail
    Column("state", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("hour", Text, nullable=False),
    Column("weekday", BigInteger, nullable=False),
    Column("quiet_from", Text, nullable=False),
    Column("quiet_until", Text, nullable=False),
    Column("repeats", Boolean, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("changed_at", Text, nullable=False),  # of its state
    Index("ix_subscribers_way_key", "way", "key"),
    Index("ix_subscribers_state", "state"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    own_id(),
    Column("subscriber_id", Id, ForeignKey("subscribers.id"), nullable=False),
    Column("list", Text, nullable=False),  # JSON: a selection, as store.selection_json writes it
    Column("rhythm", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("after_id", Id, nullable=False),  # papers with higher numbers are new
    UniqueConstraint("subscriber_id", "list"),
)

# When somebody's next digest of a kind is due; one row for each kind that they get.
digest_times = Table(
    "digest_times",
    metadata,
    Column("subscriber_id", Id, ForeignKey("subscribers.id"), primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("day", Text, nullable=False),  # which it will be of, as of a digest
    Column("next_at", Text, nullable=False, index=True),
    sqlite_with_rowid=False,
)

digests = Table(
    "digests",
    metadata,
    own_id(),
    Column("subscriber_id", Id, ForeignKey("subscribers.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("day", Text, nullable=False),  # at the subscriber's place; of what comes at once, the minute in UTC
    Column("way", Text, nullable=False),
    Column("domain", Text, nullable=False),  # whose server it goes to
    Column("state", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("due_at", Text, nullable=False),
    Column("next_at", Text, nullable=False),  # when to try, or until when it is its holder's
    Column("holder", Text, nullable=False),
    Column("attempts", BigInteger, nullable=False),
    Column("content", Text, nullable=False),  # JSON: what it shows, once that is settled; empty before
    Column("papers", BigInteger, nullable=False),
    Column("settled_at", Text, nullable=False),
    UniqueConstraint("subscriber_id", "kind", "day"),
    Index("ix_digests_state_next_at", "state", "next_at"),
    Index("ix_digests_settled_at", "settled_at"),
)

# Which papers a subscriber was sent, and in which digest.
digest_papers = Table(
    "digest_papers",
    metadata,
    Column("subscriber_id", Id, ForeignKey("subscribers.id"), primary_key=True, autoincrement=False),
    Column("paper_id", Id, ForeignKey("papers.id"), primary_key=True, autoincrement=False, index=True),
    Column("digest_id", Id, ForeignKey("digests.id"), nullable=False, index=True),
    Column("at", Text, nullable=False),
    sqlite_with_rowid=False,
)

# What came back: bounces, complaints, and mails that ask to unsubscribe.
returns = Table(
    "returns",
    metadata,
    own_id(),
    Column("subscriber_id", Id, ForeignKey("subscribers.id"), nullable=False, index=True),
    Column("digest_id", Id, ForeignKey("digests.id")),
    Column("kind", Text, nullable=False),  # hard, soft, complaint or unsubscribe
    Column("words", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),  # of the mail, so that one that comes twice counts once
    Column("at", Text, nullable=False, index=True),
)
