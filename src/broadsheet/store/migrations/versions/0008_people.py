"""Authors, organisations and whom a reader follows."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create what this revision tells of."""
    _authors()
    _organisations()
    _author_history()
    _author_names()
    _author_papers()
    _claims()
    _follows()
    _members()
    _organisation_names()


def _authors() -> None:
    op.create_table(
        "authors",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("merged_into", Id, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_authors"),
        sa.ForeignKeyConstraint(["merged_into"], ["authors.id"], name="fk_authors_merged_into"),
        sa.UniqueConstraint("slug", name="uq_authors_slug"),
    )


def _organisations() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
        sa.UniqueConstraint("slug", name="uq_organisations_slug"),
    )


def _author_history() -> None:
    op.create_table(
        "author_history",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("author_id", Id, nullable=False),
        sa.Column("reader_id", Id, nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_author_history"),
        sa.ForeignKeyConstraint(["author_id"], ["authors.id"], name="fk_author_history_author_id"),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name="fk_author_history_reader_id"),
    )
    op.create_index("ix_author_history_author_id", "author_history", ["author_id"])
    op.create_index("ix_author_history_reader_id", "author_history", ["reader_id"])


def _author_names() -> None:
    op.create_table(
        "author_names",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("author_id", Id, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", "author_id", name="pk_author_names"),
        sa.ForeignKeyConstraint(["author_id"], ["authors.id"], name="fk_author_names_author_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_author_names_author_id", "author_names", ["author_id"])


def _author_papers() -> None:
    op.create_table(
        "author_papers",
        sa.Column("author_id", Id, autoincrement=False, nullable=False),
        sa.Column("paper_id", Id, autoincrement=False, nullable=False),
        sa.Column("theirs", sa.Boolean(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("author_id", "paper_id", name="pk_author_papers"),
        sa.ForeignKeyConstraint(["author_id"], ["authors.id"], name="fk_author_papers_author_id"),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_author_papers_paper_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_author_papers_paper_id", "author_papers", ["paper_id"])


def _claims() -> None:
    op.create_table(
        "claims",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("reader_id", Id, nullable=False),
        sa.Column("author_id", Id, nullable=False),
        sa.Column("paper_id", Id, nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.Text(), nullable=False),
        sa.Column("appealed_at", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_claims"),
        sa.ForeignKeyConstraint(["author_id"], ["authors.id"], name="fk_claims_author_id"),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_claims_paper_id"),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name="fk_claims_reader_id"),
    )
    op.create_index("ix_claims_author_id", "claims", ["author_id"])
    op.create_index("ix_claims_reader_id", "claims", ["reader_id"])


def _follows() -> None:
    op.create_table(
        "follows",
        sa.Column("reader_id", Id, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reader_id", "kind", "target", name="pk_follows"),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name="fk_follows_reader_id"),
        sqlite_with_rowid=False,
    )


def _members() -> None:
    op.create_table(
        "members",
        sa.Column("organisation_id", Id, autoincrement=False, nullable=False),
        sa.Column("reader_id", Id, autoincrement=False, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "reader_id", name="pk_members"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_members_organisation_id"),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name="fk_members_reader_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_members_reader_id", "members", ["reader_id"])


def _organisation_names() -> None:
    op.create_table(
        "organisation_names",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("organisation_id", Id, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_organisation_names"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_organisation_names_organisation_id"
        ),
    )
    op.create_index("ix_organisation_names_organisation_id", "organisation_names", ["organisation_id"])
