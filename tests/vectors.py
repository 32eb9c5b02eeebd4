"""An exact vector index and a small embedder for tests: slow, simple, and the same on every machine."""

from collections.abc import Collection, Sequence
from pathlib import Path
from zlib import crc32

import numpy as np

from broadsheet.errors import Unavailable
from broadsheet.index.port import VectorIndex, Vectors


def open_exact_index(folder: Path, dimension: int) -> VectorIndex:
    """Open the index whose snapshot lies in ``folder``, or an empty one."""
    return ExactIndex(folder, dimension)


class ExactIndex:
    """Vectors in a dictionary."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self._file = folder / "exact.npz"
        self.dimension = dimension
        self.closed = False
        self._held: dict[int, Vectors] = {}
        self._seen = 0
        if self._file.is_file():
            with np.load(self._file) as kept:
                self._held = dict(zip(kept["ids"].tolist(), kept["vectors"], strict=True))
                self._seen = int(kept["seen"])

    def seen(self) -> int:
        return self._seen

    def count(self) -> int:
        return len(self._held)

    def write(self, ids: Sequence[int], vectors: Vectors, removed: Collection[int], upto: int) -> None:
        assert vectors.shape == (len(ids), self.dimension)
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
        for paper_id in removed:
            self._held.pop(paper_id, None)
        self._held.update(zip(ids, vectors, strict=True))
        self._seen = upto

    def nearest(self, vector: Vectors, limit: int, *, among: Sequence[int] | None = None) -> list[tuple[int, float]]:
        ids = [paper_id for paper_id in (self._held if among is None else among) if paper_id in self._held]
        found = [(paper_id, float(self._held[paper_id] @ vector)) for paper_id in ids]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]

    def cosines(self, vector: Vectors, ids: Sequence[int]) -> list[float | None]:
        return [float(self._held[i] @ vector) if i in self._held else None for i in ids]

    def vectors(self, ids: Sequence[int]) -> dict[int, Vectors]:
        return {i: self._held[i] for i in ids if i in self._held}

    def save(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        vectors = np.array(list(self._held.values())).reshape(-1, self.dimension)
        np.savez(self._file, ids=np.array(list(self._held), np.int64), vectors=vectors, seen=self._seen)

    def close(self) -> None:
        self.closed = True


class WordEmbedder:
    """Counts words into a few buckets: texts that share words lie near each other. Remembers what it was given."""

    def __init__(self, name: str = "words", version: str = "1", dimension: int = 8, weight: float = 0.4) -> None:
        self.name = name
        self.version = version
        self.dimension = dimension
        self.weight = weight
        self.given: list[str] = []
        self.down = False

    def text_of(self, title: str, abstract: str) -> str:
        return f"{title}\n{abstract}"

    def query_text(self, query: str) -> str:
        return query

    def embed(self, texts: Sequence[str]) -> Vectors:
        if self.down:
            raise Unavailable("The embedder is down.")
        self.given += texts
        vectors = np.full((len(texts), self.dimension), 0.01, np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for word in text.split():
                vector[crc32(f"{self.version}{word}".encode()) % self.dimension] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
