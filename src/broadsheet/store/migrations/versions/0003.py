"""Harvests: sources and their runs, days, gaps, earlier editions, turns at services, leases and alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create what harvests keep."""
    _problems()
    _sources()
    _runs()
    _days_and_gaps()
    _editions()
    _turns()
    _alerts()
    _first_days()


def _own_id(name: str = "id") -> "sa.Column[int]":
    return sa.Column(name, Id, autoincrement=False, nullable=False)


def _text(*names: str) -> "list[sa.Column[str]]":
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _counts(*names: str) -> "list[sa.Column[int]]":
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _problems() -> None:
    for name in ("settled", "settled_at"):
        op.add_column("problems", sa.Column(name, sa.Text(), nullable=False, server_default=""))


def _sources() -> None:
    op.create_table(
        "sources",
        _own_id(),
        *_text("name", "kind", "target", "since"),
        *_counts("every_s"),
        sa.Column("paused", sa.Boolean(), nullable=False),
        *_text("at", "mark", "ask", "want"),
        *_counts("failures"),
        *_text("trouble", "refused", "next_at", "tried_at", "succeeded_at"),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
        sa.UniqueConstraint("name", name="uq_sources_name"),
    )


def _runs() -> None:
    op.create_table(
        "runs",
        _own_id(),
        sa.Column("source_id", Id, nullable=False),
        *_text("begun_at", "ended_at", "outcome"),
        *_counts("pages", "records", "new", "changed", "problems"),
        *_text("message"),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_runs_source_id"),
    )
    op.create_index("ix_runs_source_id", "runs", ["source_id"])


def _days_and_gaps() -> None:
    op.create_table(
        "source_days",
        sa.Column("source_id", Id, autoincrement=False, nullable=False),
        *_text("day"),
        *_counts("papers", "looks"),
        *_text("looked_at"),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "day", name="pk_source_days"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_source_days_source_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "gaps",
        _own_id(),
        *_text("kind", "scheme", "name", "found_at"),
        *_counts("tries"),
        *_text("tried_at", "outcome", "closed_at"),
        sa.PrimaryKeyConstraint("id", name="pk_gaps"),
        sa.UniqueConstraint("kind", "scheme", "name", name="uq_gaps_kind_scheme_name"),
    )


def _editions() -> None:
    op.create_table(
        "editions",
        _own_id(),
        sa.Column("record_id", Id, nullable=False),
        *_text("told_at", "until", "payload"),
        sa.PrimaryKeyConstraint("id", name="pk_editions"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_editions_record_id"),
    )
    op.create_index("ix_editions_record_id", "editions", ["record_id"])


def _turns() -> None:
    op.create_table(
        "hosts",
        *_text("name", "holder", "held_until", "next_at"),
        *_counts("failures"),
        *_text("message"),
        sa.PrimaryKeyConstraint("name", name="pk_hosts"),
    )
    op.create_table("leases", *_text("name", "holder", "until"), sa.PrimaryKeyConstraint("name", name="pk_leases"))


def _alerts() -> None:
    op.create_table(
        "alerts",
        _own_id(),
        *_text("name", "message", "began_at", "told_at", "ended_at"),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
    )


def _first_days() -> None:
    """Leave each paper on the daily page that it was first on."""
    op.execute(
        "DELETE FROM daily_entries WHERE day > "
        "(SELECT min(told.day) FROM daily_entries AS told WHERE told.paper_id = daily_entries.paper_id)"
    )
