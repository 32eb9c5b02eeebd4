"""Which sentences of an abstract tell what a paper found, for whoever reads only one or two."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

# Chosen by bench/telling.py on half of its papers; what they come to on the others is in bench/RESULTS.md.
_TITLE, _CUE, _LENGTH, _LINK, _ALIKE = 1.0, 0.35, 0.2, 0.3, 0.5
_SHORTEST, _LONGEST = 50, 300
_WORD = re.compile(r"\w+")
_LINKED = re.compile(r"https?://|www\.|github\.com|\bavailable at\b", re.IGNORECASE)
_CUED = re.compile(
    r"\b(?:we|this (?:paper|work|report|study)) (?:\w+ly )?"
    r"(?:propose|introduce|present|show|find|develop|demonstrate|study|investigate|release|describe|address|report)s?\b",
    re.IGNORECASE,
)


def telling(title: str, sentences: Sequence[str], vectors: Vectors, most: int = 2) -> tuple[int, ...]:
    """Give the numbers of at most ``most`` sentences that tell most, in the order of the text.

    ``vectors`` is ``(len(sentences), dimension)``, each of unit length. A sentence counts for being near the middle of
    all (centroid-based summarisation: Radev et al. 2004; with vectors of words: Rossiello, Basile and Semeraro 2017),
    for the words of the title that it has, and for saying what the authors do (title and cue methods: Edmundson 1969);
    against it counts to be very short or long, or to lead elsewhere. Each further one is the better the less it is like
    those chosen (maximal marginal relevance: Carbonell and Goldstein 1998), and for words of the title that they do not
    have. Ties go to the first.
    """
    if not sentences:
        return ()
    spoken = [_words(sentence) for sentence in sentences]
    scores = _near_middle(vectors) + np.array([_said(sentence) for sentence in sentences])
    wanted, left = _words(title), _words(title)
    chosen: list[int] = []
    while len(chosen) < min(most, len(sentences)):
        now = scores + np.array([_TITLE * len(left & words) / max(len(wanted), 1) for words in spoken])
        if chosen:
            now -= _ALIKE * np.einsum("ij,kj->ik", vectors, vectors[chosen]).max(axis=1)
        now[chosen] = -np.inf
        chosen.append(int(now.argmax()))
        # What a title says need be said once.
        left -= spoken[chosen[-1]]
    return tuple(sorted(chosen))


def _near_middle(vectors: Vectors) -> NDArray[np.float64]:
    middle = vectors.mean(axis=0)
    near: NDArray[np.float64] = np.einsum("ij,j->i", vectors, middle).astype(np.float64)
    return near / (float(np.linalg.norm(middle)) or 1.0)


def _said(sentence: str) -> float:
    score = _CUE * bool(_CUED.search(sentence)) - _LINK * bool(_LINKED.search(sentence))
    return score - _LENGTH * (not _SHORTEST <= len(sentence) <= _LONGEST)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))
