"""The tables of what a reader keeps: labels with their papers, and what was read or put off."""

from sqlalchemy import Column, ForeignKey, Table, Text, UniqueConstraint

from broadsheet.store.schema import Id, metadata, own_id

labels = Table(
    "labels",
    metadata,
    own_id(),
    Column("reader_id", Id, ForeignKey("readers.id"), nullable=False),
    Column("slug", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("seen_by", Text, nullable=False),  # me, group or all
    Column("organisation_id", Id, ForeignKey("organisations.id"), index=True),  # the group it is shared with
    Column("at", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    UniqueConstraint("reader_id", "slug"),
)

label_papers = Table(
    "label_papers",
    metadata,
    Column("label_id", Id, ForeignKey("labels.id"), primary_key=True, autoincrement=False),
    Column("paper_id", Id, ForeignKey("papers.id"), primary_key=True, autoincrement=False, index=True),
    Column("note", Text, nullable=False),
    Column("at", Text, nullable=False),
    sqlite_with_rowid=False,
)

readings = Table(
    "readings",
    metadata,
    Column("reader_id", Id, ForeignKey("readers.id"), primary_key=True, autoincrement=False),
    Column("paper_id", Id, ForeignKey("papers.id"), primary_key=True, autoincrement=False, index=True),
    Column("state", Text, nullable=False),  # read, later or hidden
    Column("at", Text, nullable=False),
    sqlite_with_rowid=False,
)
