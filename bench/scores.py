"""How well an order answers, and how sure a mean of that is."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
RESAMPLES = 1_000
SEED = 17


def ndcg(found: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Give the normalised discounted cumulative gain, the gain being the grade, as trec_eval and BEIR have it."""
    gained = _discounted([max(grades.get(paper, 0), 0) for paper in found[:depth]])
    best = _discounted(sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:depth])
    return gained / best if best else 0.0


def recall(found: Sequence[str], grades: Mapping[str, int], depth: int = 100) -> float:
    """Give the share of fitting papers among the first."""
    wanted = {paper for paper, grade in grades.items() if grade > 0}
    return len(wanted & set(found[:depth])) / len(wanted) if wanted else 0.0


def reciprocal_rank(found: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Give one over the rank of the first fitting paper, 0 when it is not among the first."""
    return next((1 / rank for rank, paper in enumerate(found[:depth], 1) if grades.get(paper, 0) > 0), 0.0)


def interval(each: Sequence[Scores]) -> tuple[float, float]:
    """Give a 95 % interval for the mean over sets of their means over queries: queries of each set are drawn anew."""
    draw = np.random.default_rng(SEED)
    means = [scores[draw.integers(len(scores), size=(RESAMPLES, len(scores)))].mean(axis=1) for scores in each]
    low, high = np.percentile(np.mean(means, axis=0), [2.5, 97.5])
    return float(low), float(high)


def _discounted(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))
