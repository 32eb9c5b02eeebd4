"""Where papers lie: a log of embeddings for each space, which a vector index reads on from the last number it saw."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, func, literal_column, select, type_coerce
from sqlalchemy.types import NullType

from broadsheet.errors import Unavailable
from broadsheet.store import bulk, spaces
from broadsheet.store.papers import LIVE
from broadsheet.store.schema import embeddings, papers

Vectors = NDArray[np.float32]
# Half precision moves no cosine of unit vectors by as much as 0.001; a million papers of 256 numbers take 512 MB.
KEPT = np.dtype("<f2")
# Whole papers are deleted so many at a time, so that other writers get their turn.
_DELETED_AT_ONCE = 20_000

# Both drivers give bytes; asked for by its type each would be copied once more, a third of the time.
_KEPT_VECTOR = type_coerce(embeddings.c.vector, NullType())
_OF_SPACE = embeddings.c.space_id == bindparam("space")
_LOG = (
    select(embeddings.c.seq, embeddings.c.paper_id, _KEPT_VECTOR)
    # The sum keeps SQLite from finding the space first and sorting all of it by number.
    .where(embeddings.c.space_id + literal_column("0") == bindparam("space"), embeddings.c.seq > bindparam("seq"))
    .order_by(embeddings.c.seq)
    .limit(bindparam("most"))
)
_VECTORS = select(embeddings.c.paper_id, _KEPT_VECTOR).where(embeddings.c.vector.is_not(None), _OF_SPACE)
_HASHES = select(embeddings.c.paper_id, embeddings.c.text_hash, embeddings.c.vector.is_not(None)).where(_OF_SPACE)
_COUNT = select(func.count()).where(_OF_SPACE, embeddings.c.vector.is_not(None))
_ENTRIES = select(func.count()).where(_OF_SPACE)
_BACKLOG = (
    select(papers.c.id)
    .where(
        LIVE,
        papers.c.id.not_in(select(embeddings.c.paper_id).where(_OF_SPACE, embeddings.c.vector.is_not(None))),
    )
    .order_by(papers.c.published.desc(), papers.c.id.desc())
)
_LEFT_BEHIND = (
    select(embeddings.c.paper_id)
    .join(papers, papers.c.id == embeddings.c.paper_id)
    .where(_OF_SPACE, embeddings.c.vector.is_not(None), ~LIVE)
    .order_by(embeddings.c.paper_id)
)
_IN_PLACE = (
    "ON CONFLICT (space_id, paper_id) DO UPDATE SET "
    "seq = excluded.seq, text_hash = excluded.text_hash, vector = excluded.vector"
)
_DELETE = embeddings.delete().where(
    _OF_SPACE,
    embeddings.c.paper_id.in_(select(embeddings.c.paper_id).where(_OF_SPACE).limit(_DELETED_AT_ONCE)),
)


class News(NamedTuple):
    """A piece of the log up to number ``upto``: vectors by paper id, ``(len(ids), dimension)``, and papers gone."""

    ids: Sequence[int]
    vectors: Vectors
    removed: Sequence[int]
    upto: int


def after(connection: Connection, space: spaces.Space, seq: int, limit: int) -> News:
    """Give at most ``limit`` entries of a space's log after number ``seq``; none when ``upto`` is still ``seq``.

    A paper is in the log once, at its last number. Vectors are float32 and of unit length.
    """
    rows = connection.execute(_LOG, {"space": space.id, "seq": seq, "most": limit}).all()
    kept = [(paper_id, vector) for _, paper_id, vector in rows if vector is not None]
    gone = [paper_id for _, paper_id, vector in rows if vector is None]
    vectors = _read([vector for _, vector in kept], space.identity.dimension)
    return News([paper_id for paper_id, _ in kept], vectors, gone, rows[-1][0] if rows else seq)


def by_papers(connection: Connection, space: spaces.Space, ids: Collection[int]) -> dict[int, Vectors]:
    """Give the vectors of papers; those that have none are left out."""
    found = list(bulk.by_keys(connection, _VECTORS, embeddings.c.paper_id, ids, space=space.id))
    vectors = _read([vector for _, vector in found], space.identity.dimension)
    return {paper_id: vector for (paper_id, _), vector in zip(found, vectors, strict=True)}


def text_hashes(connection: Connection, space_id: int, ids: Collection[int]) -> dict[int, int]:
    """Give the hashes of the texts that papers were embedded by; papers without an embedding are left out."""
    found = bulk.by_keys(connection, _HASHES, embeddings.c.paper_id, ids, space=space_id)
    return {paper_id: text_hash for paper_id, text_hash, stands in found if stands}


def backlog(connection: Connection, space_id: int) -> list[int]:
    """Give the papers without an embedding, newest first."""
    return list(connection.execute(_BACKLOG, {"space": space_id}).scalars())


def left_behind(connection: Connection, space_id: int) -> list[int]:
    """Give the papers that have an embedding and are gone."""
    return list(connection.execute(_LEFT_BEHIND, {"space": space_id}).scalars())


def count(connection: Connection, space_id: int) -> int:
    """Count the papers embedded in a space."""
    return int(connection.execute(_COUNT, {"space": space_id}).scalar_one())


def entries(connection: Connection, space_id: int) -> int:
    """Count a space's entries, those of papers gone too: from an index, so cheaper than ``count``."""
    return int(connection.execute(_ENTRIES, {"space": space_id}).scalar_one())


def put(
    connection: Connection,
    space_id: int,
    texts: Sequence[tuple[int, int]],
    vectors: Sequence[Vectors],
    gone: Collection[int] = (),
) -> None:
    """Keep embeddings under new numbers, each in place of what the space had of its paper.

    ``texts`` are ``(paper id, hash of the text embedded)``; ``vectors`` holds as many rows in all, in pieces of any
    size. The embeddings of ``gone`` papers end.
    """
    first = spaces.next_seq(connection)
    kept = [vector for piece in vectors for vector in _write(piece)]
    rows: list[tuple[int, int, int, int, bytes | None]] = [
        (seq, space_id, paper_id, text_hash, vector)
        for seq, ((paper_id, text_hash), vector) in enumerate(zip(texts, kept, strict=True), first)
    ]
    rows += [(seq, space_id, paper_id, 0, None) for seq, paper_id in enumerate(gone, first + len(rows))]
    if rows:
        bulk.insert(connection, embeddings, rows, conflict=_IN_PLACE)
        spaces.raise_head(connection, space_id, rows[-1][0])


def delete_some(connection: Connection, space_id: int) -> int:
    """Delete a batch of a space's embeddings; gives how many, 0 when none is left."""
    return connection.execute(_DELETE, {"space": space_id}).rowcount


def _read(kept: Sequence[bytes], dimension: int) -> Vectors:
    if any(len(vector) != dimension * KEPT.itemsize for vector in kept):
        raise Unavailable("The stored embeddings are damaged; `broadsheet reindex --embeddings` makes them anew.")
    vectors = np.frombuffer(b"".join(kept), KEPT).reshape(-1, dimension).astype(np.float32)
    # Rounding to half precision has changed the lengths a little; a vector of zeros stays one.
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, np.newaxis]
    np.divide(vectors, lengths, out=vectors, where=lengths > 0)
    return vectors


def _write(vectors: Vectors) -> list[bytes]:
    held, width = vectors.astype(KEPT).tobytes(), vectors.shape[1] * KEPT.itemsize
    return [held[start : start + width] for start in range(0, len(held), width)]
