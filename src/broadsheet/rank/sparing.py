"""Which upvotes that look like a ring's may count all the same, because they move no paper into the top 10 of its day?

Chance makes papers that look as if a ring had been there: a lab's, on a day with few votes. Most of them are far from
the top, or stand there without it.
"""

import numpy as np

from broadsheet.rank.ballot import LEAST_STANDING, PARTY, Ballot, Mask, last, tenth


def spared(ballot: Ballot, counting: Mask, held: Mask) -> Mask:
    """Pick the held votes that may count: no paper gets into the top 10 by them, even if it wins every tie.

    Those are all of a paper that they would leave below. Where there are no more than ``PARTY``: as many as leave it
    below, or all where it stands in the top 10 without. What they add to one paper only makes the top 10 harder to
    reach for the others.
    """
    counts, doubted = ballot.per_paper(counting), ballot.per_paper(held)
    mark = tenth(ballot, counting, counting | held)
    below = np.maximum(mark - 1 - counts, 0)
    stands = counts >= np.maximum(mark, LEAST_STANDING)
    room = np.where(doubted > PARTY, 0, np.where(stands, doubted, below))
    room = np.where(counts + doubted < mark, doubted, room)
    return held & ~last(ballot, held, room)
