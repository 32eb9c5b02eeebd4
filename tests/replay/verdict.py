"""Judge a record of visits: was every gap kept, did no two overlap, was every wish to wait granted?"""

import itertools
from collections.abc import Sequence
from datetime import timedelta

from tests.replay.server import Visit


def too_close(visits: Sequence[Visit], gap_s: float) -> list[tuple[Visit, Visit]]:
    """Give the pairs of neighbours with less than a gap from the end of one to the beginning of the next."""
    ordered = sorted(visits, key=lambda visit: visit.began)
    least = timedelta(seconds=gap_s)
    return [(one, two) for one, two in itertools.pairwise(ordered) if two.begin - one.end < least]


def overlapping(spans: Sequence[tuple[float, float]]) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Give the pairs of which one begins before the other has ended."""
    ordered = sorted(spans)
    return [(one, two) for one, two in itertools.pairwise(ordered) if two[0] < one[1]]


def impatient(visits: Sequence[Visit]) -> list[tuple[Visit, Visit]]:
    """Give the pairs of which one was told to wait and the next came before."""
    ordered = sorted(visits, key=lambda visit: visit.began)
    return [
        (one, two) for one, two in itertools.pairwise(ordered) if two.begin - one.end < timedelta(seconds=one.wait_s)
    ]
