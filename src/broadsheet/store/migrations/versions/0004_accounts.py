"""Readers: who they are, how they prove it, and how often anybody may ask."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create what this revision tells of."""
    _facts()
    _limits()
    _readers()
    _ceremonies()
    _identities()
    _letters()
    _passkeys()
    _reader_addresses()
    _sessions()
    _tokens()


def _facts() -> None:
    op.create_table(
        "facts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_facts"),
    )


def _limits() -> None:
    op.create_table(
        "limits",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("free_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_limits"),
    )


def _readers() -> None:
    op.create_table(
        "readers",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("invited_by", Id, nullable=True),
        sa.Column("suspended_until", sa.Text(), nullable=False),
        sa.Column("suspended_why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_readers"),
        sa.UniqueConstraint("handle", name="uq_readers_handle"),
        sa.ForeignKeyConstraint(["invited_by"], ["readers.id"], name="fk_readers_invited_by"),
    )


def _ceremonies() -> None:
    op.create_table(
        "ceremonies",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reader_id", Id, nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_ceremonies"),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name="fk_ceremonies_reader_id"),
    )
    op.create_index("ix_ceremonies_reader_id", "ceremonies", ["reader_id"])


def _identities() -> None:
    op.create_table(
        "identities",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reader_id", Id, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_identities"),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name="fk_identities_reader_id"),
    )
    op.create_index("ix_identities_reader_id", "identities", ["reader_id"])


def _letters() -> None:
    op.create_table(
        "letters",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reader_id", Id, nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_letters"),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name="fk_letters_reader_id"),
    )
    op.create_index("ix_letters_reader_id", "letters", ["reader_id"])


def _passkeys() -> None:
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("reader_id", Id, nullable=False),
        sa.Column("user_handle", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_passkeys"),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name="fk_passkeys_reader_id"),
    )
    op.create_index("ix_passkeys_reader_id", "passkeys", ["reader_id"])


def _reader_addresses() -> None:
    op.create_table(
        "reader_addresses",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reader_id", Id, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("verified_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_reader_addresses"),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name="fk_reader_addresses_reader_id"),
    )
    op.create_index("ix_reader_addresses_reader_id", "reader_addresses", ["reader_id"])


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("reader_id", Id, nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_sessions"),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name="fk_sessions_reader_id"),
    )
    op.create_index("ix_sessions_reader_id", "sessions", ["reader_id"])


def _tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("reader_id", Id, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("hash", name="uq_tokens_hash"),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name="fk_tokens_reader_id"),
    )
    op.create_index("ix_tokens_reader_id", "tokens", ["reader_id"])
