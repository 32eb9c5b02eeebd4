"""The tables of authors, organisations and whom a reader follows."""

from sqlalchemy import Boolean, Column, ForeignKey, Table, Text

from broadsheet.store.schema import Id, metadata, own_id

authors = Table(
    "authors",
    metadata,
    own_id(),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("merged_into", Id, ForeignKey("authors.id")),  # an author merged into another stays, so that links lead on
)

# How an author is named on papers.
author_names = Table(
    "author_names",
    metadata,
    Column("key", Text, primary_key=True),  # the name as compared
    Column("author_id", Id, ForeignKey("authors.id"), primary_key=True, autoincrement=False, index=True),
    Column("name", Text, nullable=False),
    sqlite_with_rowid=False,
)

# Papers that a name alone would get wrong.
author_papers = Table(
    "author_papers",
    metadata,
    Column("author_id", Id, ForeignKey("authors.id"), primary_key=True, autoincrement=False),
    Column("paper_id", Id, ForeignKey("papers.id"), primary_key=True, autoincrement=False, index=True),
    Column("theirs", Boolean, nullable=False),
    Column("at", Text, nullable=False),
    sqlite_with_rowid=False,
)

author_history = Table(
    "author_history",
    metadata,
    own_id(),
    Column("author_id", Id, ForeignKey("authors.id"), nullable=False, index=True),
    Column("reader_id", Id, ForeignKey("readers.id"), index=True),  # whose doing; none for the house
    Column("act", Text, nullable=False),
    Column("detail", Text, nullable=False),  # JSON: what it takes to undo it
    Column("why", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("undone_at", Text, nullable=False),
)

claims = Table(
    "claims",
    metadata,
    own_id(),
    Column("reader_id", Id, ForeignKey("readers.id"), nullable=False, index=True),
    Column("author_id", Id, ForeignKey("authors.id"), nullable=False, index=True),
    Column("paper_id", Id, ForeignKey("papers.id")),
    Column("method", Text, nullable=False),  # mail, orcid, listed or moderator
    Column("state", Text, nullable=False),  # open, granted, refused, appealed or withdrawn
    Column("words", Text, nullable=False),  # the reader's own
    Column("why", Text, nullable=False),  # of the decision
    Column("at", Text, nullable=False),
    Column("settled_at", Text, nullable=False),
    Column("appealed_at", Text, nullable=False),
    Column("evidence", Text, nullable=False),  # what we found for it ourselves
)

organisations = Table(
    "organisations",
    metadata,
    own_id(),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("domain", Text, nullable=False),  # whoever has a mail address there is a member when they say so
    Column("at", Text, nullable=False),
)

organisation_names = Table(
    "organisation_names",
    metadata,
    Column("key", Text, primary_key=True),  # the name as compared
    Column("organisation_id", Id, ForeignKey("organisations.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
)

members = Table(
    "members",
    metadata,
    Column("organisation_id", Id, ForeignKey("organisations.id"), primary_key=True, autoincrement=False),
    Column("reader_id", Id, ForeignKey("readers.id"), primary_key=True, autoincrement=False, index=True),
    Column("role", Text, nullable=False),  # asked, invited, member or keeper
    Column("at", Text, nullable=False),
    sqlite_with_rowid=False,
)

follows = Table(
    "follows",
    metadata,
    Column("reader_id", Id, ForeignKey("readers.id"), primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),  # author, organisation, category, label or search
    Column("target", Text, primary_key=True),  # a slug, or a category's name
    Column("at", Text, nullable=False),
    sqlite_with_rowid=False,
)
