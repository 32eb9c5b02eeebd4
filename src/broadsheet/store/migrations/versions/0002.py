"""Search by meaning: embedding spaces, the embeddings in them, saved searches and self-tests."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create what search by meaning keeps."""
    _spaces()
    _embeddings()
    _saved_searches()
    _selftests()


def _own_id(name: str = "id") -> "sa.Column[int]":
    return sa.Column(name, Id, autoincrement=False, nullable=False)


def _text(*names: str) -> "list[sa.Column[str]]":
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _spaces() -> None:
    op.create_table(
        "spaces",
        _own_id(),
        *_text("name", "version"),
        sa.Column("dimension", sa.BigInteger(), nullable=False),
        *_text("token"),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("weight", sa.Float()),
        *_text("at"),
        sa.Column("dropped_at", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_spaces"),
    )


def _embeddings() -> None:
    op.create_table(
        "embeddings",
        _own_id("seq"),
        sa.Column("space_id", Id, nullable=False),
        sa.Column("paper_id", Id, nullable=False),
        sa.Column("text_hash", sa.BigInteger(), nullable=False),
        sa.Column("vector", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("seq", name="pk_embeddings"),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name="fk_embeddings_space_id"),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_embeddings_paper_id"),
        sa.UniqueConstraint("space_id", "paper_id", name="uq_embeddings_space_id_paper_id"),
    )


def _saved_searches() -> None:
    op.create_table(
        "saved_searches",
        _own_id(),
        *_text("slug", "name", "query", "at", "changed_at"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_searches"),
        sa.UniqueConstraint("slug", name="uq_saved_searches_slug"),
    )


def _selftests() -> None:
    op.create_table(
        "selftests",
        _own_id(),
        sa.Column("space_id", Id),
        *_text("at", "report"),
        sa.PrimaryKeyConstraint("id", name="pk_selftests"),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name="fk_selftests_space_id"),
    )
