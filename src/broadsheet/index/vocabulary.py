"""The commoner words of an index, and which of them a misspelt word was meant to be."""

from collections.abc import Iterable
from math import log
from string import ascii_lowercase
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SHORTEST, LONGEST = 4, 24
_TWO_EDITS_FROM = 8
# How much commoner a word must be to make up for one more edit, and for another first letter, in powers of e.
_EDIT, _FIRST_LETTER = 6.0, 2.0
_TIMES_AT_TWO_EDITS = 20
_LONG_ENOUGH = 6
_MASK_BITS = 63

_Codes = NDArray[np.int32]


class Near(NamedTuple):
    """A word of the vocabulary, how many papers have it, and how many edits it is away."""

    word: str
    papers: int
    edits: int


class Vocabulary:
    """Words of 4 to 24 letters with their numbers of papers, to be looked through by edit distance."""

    def __init__(self, counted: Iterable[tuple[str, int]]) -> None:
        known = [(word, papers) for word, papers in counted if SHORTEST <= len(word) <= LONGEST and word.isalpha()]
        known.sort(key=lambda entry: len(entry[0]))
        self._words = [word for word, _ in known]
        self._papers = [papers for _, papers in known]
        lengths = np.array([len(word) for word in self._words], dtype=np.int64)
        self._starts = np.searchsorted(lengths, np.arange(LONGEST + 3))
        self._lengths = lengths
        self._codes = _codes(self._words)
        self._masks = _masks(self._codes)

    def within(self, word: str, edits: int) -> list[Near]:
        """Give the words at most so many edits from one of 4 to 24 letters, but not itself.

        An edit is a letter missing, too many, wrong, or two neighbours swapped (Damerau 1964, in the restricted form).
        About a millisecond for 60,000 words.
        """
        first, last = self._starts[max(len(word) - edits, 0)], self._starts[min(len(word) + edits, LONGEST) + 1]
        asked = _codes([word])
        # One edit changes at most two of the letters that occur, so most words need not be compared.
        alike = np.bitwise_count(self._masks[first:last] ^ _mask(word)) <= 2 * edits
        places = np.flatnonzero(alike) + first
        if not len(places):
            return []
        distances = _distances(self._codes[places, : len(word) + edits], self._lengths[places], asked[0, : len(word)])
        return [
            Near(self._words[place], self._papers[place], int(distance))
            for place, distance in zip(places, distances, strict=True)
            if 0 < distance <= edits
        ]


def likeliest(word: str, found: Iterable[Near], least: int) -> str:
    """Give the word a reader most likely meant by a misspelt one: the nearest and commonest; empty for none.

    It is one that ``least`` papers have, many more where it is two edits away. A short word with another letter is
    mostly another word and never taken for a slip.
    """
    likely = [near for near in found if near.papers >= least and _is_likely(word, near, least)]
    return max(likely, key=lambda near: (_likelihood(word, near), near.word), default=Near("", 0, 0)).word


def _is_likely(word: str, near: Near, least: int) -> bool:
    if near.edits > 1:
        return near.word[0] == word[0] and near.papers >= least * _TIMES_AT_TWO_EDITS
    return len(word) >= _LONG_ENOUGH or len(word) != len(near.word) or sorted(word) == sorted(near.word)


def first_letters(word: str) -> list[str]:
    """Give what a word may be but for its first letter: missing, wrong, too many or swapped. Most are no words."""
    others = [letter + rest for letter in ascii_lowercase for rest in (word, word[1:]) if letter != word[0]]
    return [*others, word[1:], word[1] + word[0] + word[2:]]


def edits_allowed(word: str) -> int:
    """Tell how many edits a word may be away from what it was meant to be."""
    return 0 if not SHORTEST <= len(word) <= LONGEST else 2 if len(word) >= _TWO_EDITS_FROM else 1


def _likelihood(word: str, near: Near) -> float:
    return log(near.papers) - _EDIT * near.edits - _FIRST_LETTER * (near.word[0] != word[0])


def _codes(words: list[str]) -> _Codes:
    """Lay words out as rows of code points, 0 past the end."""
    return np.array(words, dtype=f"U{LONGEST}").view(np.int32).reshape(len(words), LONGEST)


def _masks(codes: _Codes) -> NDArray[np.uint64]:
    """Give each row the set of its letters as bits; two letters may share one."""
    masks = np.zeros(len(codes), dtype=np.uint64)
    for column in codes.T:
        bits = np.left_shift(np.uint64(1), (column & _MASK_BITS).astype(np.uint64))
        masks |= np.where(column > 0, bits, np.uint64(0))
    return masks


def _mask(word: str) -> np.uint64:
    mask = 0
    for letter in word:
        mask |= 1 << (ord(letter) & _MASK_BITS)
    return np.uint64(mask)


def _distances(codes: _Codes, lengths: NDArray[np.int64], word: _Codes) -> NDArray[np.int8]:
    """Count the edits from a word to each row, all rows at once (optimal string alignment, row by row)."""
    rows, width = codes.shape
    ramp = np.arange(width + 1, dtype=np.int8)
    older = previous = np.broadcast_to(ramp, (rows, width + 1))
    for at, letter in enumerate(word):
        current = np.empty((rows, width + 1), dtype=np.int8)
        current[:, 0] = at + 1
        np.minimum(previous[:, 1:] + np.int8(1), previous[:, :-1] + (codes != letter), out=current[:, 1:])
        if at:
            swapped = (codes[:, 1:] == word[at - 1]) & (codes[:, :-1] == letter)
            np.minimum(current[:, 2:], older[:, :-2] + np.int8(1), out=current[:, 2:], where=swapped)
        # A letter too many in the row costs one more than its left neighbour: a running minimum along the ramp.
        current = np.minimum.accumulate(current - ramp, axis=1) + ramp
        older, previous = previous, current
    found: NDArray[np.int8] = previous[np.arange(rows), lengths]
    return found
