"""One order out of two: how well papers answer by words, and how near they are in meaning."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Scores = NDArray[np.float64]

_DECIMALS = 6

# How many standard deviations above the mean of all papers a cosine is no accident. Letters without a meaning reach six
# among 164,537 papers, words with one ten; dropping what is below three cost training queries nothing.
ABOVE_ALL = 3.0
CLEARLY = 5.5
# Feedback (Rocchio 1971, as used without judgements): the query moves towards the mean of the first hits. Both numbers
# chosen on training queries: SciFact's, keywords that authors gave, and libraries of readers.
FEEDBACK_HITS = 3
FEEDBACK_SHARE = 0.3
# The share of meaning that is left where somebody looks for something he knows: few papers have all the words, or there
# are few words. Chosen on titles' words in any order, whose papers must not be buried, and on authors' keywords.
NAVIGATIONAL = 0.25
MOST_NAVIGATIONAL_WORDS = 3
# A long text is told by its meaning better than a few words are; chosen on abstracts of papers readers kept together.
LONG_TEXT_GAIN = 1.25


class Fused(NamedTuple):
    """A paper in the common order; ``by_words`` tells whether it is there for its words."""

    paper_id: int
    score: float
    by_words: bool


class Candidates:
    """Papers found by words, or near in meaning, or both.

    ``words`` are papers with their score by words, best first; ``others`` are near in meaning only. The first ``whole``
    papers of ``words`` alone have all that was asked for; the title of the first ``titled`` is what was asked for.
    """

    def __init__(
        self, words: Sequence[tuple[int, float]], others: Iterable[int], *, titled: int = 0, whole: int = 0
    ) -> None:
        by_words = dict(words)
        self.ids = list(dict.fromkeys([*by_words, *others]))
        self._count = len(by_words)
        self._words = np.zeros(len(self.ids))
        self._words[: self._count] = list(by_words.values())
        if (best := self._words.max(initial=0.0)) > 0:
            self._words /= best
        place = np.arange(len(self.ids))
        # One step up for all that was asked for, two for being what was asked for.
        self._steps = (place < min(whole, self._count)).astype(float) + 2 * (place < min(titled, self._count))

    def leading(self, cosines: Scores, weight: float, most: int) -> list[int]:
        """Give the first papers in the order of ``fused``, at most ``most``."""
        order, _ = self._order(cosines, weight)
        return [self.ids[at] for at in order[:most]]

    def fused(self, cosines: Scores, weight: float) -> list[Fused]:
        """Order the papers by a convex combination of both scores, best first.

        ``cosines`` go with ``ids``, 0 for a paper without a vector; ``weight``, 0 to 1, is the share of meaning.
        Both sides are divided by their best, so a score is at most 1 (Bruch, Gai and Ingber, An Analysis of Fusion
        Functions for Hybrid Retrieval, 2023: a convex combination beats fused ranks, and hardly depends on how scores
        are normalised). Papers that alone have all that was asked for stay before the others, their scores above 1.
        Equal scores are ordered by words, then by id.
        """
        order, scores = self._order(cosines, weight)
        return [Fused(self.ids[at], score, at < self._count) for at, score in zip(order, scores, strict=True)]

    def _order(self, cosines: Scores, weight: float) -> tuple[list[int], list[float]]:
        near = np.maximum(cosines, 0.0)
        if (best := near.max(initial=0.0)) > 0:
            near /= best
        share = np.where(self._steps > 0, weight * NAVIGATIONAL, weight)
        scores = (1 - share) * self._words + share * near + self._steps
        order = np.lexsort((np.array(self.ids), -self._words, -scores))
        return order.tolist(), scores[order].tolist()


class Held:
    """The vectors that are held of papers, of unit length, to compare with several queries."""

    def __init__(self, held: Mapping[int, Vectors], ids: Sequence[int]) -> None:
        """Take the vectors of ``ids``, some of which may have none."""
        self._total = len(ids)
        self._known = [place for place, paper_id in enumerate(ids) if paper_id in held]
        self._rows = np.array([held[ids[place]] for place in self._known], np.float32)

    def cosines(self, query: Vectors) -> Scores:
        """Give the cosine between a query and each of the papers, 0 where no vector is held.

        Rounded to what sums of 256 numbers of 32 bits hold, so that equal vectors have equal cosines.
        """
        cosines = np.zeros(self._total)
        if self._known:
            cosines[self._known] = np.einsum("ij,j->i", self._rows, query).astype(np.float64).round(_DECIMALS)
        return cosines


def share_of_meaning(weight: float, words: int, *, passage: bool) -> float:
    """Give the share of meaning, 0 to 1, in a query of so many words, from an embedder's weight."""
    if passage:
        return min(1.0, weight * LONG_TEXT_GAIN)
    return weight * NAVIGATIONAL if words <= MOST_NAVIGATIONAL_WORDS else weight


def towards(query: Vectors, hits: Sequence[Vectors]) -> Vectors:
    """Move a query's vector towards the mean of its first hits'; of unit length again."""
    if not hits:
        return query
    return unit(query + np.float32(FEEDBACK_SHARE) * np.mean(np.stack(hits), axis=0))


def between(like: Sequence[Vectors], unlike: Sequence[Vectors]) -> Vectors:
    """Give the direction of papers like some and unlike others: mean minus half the others' mean (Rocchio 1971)."""
    wanted = np.mean(np.stack(like), axis=0)
    return unit(wanted - np.float32(0.5) * np.mean(np.stack(unlike), axis=0) if unlike else wanted)


def nearest(query: Vectors, rows: Vectors) -> int:
    """Give the number of the row, of ``(n, dimension)`` with n > 0, that is nearest to a query."""
    return int(np.einsum("ij,j->i", rows, query).argmax())


def unit(vector: Vectors) -> Vectors:
    """Scale a vector to length 1; one without a direction stays as it is."""
    length = float(np.linalg.norm(vector))
    return vector if length == 0 else (vector / np.float32(length)).astype(np.float32)


def on_topic(mean: float, deviation: float, *, matched: bool) -> float:
    """Give the cosine from which on a paper shares a query's topic, not only by accident.

    ``mean`` and ``deviation`` are those of the cosines between the query and all papers. Where no word ``matched`` any
    paper, nothing but meaning speaks for a hit, so it must speak clearly.
    """
    return mean + (CLEARLY if not matched else ABOVE_ALL) * deviation
