"""The tables of what readers bring in, what they report, and what moderators did about it."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Table, Text

from broadsheet.store.schema import Id, metadata, own_id

submissions = Table(
    "submissions",
    metadata,
    own_id(),
    Column("reader_id", Id, ForeignKey("readers.id"), index=True),  # none once who brought it has left
    Column("paper_id", Id, ForeignKey("papers.id"), index=True),  # none while nothing is known of it
    Column("asked", Text, nullable=False),  # the id or address as read
    Column("day", Text, nullable=False),  # the daily page it is for
    Column("note", Text, nullable=False),  # plain text
    Column("media", Text, nullable=False),  # an http(s) address, or empty
    Column("state", Text, nullable=False),  # fetching, held, shown, refused or withdrawn
    Column("why", Text, nullable=False),  # why it is held or was refused
    Column("at", Text, nullable=False),
    Column("settled_at", Text, nullable=False),
    Column("found", Text, nullable=False),  # what a source said of it, as records are written down; empty until then
    Column("found_by", Text, nullable=False),  # that record's source and key, a blank between
    Column("tries", BigInteger, nullable=False),
    Column("again_at", Text, nullable=False),  # not to be asked for before then
)

reports = Table(
    "reports",
    metadata,
    own_id(),
    Column("kind", Text, nullable=False),  # comment, paper, submission or reader
    Column("target", Id, nullable=False),  # the number of what is reported
    Column("reader_id", Id, ForeignKey("readers.id"), index=True),
    Column("why", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("settled_at", Text, nullable=False),
    Column("outcome", Text, nullable=False),
)

# What moderators decided about a paper; a paper without a row is shown and open.
paper_rulings = Table(
    "paper_rulings",
    metadata,
    Column("paper_id", Id, ForeignKey("papers.id"), primary_key=True, autoincrement=False),
    Column("hidden", Boolean, nullable=False),
    Column("locked", Boolean, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Text, nullable=False),
)

# Every act of a moderator, for all to read.
moderation_log = Table(
    "moderation_log",
    metadata,
    own_id(),
    Column("reader_id", Id, ForeignKey("readers.id"), index=True),  # the moderator; none for the house itself
    Column("act", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("target", Id, nullable=False),
    Column("words", Text, nullable=False),  # what it was called then
    Column("why", Text, nullable=False),
    Column("at", Text, nullable=False),
)

Index("ix_submissions_state_again_at", submissions.c.state, submissions.c.again_at)
Index("ix_submissions_asked", submissions.c.asked)
Index("ix_moderation_log_kind_target", moderation_log.c.kind, moderation_log.c.target)
Index("ix_reports_kind_target", reports.c.kind, reports.c.target)
