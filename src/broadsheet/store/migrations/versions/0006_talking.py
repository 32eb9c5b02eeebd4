"""Comments, reactions and notices."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create what this revision tells of."""
    _comments()
    _comment_editions()
    _notices()
    _reactions()


def _comments() -> None:
    op.create_table(
        "comments",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("paper_id", Id, nullable=False),
        sa.Column("said_of", Id, nullable=False),
        sa.Column("reader_id", Id, nullable=True),
        sa.Column("parent_id", Id, nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("edited_at", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_comments"),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_comments_paper_id"),
        sa.ForeignKeyConstraint(["parent_id"], ["comments.id"], name="fk_comments_parent_id"),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name="fk_comments_reader_id"),
        sa.ForeignKeyConstraint(["said_of"], ["papers.id"], name="fk_comments_said_of"),
    )
    op.create_index("ix_comments_paper_id", "comments", ["paper_id"])
    op.create_index("ix_comments_parent_id", "comments", ["parent_id"])
    op.create_index("ix_comments_reader_id", "comments", ["reader_id"])
    op.create_index("ix_comments_said_of", "comments", ["said_of"])


def _comment_editions() -> None:
    op.create_table(
        "comment_editions",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("comment_id", Id, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_comment_editions"),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"], name="fk_comment_editions_comment_id"),
    )
    op.create_index("ix_comment_editions_comment_id", "comment_editions", ["comment_id"])


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("reader_id", Id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("by_id", Id, nullable=True),
        sa.Column("paper_id", Id, nullable=True),
        sa.Column("comment_id", Id, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.ForeignKeyConstraint(["by_id"], ["readers.id"], name="fk_notices_by_id"),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"], name="fk_notices_comment_id"),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_notices_paper_id"),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name="fk_notices_reader_id"),
    )
    op.create_index("ix_notices_reader_id_seen_at", "notices", ["reader_id", "seen_at"])


def _reactions() -> None:
    op.create_table(
        "reactions",
        sa.Column("comment_id", Id, autoincrement=False, nullable=False),
        sa.Column("reader_id", Id, autoincrement=False, nullable=False),
        sa.Column("emoji", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("comment_id", "reader_id", "emoji", name="pk_reactions"),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"], name="fk_reactions_comment_id"),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name="fk_reactions_reader_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_reactions_reader_id", "reactions", ["reader_id"])
