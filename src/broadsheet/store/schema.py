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


def _own_id(name: str = "id") -> Column[int]:
    return Column(name, Id, primary_key=True, autoincrement=False)


papers = Table(
    "papers",
    metadata,
    _own_id(),
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
    Column("merged_into", Id, ForeignKey("papers.id")),  # a merged paper stays, so that its number still leads on
)

records = Table(
    "records",
    metadata,
    _own_id(),
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
    _own_id("seq"),
    Column("paper_id", Id, ForeignKey("papers.id"), nullable=False),
    Column("at", Text, nullable=False),
)

merges = Table(
    "merges",
    metadata,
    _own_id(),
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
    _own_id(),
    Column("hash", BigInteger, nullable=False, unique=True),  # of source, place, kind and message
    Column("source", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("raw", Text, nullable=False),
    Column("at", Text, nullable=False),
)

# One state of one embedder and where all papers lie in it; vectors of two spaces are never compared.
spaces = Table(
    "spaces",
    metadata,
    _own_id(),
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
    _own_id("seq"),
    Column("space_id", Id, ForeignKey("spaces.id"), nullable=False),
    Column("paper_id", Id, ForeignKey("papers.id"), nullable=False),
    Column("text_hash", BigInteger, nullable=False),  # of the text that was embedded
    Column("vector", LargeBinary),  # IEEE 754 half precision, little-endian; none for a paper that is gone
    UniqueConstraint("space_id", "paper_id", name="uq_embeddings_space_id_paper_id"),
)

saved_searches = Table(
    "saved_searches",
    metadata,
    _own_id(),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),  # JSON
    Column("at", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
)

selftests = Table(
    "selftests",
    metadata,
    _own_id(),
    Column("space_id", Id, ForeignKey("spaces.id")),
    Column("at", Text, nullable=False),
    Column("report", Text, nullable=False),  # JSON
)

Index("ix_keep_apart_b", keep_apart.c.b)
