"""Upvotes, the log of evidence, and the order of papers."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create what this revision tells of."""
    op.create_index("ix_papers_merged_into", "papers", ["merged_into"])
    _evidence_log()
    _scores()
    _upvotes()


def _evidence_log() -> None:
    op.create_table(
        "evidence_log",
        sa.Column("seq", Id, autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("paper_id", Id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_evidence_log"),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_evidence_log_paper_id"),
    )
    op.create_index("ix_evidence_log_paper_id_at", "evidence_log", ["paper_id", "at"])


def _scores() -> None:
    op.create_table(
        "scores",
        sa.Column("paper_id", Id, autoincrement=False, nullable=False),
        sa.Column("upvotes", sa.BigInteger(), nullable=False),
        sa.Column("waiting", sa.BigInteger(), nullable=False),
        sa.Column("comments", sa.BigInteger(), nullable=False),
        sa.Column("hf_upvotes", sa.BigInteger(), nullable=False),
        sa.Column("stars_per_day", sa.BigInteger(), nullable=False),
        sa.Column("born", sa.Text(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("paper_id", name="pk_scores"),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_scores_paper_id"),
    )
    op.create_index("ix_scores_key", "scores", ["key"])


def _upvotes() -> None:
    op.create_table(
        "upvotes",
        sa.Column("paper_id", Id, autoincrement=False, nullable=False),
        sa.Column("reader_id", Id, autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("waits", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("paper_id", "reader_id", name="pk_upvotes"),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_upvotes_paper_id"),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name="fk_upvotes_reader_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_upvotes_at", "upvotes", ["at"])
    op.create_index("ix_upvotes_reader_id", "upvotes", ["reader_id"])
