"""Do the same accounts upvote the same papers, together?

Readers with a taste share papers, and members of a lab share the lab's. A ring shares all it was made for. For two
papers it is asked how many of one's voters voted for the other, too, beside how many would if they chose by popularity
and taste.
"""

import numpy as np

from broadsheet.rank.ballot import Ballot, Floats, Ints, Mask, allowed, first_days, last, surprise

# The level for every two papers. There are many pairs, and labs; a ring of fifty is far beyond.
ALPHA = 1e-8
# How many times likelier than chance readers of one paper upvote another: people read within their fields.
TASTE = 2.0
# More than a lab of a dozen.
LEAST_TOGETHER = 13
# Who upvotes more than this in the time looked at shares papers with everybody.
MOST_VOTES = 200


def in_step(ballot: Ballot, counting: Mask) -> Mask:
    """Pick the votes past chance of accounts that voted for the same two papers.

    With ``A`` readers there on the day, a voter of one paper votes for another of ``n`` votes by chance with ``n/A``;
    it is taken for ``1 - (1 - n/A)**TASTE``.
    """
    readers, papers = _pairs(ballot, counting)
    n = ballot.per_paper(counting).astype(np.float64)
    count = len(n)
    code, pair, together = np.unique(papers[0] * count + papers[1], return_inverse=True, return_counts=True)
    one, other = code // max(count, 1), code % max(count, 1)
    few = np.minimum(n[one], n[other])
    part = np.minimum(n / _present(ballot, counting), 0.99)
    share = 1 - (1 - np.maximum(part[one], part[other])) ** TASTE
    found = (together >= LEAST_TOGETHER) & (surprise(together, few, share) > -np.log(ALPHA))
    hit = found[pair]
    pairs = np.concatenate((readers[hit] * count + papers[0][hit], readers[hit] * count + papers[1][hit]))
    linked = counting & np.isin(ballot.readers * count + ballot.papers, pairs)
    return last(ballot, linked, allowed(ballot, counting, linked))


def _pairs(ballot: Ballot, counting: Mask) -> tuple[Ints, tuple[Ints, Ints]]:
    """Give every two papers that a reader voted for, with the reader; the paper with the lower number first."""
    rows = np.flatnonzero(counting)
    rows = rows[np.lexsort((ballot.papers[rows], ballot.readers[rows]))]
    votes = np.bincount(ballot.readers[rows], minlength=len(ballot.made))
    rows = rows[votes[ballot.readers[rows]] <= MOST_VOTES]
    ends = np.searchsorted(ballot.readers[rows], ballot.readers[rows], side="right")
    after = ends - np.arange(len(rows)) - 1
    first = np.repeat(np.arange(len(rows)), after)
    start = np.cumsum(after) - after
    second = first + 1 + np.arange(len(first)) - start[first]
    return ballot.readers[rows][first], (ballot.papers[rows][first], ballot.papers[rows][second])


def _present(ballot: Ballot, counting: Mask) -> Floats:
    """Count, for each paper, the readers who voted for anything on its first day."""
    first = first_days(ballot, counting)
    seen = np.unique(ballot.visits(counting)) // max(len(ballot.made), 1)
    count: Ints = np.searchsorted(seen, first, side="right") - np.searchsorted(seen, first)
    return np.maximum(count, 1).astype(np.float64)
