"""The tables. Records are the truth; papers, external ids and daily entries are composed from them, kept for speed."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite makes a column the row's own number only when it is declared exactly INTEGER. Numbers are given out by the
# writer, of whom there is one at a time, so batches need no round trip to learn them.
Id = BigInteger().with_variant(Integer(), "sqlite")


def own_id(name: str = "id") -> Column[int]:
    """Give the column of a row's own number."""
    return Column(name, Id, primary_key=True, autoincrement=False)


papers = Table(
    "papers",
    metadata,
    own_id(),
    Column("slug", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("abstract", Text, nullable=False),
    Column("document", Text, nullable=False),  # JSON: all that is shown and has no column
    Column("published", Text, nullable=False),
    Column("upvotes", BigInteger, nullable=False),
    Column("comments", BigInteger, nullable=False),
    Column("stars", BigInteger, nullable=False),
    Column("citations", BigInteger, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("stamp", BigInteger, nullable=False),
    # A merged paper stays, so that its number still leads on.
    Column("merged_into", Id, ForeignKey("papers.id"), index=True),
)

records = Table(
    "records",
    metadata,
    own_id(),
    Column("paper_id", Id, ForeignKey("papers.id"), index=True),  # none for what was taken back before it was told
    Column("founded", Id),  # the paper that came to be with this record; decides which number a work keeps
    Column("source", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("title_key", BigInteger, nullable=False, index=True),
    Column("payload", Text, nullable=False),  # JSON
    Column("hash", BigInteger, nullable=False),  # of the payload
    Column("observed", Text, nullable=False),  # when the source said so last
    Column("taken_back", Text, nullable=False),  # when the source took it back last; it stands again if observed later
    UniqueConstraint("source", "key", "version"),
)

external_ids = Table(
    "external_ids",
    metadata,
    Column("scheme", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("paper_id", Id, ForeignKey("papers.id"), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

daily_entries = Table(
    "daily_entries",
    metadata,
    Column("day", Text, primary_key=True),
    Column("paper_id", Id, ForeignKey("papers.id"), primary_key=True, autoincrement=False, index=True),
    sqlite_with_rowid=False,
)

signals = Table(
    "signals",
    metadata,
    Column("record_id", Id, ForeignKey("records.id"), primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("at", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

changes = Table(
    "changes",
    metadata,
    own_id("seq"),
    Column("paper_id", Id, ForeignKey("papers.id"), nullable=False),
    Column("at", Text, nullable=False),
)

merges = Table(
    "merges",
    metadata,
    own_id(),
    Column("winner", Id, ForeignKey("papers.id"), nullable=False),
    Column("loser", Id, ForeignKey("papers.id")),  # none when a new record joined
    Column("kept", Text, nullable=False),  # JSON: the numbers of the records that were there
    Column("moved", Text, nullable=False),  # JSON: the numbers of those that joined them
    Column("reason", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("undone_at", Text),
)

keep_apart = Table(
    "keep_apart",
    metadata,
    Column("a", Id, ForeignKey("records.id"), primary_key=True, autoincrement=False),
    Column("b", Id, ForeignKey("records.id"), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

problems = Table(
    "problems",
    metadata,
    own_id(),
    Column("hash", BigInteger, nullable=False, unique=True),  # of source, place, kind and message
    Column("source", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("raw", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("settled", Text, nullable=False, server_default=""),  # ignored, or read when a later try could read it
    Column("settled_at", Text, nullable=False, server_default=""),
)

# One state of one embedder and where all papers lie in it; vectors of two spaces are never compared.
spaces = Table(
    "spaces",
    metadata,
    own_id(),
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("dimension", BigInteger, nullable=False),
    Column("token", Text, nullable=False),  # names what is derived from it on disk; never used twice
    Column("seen", BigInteger, nullable=False),  # the last changes.seq that is embedded
    Column("head", BigInteger, nullable=False),  # the last embeddings.seq of this space; 0 while there is none
    Column("complete", Boolean, nullable=False),  # every paper has been embedded once
    Column("weight", Float),  # the share of meaning beside words that the self-test chose
    Column("at", Text, nullable=False),
    Column("dropped_at", Text),
)

# A log: whatever happens to a paper's embedding gives it a new, higher number, so that an index can read on.
embeddings = Table(
    "embeddings",
    metadata,
    own_id("seq"),
    Column("space_id", Id, ForeignKey("spaces.id"), nullable=False),
    Column("paper_id", Id, ForeignKey("papers.id"), nullable=False),
    Column("text_hash", BigInteger, nullable=False),  # of the text that was embedded
    Column("vector", LargeBinary),  # IEEE 754 half precision, little-endian; none for a paper that is gone
    UniqueConstraint("space_id", "paper_id", name="uq_embeddings_space_id_paper_id"),
)

saved_searches = Table(
    "saved_searches",
    metadata,
    own_id(),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),  # JSON
    Column("at", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("reader_id", Id, ForeignKey("readers.id"), index=True),  # none for one that the house itself keeps
)

selftests = Table(
    "selftests",
    metadata,
    own_id(),
    Column("space_id", Id, ForeignKey("spaces.id")),
    Column("at", Text, nullable=False),
    Column("report", Text, nullable=False),  # JSON
)

# What an operator wants harvested, and how that stands.
sources = Table(
    "sources",
    metadata,
    own_id(),
    Column("name", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("since", Text, nullable=False),  # the first day wanted; empty for what the source gives by itself
    Column("every_s", BigInteger, nullable=False),  # 0 for one that runs only when asked
    Column("paused", Boolean, nullable=False),
    Column("at", Text, nullable=False),
    Column("mark", Text, nullable=False),  # JSON: what the source's adapter remembers
    Column("ask", Text, nullable=False),  # JSON: the next request of a run that is not at its end; empty for none
    Column("want", Text, nullable=False),  # JSON: what that run was begun for; empty for none
    Column("failures", BigInteger, nullable=False),  # in a row
    Column("trouble", Text, nullable=False),  # why the last try failed; empty after one that did not
    Column("refused", Text, nullable=False),  # why it rests, where that is because a run was refused; else empty
    Column("next_at", Text, nullable=False),  # when it is due
    Column("tried_at", Text, nullable=False),
    Column("succeeded_at", Text, nullable=False),  # when a run last came to its end
)

runs = Table(
    "runs",
    metadata,
    own_id(),
    Column("source_id", Id, ForeignKey("sources.id"), nullable=False, index=True),
    Column("begun_at", Text, nullable=False),
    Column("ended_at", Text, nullable=False),
    Column("outcome", Text, nullable=False),  # running, done, stopped, waiting, parked or refused
    Column("pages", BigInteger, nullable=False),
    Column("records", BigInteger, nullable=False),
    Column("new", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("problems", BigInteger, nullable=False),
    Column("message", Text, nullable=False),
)

source_days = Table(
    "source_days",
    metadata,
    Column("source_id", Id, ForeignKey("sources.id"), primary_key=True, autoincrement=False),
    Column("day", Text, primary_key=True),
    Column("papers", BigInteger, nullable=False),
    Column("looks", BigInteger, nullable=False),
    Column("looked_at", Text, nullable=False),
    Column("final", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

# What should be on the shelf and is not: an id that its neighbours skip, a day without papers among busy ones.
gaps = Table(
    "gaps",
    metadata,
    own_id(),
    Column("kind", Text, nullable=False),  # id or day
    Column("scheme", Text, nullable=False),  # whose: arxiv, or a source's name
    Column("name", Text, nullable=False),
    Column("found_at", Text, nullable=False),
    Column("tries", BigInteger, nullable=False),
    Column("tried_at", Text, nullable=False),
    Column("outcome", Text, nullable=False),  # empty while open; filled, absent or ignored
    Column("closed_at", Text, nullable=False),
    UniqueConstraint("kind", "scheme", "name"),
)

# What a record said before it said something else.
editions = Table(
    "editions",
    metadata,
    own_id(),
    Column("record_id", Id, ForeignKey("records.id"), nullable=False, index=True),
    Column("told_at", Text, nullable=False),  # when the source said so
    Column("until", Text, nullable=False),  # when it said something else
    Column("payload", Text, nullable=False),  # JSON
)

# How services are asked by all processes together.
hosts = Table(
    "hosts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),  # whose turn it is; empty when it is nobody's
    Column("held_until", Text, nullable=False),
    Column("next_at", Text, nullable=False),  # nobody asks before
    Column("failures", BigInteger, nullable=False),  # in a row
    Column("message", Text, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Text, nullable=False),
)

# What an operator was told of, once each time it began and once when it was over.
alerts = Table(
    "alerts",
    metadata,
    own_id(),
    Column("name", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("began_at", Text, nullable=False),
    Column("told_at", Text, nullable=False),
    Column("ended_at", Text, nullable=False),
)

Index("ix_keep_apart_b", keep_apart.c.b)
Index("ix_changes_paper_id_seq", changes.c.paper_id, changes.c.seq)
