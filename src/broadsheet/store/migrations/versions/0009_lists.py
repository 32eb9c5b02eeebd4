"""Labels, readings and whose a saved search is."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create what this revision tells of."""
    _labels()
    _readings()
    _label_papers()
    _saved_searches()


def _labels() -> None:
    op.create_table(
        "labels",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("reader_id", Id, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("seen_by", sa.Text(), nullable=False),
        sa.Column("organisation_id", Id, nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_labels"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_labels_organisation_id"),
        sa.UniqueConstraint("reader_id", "slug", name="uq_labels_reader_id_slug"),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name="fk_labels_reader_id"),
    )
    op.create_index("ix_labels_organisation_id", "labels", ["organisation_id"])


def _readings() -> None:
    op.create_table(
        "readings",
        sa.Column("reader_id", Id, autoincrement=False, nullable=False),
        sa.Column("paper_id", Id, autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reader_id", "paper_id", name="pk_readings"),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_readings_paper_id"),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name="fk_readings_reader_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_readings_paper_id", "readings", ["paper_id"])


def _label_papers() -> None:
    op.create_table(
        "label_papers",
        sa.Column("label_id", Id, autoincrement=False, nullable=False),
        sa.Column("paper_id", Id, autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("label_id", "paper_id", name="pk_label_papers"),
        sa.ForeignKeyConstraint(["label_id"], ["labels.id"], name="fk_label_papers_label_id"),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_label_papers_paper_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_label_papers_paper_id", "label_papers", ["paper_id"])


def _saved_searches() -> None:
    # In SQL, since Alembic adds the reference in a second step, which SQLite does not know.
    number = "INTEGER" if op.get_context().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE saved_searches ADD COLUMN reader_id {number} "
        "CONSTRAINT fk_saved_searches_reader_id REFERENCES readers (id)"
    )
    op.create_index("ix_saved_searches_reader_id", "saved_searches", ["reader_id"])
