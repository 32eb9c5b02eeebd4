"""Submissions, reports, rulings on papers and the moderation log."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create what this revision tells of."""
    _moderation_log()
    _paper_rulings()
    _reports()
    _submissions()


def _moderation_log() -> None:
    op.create_table(
        "moderation_log",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("reader_id", Id, nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", Id, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_moderation_log"),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name="fk_moderation_log_reader_id"),
    )
    op.create_index("ix_moderation_log_kind_target", "moderation_log", ["kind", "target"])
    op.create_index("ix_moderation_log_reader_id", "moderation_log", ["reader_id"])


def _paper_rulings() -> None:
    op.create_table(
        "paper_rulings",
        sa.Column("paper_id", Id, autoincrement=False, nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("paper_id", name="pk_paper_rulings"),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_paper_rulings_paper_id"),
    )


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", Id, nullable=False),
        sa.Column("reader_id", Id, nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name="fk_reports_reader_id"),
    )
    op.create_index("ix_reports_kind_target", "reports", ["kind", "target"])
    op.create_index("ix_reports_reader_id", "reports", ["reader_id"])


def _submissions() -> None:
    op.create_table(
        "submissions",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("reader_id", Id, nullable=True),
        sa.Column("paper_id", Id, nullable=True),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.Text(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("found_by", sa.Text(), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("again_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_submissions"),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_submissions_paper_id"),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name="fk_submissions_reader_id"),
    )
    op.create_index("ix_submissions_asked", "submissions", ["asked"])
    op.create_index("ix_submissions_state_again_at", "submissions", ["state", "again_at"])
    op.create_index("ix_submissions_paper_id", "submissions", ["paper_id"])
    op.create_index("ix_submissions_reader_id", "submissions", ["reader_id"])
