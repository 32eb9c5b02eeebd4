"""The tables of comments, what is said to them, and what a reader is told of."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from broadsheet.store.schema import Id, metadata, own_id

comments = Table(
    "comments",
    metadata,
    own_id(),
    Column("paper_id", Id, ForeignKey("papers.id"), nullable=False, index=True),  # the paper it stands under
    Column("said_of", Id, ForeignKey("papers.id"), nullable=False, index=True),  # which may be part of that one now
    Column("reader_id", Id, ForeignKey("readers.id"), index=True),  # none once who wrote it has left
    Column("parent_id", Id, ForeignKey("comments.id"), index=True),  # the comment it answers, never an answer itself
    Column("body", Text, nullable=False),  # Markdown
    Column("at", Text, nullable=False),
    Column("edited_at", Text, nullable=False),
    Column("state", Text, nullable=False),  # shown, held, hidden or withdrawn
)

# What a comment said before it was edited.
comment_editions = Table(
    "comment_editions",
    metadata,
    own_id(),
    Column("comment_id", Id, ForeignKey("comments.id"), nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("until", Text, nullable=False),
)

reactions = Table(
    "reactions",
    metadata,
    Column("comment_id", Id, ForeignKey("comments.id"), primary_key=True, autoincrement=False),
    Column("reader_id", Id, ForeignKey("readers.id"), primary_key=True, autoincrement=False, index=True),
    Column("emoji", Text, primary_key=True),
    Column("at", Text, nullable=False),
    sqlite_with_rowid=False,
)

notices = Table(
    "notices",
    metadata,
    own_id(),
    Column("reader_id", Id, ForeignKey("readers.id"), nullable=False),
    Column("kind", Text, nullable=False),  # mention, answer, reaction, comment, submission, claim, moderation, follow
    Column("by_id", Id, ForeignKey("readers.id")),  # whose doing it was; none for the house
    Column("paper_id", Id, ForeignKey("papers.id")),
    Column("comment_id", Id, ForeignKey("comments.id")),
    Column("words", Text, nullable=False),  # plain text
    Column("at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
)

Index("ix_notices_reader_id_seen_at", notices.c.reader_id, notices.c.seen_at)
