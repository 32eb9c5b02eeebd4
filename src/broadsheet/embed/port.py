"""The port for embedders: texts go in, vectors of unit length come out."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Places texts in a space where the cosine of two vectors tells how near their topics are.

    Vectors of different embedders, or of two versions of one, are never compared: ``name``, ``version`` and
    ``dimension`` travel with every vector. All methods may be called from several threads.
    """

    @property
    def name(self) -> str:
        """Name the model, the same in every release of it."""

    @property
    def version(self) -> str:
        """Tell one state of the model from the next; it changes whenever any vector would."""

    @property
    def dimension(self) -> int:
        """Count the numbers in a vector."""

    @property
    def weight(self) -> float:
        """Tell how much this model's meaning counts beside words, 0 to 1, where no self-test has chosen better."""

    def text_of(self, title: str, abstract: str) -> str:
        """Give the text that stands for a paper, as this model reads it best."""

    def query_text(self, query: str) -> str:
        """Give the text that stands for what a reader asks; some models want to be told which of the two it is."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Give one row a text, ``(len(texts), dimension)``, each of unit length.

        Any text has a vector, also an empty one, and the same text has the same vector whatever stands beside it.
        Raises Unavailable when the model cannot be reached or read.
        """
