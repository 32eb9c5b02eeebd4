"""Who gets digests, each digest and what became of it, and what came back."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create what this revision tells of."""
    _subscribers()
    _subscriptions()
    _digest_times()
    _digests()
    _digest_papers()
    _returns()


def _subscribers() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("reader_id", Id, nullable=True),
        *_texts("way", "key", "address", "target", "state", "why", "zone", "hour"),
        sa.Column("weekday", sa.BigInteger(), nullable=False),
        *_texts("quiet_from", "quiet_until"),
        sa.Column("repeats", sa.Boolean(), nullable=False),
        *_texts("nonce", "at", "changed_at"),
        sa.PrimaryKeyConstraint("id", name="pk_subscribers"),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name="fk_subscribers_reader_id"),
    )
    op.create_index("ix_subscribers_reader_id", "subscribers", ["reader_id"])
    op.create_index("ix_subscribers_way_key", "subscribers", ["way", "key"])
    op.create_index("ix_subscribers_state", "subscribers", ["state"])


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("subscriber_id", Id, nullable=False),
        *_texts("list", "rhythm", "at"),
        sa.Column("after_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name="fk_subscriptions_subscriber_id"),
        sa.UniqueConstraint("subscriber_id", "list", name="uq_subscriptions_subscriber_id_list"),
    )


def _digest_times() -> None:
    op.create_table(
        "digest_times",
        sa.Column("subscriber_id", Id, autoincrement=False, nullable=False),
        *_texts("kind", "day", "next_at"),
        sa.PrimaryKeyConstraint("subscriber_id", "kind", name="pk_digest_times"),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name="fk_digest_times_subscriber_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_digest_times_next_at", "digest_times", ["next_at"])


def _digests() -> None:
    op.create_table(
        "digests",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("subscriber_id", Id, nullable=False),
        *_texts("kind", "day", "way", "domain", "state", "why", "due_at", "next_at", "holder"),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        *_texts("content"),
        sa.Column("papers", sa.BigInteger(), nullable=False),
        *_texts("settled_at"),
        sa.PrimaryKeyConstraint("id", name="pk_digests"),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name="fk_digests_subscriber_id"),
        sa.UniqueConstraint("subscriber_id", "kind", "day", name="uq_digests_subscriber_id_kind_day"),
    )
    op.create_index("ix_digests_state_next_at", "digests", ["state", "next_at"])
    op.create_index("ix_digests_settled_at", "digests", ["settled_at"])


def _digest_papers() -> None:
    op.create_table(
        "digest_papers",
        sa.Column("subscriber_id", Id, autoincrement=False, nullable=False),
        sa.Column("paper_id", Id, autoincrement=False, nullable=False),
        sa.Column("digest_id", Id, nullable=False),
        *_texts("at"),
        sa.PrimaryKeyConstraint("subscriber_id", "paper_id", name="pk_digest_papers"),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name="fk_digest_papers_subscriber_id"),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_digest_papers_paper_id"),
        sa.ForeignKeyConstraint(["digest_id"], ["digests.id"], name="fk_digest_papers_digest_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_digest_papers_paper_id", "digest_papers", ["paper_id"])
    op.create_index("ix_digest_papers_digest_id", "digest_papers", ["digest_id"])


def _returns() -> None:
    op.create_table(
        "returns",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("subscriber_id", Id, nullable=False),
        sa.Column("digest_id", Id, nullable=True),
        *_texts("kind", "words", "hash", "at"),
        sa.PrimaryKeyConstraint("id", name="pk_returns"),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name="fk_returns_subscriber_id"),
        sa.ForeignKeyConstraint(["digest_id"], ["digests.id"], name="fk_returns_digest_id"),
        sa.UniqueConstraint("hash", name="uq_returns_hash"),
    )
    op.create_index("ix_returns_subscriber_id", "returns", ["subscriber_id"])
    op.create_index("ix_returns_at", "returns", ["at"])


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]
