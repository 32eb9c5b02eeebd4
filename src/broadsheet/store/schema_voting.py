"""The tables of upvotes, and of what a paper's place among others is made of."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table, Text

from broadsheet.store.schema import Id, metadata, own_id

upvotes = Table(
    "upvotes",
    metadata,
    Column("paper_id", Id, ForeignKey("papers.id"), primary_key=True, autoincrement=False),
    Column("reader_id", Id, ForeignKey("readers.id"), primary_key=True, autoincrement=False, index=True),
    Column("at", Text, nullable=False),
    Column("network", Text, nullable=False),  # where it came from, cut to its network and keyed; empty after 30 days
    Column("waits", Text, nullable=False),  # why it does not count yet; empty for one that does
    sqlite_with_rowid=False,
)

# A log: whatever changes how much is known of a paper, so that any order can be made again for any moment.
evidence_log = Table(
    "evidence_log",
    metadata,
    own_id("seq"),
    Column("at", Text, nullable=False),
    Column("paper_id", Id, ForeignKey("papers.id"), nullable=False),
    Column("kind", Text, nullable=False),  # upvotes, comments, hf_upvotes, stars ...
    Column("value", BigInteger, nullable=False),  # the count from then on
)

# What a paper has, and the key it is put in order by; one row for each paper that has anything.
scores = Table(
    "scores",
    metadata,
    Column("paper_id", Id, ForeignKey("papers.id"), primary_key=True, autoincrement=False),
    Column("upvotes", BigInteger, nullable=False),  # those that count
    Column("waiting", BigInteger, nullable=False),
    Column("comments", BigInteger, nullable=False),
    Column("hf_upvotes", BigInteger, nullable=False),
    Column("stars_per_day", BigInteger, nullable=False),  # in thousandths
    Column("born", Text, nullable=False),
    Column("key", BigInteger, nullable=False),
)

Index("ix_evidence_log_paper_id_at", evidence_log.c.paper_id, evidence_log.c.at)
Index("ix_scores_key", scores.c.key)
Index("ix_upvotes_at", upvotes.c.at)
