"""The bundled embedder: a vector per word, learnt once from papers, weighted and added up. numpy and nothing else."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from broadsheet.embed.port import Vectors
from broadsheet.embed.words import grams, words
from broadsheet.errors import Unavailable

MODEL = "static.npz"
_KNOWN_UNKNOWNS = 1 << 14
# A word that stands four times in a text counts not quite three times; found on training queries.
REPETITION = 0.75
# A word of the title counts as if it stood there so often; found on training queries too.
TITLES = 3
# The share of meaning beside words; chosen on training queries as MODEL_CARD.md tells.
WEIGHT = 0.4


class StaticEmbedder:
    """The model in the package; it is read on first use, 14.6 MB on disk, about twice that in memory.

    A text's vector is the sum of its words' vectors, each times how often the word stands there to the power of 3/4,
    scaled to unit length. How much a word weighs is learnt and lies in its vector's length. A word that the model
    does not know is the mean of its character n-grams. ``MODEL_CARD.md`` tells what it was learnt from.
    """

    @property
    def name(self) -> str:
        """Name the model."""
        return "broadsheet-static"

    @property
    def version(self) -> str:
        """Tell the state of the model: a number, raised whenever it is trained anew."""
        return self._model.version

    @property
    def dimension(self) -> int:
        """Count the numbers in a vector."""
        return self._model.dimension

    @property
    def weight(self) -> float:
        """Tell how much meaning counts beside words."""
        return WEIGHT

    def text_of(self, title: str, abstract: str) -> str:
        """Give the text that stands for a paper: the title says in ten words what the abstract says in two hundred."""
        return f"{title}\n" * TITLES + abstract

    def query_text(self, query: str) -> str:
        """Give the query as it is: this model reads both alike."""
        return query

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Give one unit vector a text; a text without a letter or digit points equally along all axes."""
        model = self._model
        vectors = np.empty((len(texts), model.dimension), np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            vector[:] = model.place(text)
        return vectors

    @cached_property
    def _model(self) -> "_Model":
        try:
            with resources.as_file(resources.files(__package__) / MODEL) as path, np.load(path) as arrays:
                return _Model(arrays)
        except (OSError, ValueError, KeyError, BadZipFile) as error:
            raise Unavailable(
                f"The bundled embedder's file {MODEL} cannot be read; install Broadsheet anew."
            ) from error


class _Model:
    """The file's arrays, and the arithmetic on them.

    ``codes`` holds a row a word, then one a bucket of n-grams; two numbers of four bits in a byte, the even columns
    in the upper half. A number is ``(code - 8) * scale``, with a ``scale`` a row. ``words`` are the spellings, one a
    line, and ``rows`` their rows: plural and singular share one.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        packed = arrays["codes"]
        codes = np.empty((len(packed), 2 * packed.shape[1]), np.int8)
        codes[:, 0::2] = packed >> 4
        codes[:, 1::2] = packed & 15
        codes -= 8
        self.version = str(arrays["version"])
        self.dimension = int(codes.shape[1])
        self._codes = codes
        self._scales: Vectors = arrays["scales"].astype(np.float32)
        self._rows = dict(zip(arrays["words"].tobytes().decode().split("\n"), arrays["rows"].tolist(), strict=True))
        self._first_bucket = int(arrays["first_bucket"])
        self._buckets = len(codes) - self._first_bucket
        self._unknown = lru_cache(maxsize=_KNOWN_UNKNOWNS)(self._spell)

    def place(self, text: str) -> Vectors:
        """Give the unit vector of one text."""
        found = words(text)
        counts = Counter(map(self._rows.get, found))
        unknown = counts.pop(None, 0)
        rows = np.fromiter(counts.keys(), np.intp, len(counts))
        weights = np.fromiter(counts.values(), np.float32, len(counts)) ** np.float32(REPETITION) * self._scales[rows]
        vector: Vectors = weights @ self._codes[rows].astype(np.float32)
        if unknown:
            for word, count in Counter(word for word in found if word not in self._rows).items():
                vector += count**REPETITION * self._unknown(word)
        length = float(np.sqrt(vector @ vector))
        if length == 0:
            return np.full(self.dimension, self.dimension**-0.5, np.float32)
        return vector / np.float32(length)

    def _spell(self, word: str) -> Vectors:
        """Give the vector of a word the model does not know: the mean of its n-grams."""
        rows: NDArray[np.intp] = self._first_bucket + np.array(grams(word, self._buckets), np.intp)
        vector: Vectors = self._scales[rows] @ self._codes[rows].astype(np.float32) / np.float32(len(rows))
        return vector
