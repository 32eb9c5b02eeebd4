"""The first schema: papers, the records they are composed from, and what is noted about both."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create every table."""
    _papers()
    _records()
    _names_and_days()
    _signals_and_changes()
    _merges()
    _problems()


def _own_id(name: str = "id") -> "sa.Column[int]":
    return sa.Column(name, Id, autoincrement=False, nullable=False)


def _text(*names: str) -> "list[sa.Column[str]]":
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _counts(*names: str) -> "list[sa.Column[int]]":
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _papers() -> None:
    op.create_table(
        "papers",
        _own_id(),
        *_text("slug", "title", "abstract", "document", "published"),
        *_counts("upvotes", "comments", "stars", "citations"),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        *_counts("stamp"),
        sa.Column("merged_into", Id),
        sa.PrimaryKeyConstraint("id", name="pk_papers"),
        sa.ForeignKeyConstraint(["merged_into"], ["papers.id"], name="fk_papers_merged_into"),
    )


def _records() -> None:
    op.create_table(
        "records",
        _own_id(),
        sa.Column("paper_id", Id),
        sa.Column("founded", Id),
        *_text("source", "key"),
        *_counts("version", "title_key"),
        *_text("payload"),
        *_counts("hash"),
        *_text("observed", "taken_back"),
        sa.PrimaryKeyConstraint("id", name="pk_records"),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_records_paper_id"),
        sa.UniqueConstraint("source", "key", "version", name="uq_records_source_key_version"),
    )
    op.create_index("ix_records_paper_id", "records", ["paper_id"])
    op.create_index("ix_records_title_key", "records", ["title_key"])


def _names_and_days() -> None:
    op.create_table(
        "external_ids",
        *_text("scheme", "value"),
        sa.Column("paper_id", Id, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("scheme", "value", "paper_id", name="pk_external_ids"),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_external_ids_paper_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "daily_entries",
        *_text("day"),
        sa.Column("paper_id", Id, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("day", "paper_id", name="pk_daily_entries"),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_daily_entries_paper_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_daily_entries_paper_id", "daily_entries", ["paper_id"])


def _signals_and_changes() -> None:
    op.create_table(
        "signals",
        sa.Column("record_id", Id, autoincrement=False, nullable=False),
        *_text("kind", "at"),
        *_counts("value"),
        sa.PrimaryKeyConstraint("record_id", "kind", "at", name="pk_signals"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_signals_record_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "changes",
        _own_id("seq"),
        sa.Column("paper_id", Id, nullable=False),
        *_text("at"),
        sa.PrimaryKeyConstraint("seq", name="pk_changes"),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_changes_paper_id"),
    )


def _merges() -> None:
    op.create_table(
        "merges",
        _own_id(),
        sa.Column("winner", Id, nullable=False),
        sa.Column("loser", Id),
        *_text("kept", "moved", "reason", "at"),
        sa.Column("undone_at", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_merges"),
        sa.ForeignKeyConstraint(["winner"], ["papers.id"], name="fk_merges_winner"),
        sa.ForeignKeyConstraint(["loser"], ["papers.id"], name="fk_merges_loser"),
    )
    op.create_table(
        "keep_apart",
        sa.Column("a", Id, autoincrement=False, nullable=False),
        sa.Column("b", Id, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("a", "b", name="pk_keep_apart"),
        sa.ForeignKeyConstraint(["a"], ["records.id"], name="fk_keep_apart_a"),
        sa.ForeignKeyConstraint(["b"], ["records.id"], name="fk_keep_apart_b"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_keep_apart_b", "keep_apart", ["b"])


def _problems() -> None:
    op.create_table(
        "problems",
        _own_id(),
        *_counts("hash"),
        *_text("source", "place", "kind", "message", "raw", "at"),
        sa.PrimaryKeyConstraint("id", name="pk_problems"),
        sa.UniqueConstraint("hash", name="uq_problems_hash"),
    )
