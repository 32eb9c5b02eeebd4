"""Which change of a paper is its latest, at a glance."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what this revision tells of."""
    op.create_index("ix_changes_paper_id_seq", "changes", ["paper_id", "seq"])
