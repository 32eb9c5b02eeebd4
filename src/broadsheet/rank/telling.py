"""Which sentences of an abstract tell what a paper found, for whoever reads only one or two."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

_TITLE, _WHOLE = 0.5, 0.5
_CUE = 0.15
_EDGE = 0.05
_TOO_SHORT, _TOO_LONG = 40, 320
_ALIKE = 0.5
_ODD = 0.3
_CUES = re.compile(
    r"\b(?:we|this (?:paper|work)) (?:\w+ly )?(?:propose|introduce|present|show|find|develop|demonstrate)s?\b"
    r"|\b(?:outperform|achiev|surpass|improv)(?:s|es|ing|ed|e)?\b",
    re.IGNORECASE,
)


def telling(sentences: Sequence[str], vectors: Vectors, title: Vectors, most: int = 2) -> tuple[int, ...]:
    """Give the numbers of at most ``most`` sentences that tell most, in the order of the text.

    ``vectors`` is ``(len(sentences), dimension)`` and ``title`` one row, all of unit length. A sentence counts for
    being near the title and the middle of all sentences (centroid-based summarisation: Radev et al. 2004, with vectors
    of words Rossiello et al. 2017), for saying that something was done or found, and for where it stands; each further
    one also for being unlike those chosen (maximal marginal relevance: Carbonell and Goldstein 1998). Ties go to the
    first.
    """
    if not sentences:
        return ()
    scores = _scores(sentences, vectors, title)
    chosen: list[int] = []
    while len(chosen) < min(most, len(sentences)):
        left = scores.copy()
        if chosen:
            left -= _ALIKE * np.einsum("ij,kj->ik", vectors, vectors[chosen]).max(axis=1)
        left[chosen] = -np.inf
        chosen.append(int(left.argmax()))
    return tuple(sorted(chosen))


def _scores(sentences: Sequence[str], vectors: Vectors, title: Vectors) -> Vectors:
    middle = vectors.mean(axis=0)
    length = float(np.linalg.norm(middle))
    near = _TITLE * np.einsum("ij,j->i", vectors, title)
    near += _WHOLE * np.einsum("ij,j->i", vectors, middle) / np.float32(length or 1.0)
    said = [_CUE * bool(_CUES.search(text)) - _ODD * (not _TOO_SHORT <= len(text) <= _TOO_LONG) for text in sentences]
    last = len(sentences) - 1
    placed = [_EDGE * (number in {0, last}) for number in range(len(sentences))]
    scores: Vectors = (near + np.array(said) + np.array(placed)).astype(np.float32)
    return scores
