"""Is a paper's crowd of upvotes made of accounts that have too much in common?

Each test compares a paper's voters with those of all other papers: what share of upvotes comes from accounts in one
network, made within the same days, with hardly a history, or there for this paper alone. Where a paper has more of them
than chance explains, only as many count as its other voters make likely; the rest waits.
"""

import numpy as np

from broadsheet.rank.ballot import DAY_S, PARTY, Ballot, Floats, Ints, Mask, allowed, by_day, first_days, last, surprise

# The level of each test for each paper. Chernoff's bound is loose and readers are no coins, so what is seen is told by
# bench/rings.py. Accounts of one maker stand out by far, and so do newcomers, who are to be spared: hence the lowest.
NETWORK_ALPHA = 1e-5
COHORT_ALPHA = 1e-15
CROWD_ALPHA = 1e-6
ERRAND_ALPHA = 1e-6
# As many from one network, or made at one time, are taken for a lab that likes its own paper.
LAB = 12
# A party is doubted for next to no history only, and not for little, which many have.
NO_HISTORY = 0.1
COHORT_DAYS = 3.0
# A share that the votes of weeks do not show is not taken for nought, nor one they nearly always show for certain.
LEAST_SHARE, MOST_SHARE = 0.01, 0.9
# How readers who differ come for one paper alone, beside readers who all vote alike.
ERRANDS = 0.6
# What little history is: that of the readers of so much of all votes. Again after each round, since what was taken away
# may have hidden the rest.
CUTS = (0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
ROUNDS = 3


def neighbours(ballot: Ballot, counting: Mask) -> Mask:
    """Pick the votes past chance of networks that gave a paper far more than their share."""
    networks = ballot.networks[ballot.readers]
    known = counting & (networks >= 0)
    count = int(networks.max(initial=-1)) + 1
    groups = ballot.papers * max(count, 1) + np.maximum(networks, 0)
    _, group, size = np.unique(groups[known], return_inverse=True, return_counts=True)
    everywhere = np.bincount(networks[known], minlength=max(count, 1))
    here = size[group].astype(np.float64)
    share = _elsewhere(ballot, counting, known, everywhere[networks[known]], here)
    total = ballot.per_paper(counting)[ballot.papers[known]].astype(np.float64)
    linked = np.zeros(len(ballot), dtype=bool)
    linked[known] = (here > LAB) & (surprise(here, total, share) > -np.log(NETWORK_ALPHA))
    return last(ballot, linked, allowed(ballot, counting, linked))


def made_together(ballot: Ballot, counting: Mask) -> Mask:
    """Pick the votes past chance of accounts made within the same days."""
    made = ballot.made[ballot.readers]
    span = COHORT_DAYS * DAY_S
    order = np.lexsort((ballot.readers, made, ballot.papers))
    order = order[counting[order]]
    base = made.min(initial=0.0)
    step = made.max(initial=0.0) - base + 4 * span
    line = (made[order] - base) + ballot.papers[order] * step
    end = np.searchsorted(line, line + span, side="right")
    here = (end - np.arange(len(line))).astype(np.float64)
    overall = np.sort(made[counting])
    everywhere = np.searchsorted(overall, made[order] + span, side="right") - np.searchsorted(overall, made[order])
    share = _elsewhere(ballot, counting, order, everywhere, here)
    total = ballot.per_paper(counting)[ballot.papers[order]].astype(np.float64)
    level = -np.log(COHORT_ALPHA) + np.log(np.maximum(total, 1))  # as many windows as votes were looked at
    found = (here > LAB) & (surprise(here, total, share) > level)
    edge = np.zeros(len(line) + 1, dtype=np.int64)
    np.add.at(edge, np.flatnonzero(found), 1)
    np.add.at(edge, end[found], -1)
    linked = np.zeros(len(ballot), dtype=bool)
    linked[order] = np.cumsum(edge)[:-1] > 0
    return last(ballot, linked, allowed(ballot, counting, linked))


def crowded(ballot: Ballot, counting: Mask) -> Mask:
    """Pick the votes past chance of accounts with little history, or that came for this paper alone.

    History is: days with votes, votes for papers that did not lead their day, their share, and age.
    """
    histories = (_days(ballot, counting), _choices(ballot, counting), _independence(ballot, counting), -ballot.made)
    wait = np.zeros(len(ballot), dtype=bool)
    for _ in range(ROUNDS):
        for history in histories:
            wait |= _thin(ballot, counting & ~wait, history[ballot.readers])
    return wait | _one_errand(ballot, counting & ~wait)


def _thin(ballot: Ballot, counting: Mask, values: Floats) -> Mask:
    n = ballot.per_paper(counting).astype(np.float64)
    best = np.full(len(n), -np.log(CROWD_ALPHA / len(CUTS)))
    cut_at = np.full(len(n), -np.inf)
    for part in CUTS if counting.any() else ():
        cut = np.quantile(values[counting], part, method="lower")
        low = counting & (values <= cut)
        here = ballot.per_paper(low).astype(np.float64)
        share = np.clip((low.sum() - here) / np.maximum(counting.sum() - n, 1), LEAST_SHARE, MOST_SHARE)
        found = np.where((part <= NO_HISTORY) | (here > PARTY), surprise(here, n, share), 0)
        better = found > best
        best = np.where(better, found, best)
        cut_at = np.where(better, cut, cut_at)
    linked = counting & (values <= cut_at[ballot.papers])
    return last(ballot, linked, allowed(ballot, counting, linked))


def _days(ballot: Ballot, counting: Mask) -> Floats:
    readers = np.unique(ballot.visits(counting)) % max(len(ballot.made), 1)
    return np.bincount(readers, minlength=len(ballot.made)).astype(np.float64)


def _choices(ballot: Ballot, counting: Mask) -> Floats:
    """Count each reader's votes for papers that were not among the best third of their day."""
    order, first, end = by_day(ballot, counting, counting)
    leading = np.zeros(len(order), dtype=bool)
    leading[order] = np.arange(len(order)) - first < np.ceil((end - first) / 3)
    own = counting & ~leading[ballot.papers]
    return np.bincount(ballot.readers[own], minlength=len(ballot.made)).astype(np.float64)


def _independence(ballot: Ballot, counting: Mask) -> Floats:
    total = np.bincount(ballot.readers[counting], minlength=len(ballot.made)).astype(np.float64)
    share: Floats = (_choices(ballot, counting) + 1) / (total + 2)
    return share


def _one_errand(ballot: Ballot, counting: Mask) -> Mask:
    """Pick the votes past chance of more readers than a party who came on that day for this paper alone.

    Who votes on a day with ``m`` votes for other papers for each reader votes for none of them with about ``exp(-m)``;
    readers differ, so it is taken for ``exp(-0.6 m)``.
    """
    visits, visit, size = np.unique(ballot.visits(counting), return_inverse=True, return_counts=True)
    linked = np.zeros(len(ballot), dtype=bool)
    linked[counting] = size[visit] == 1
    first = first_days(ballot, counting)
    n, here = (ballot.per_paper(mask).astype(np.float64) for mask in (counting, linked))
    present = np.maximum(_on(visits // max(len(ballot.made), 1), first), 1)
    others = np.maximum(_on(ballot.days[counting], first) - n, 0)
    share = np.maximum(np.exp(-ERRANDS * others / present), LEAST_SHARE)
    found = (here > PARTY) & (surprise(here, n, share) > -np.log(ERRAND_ALPHA))
    linked &= found[ballot.papers]
    return last(ballot, linked, allowed(ballot, counting, linked))


def _on(days: Ints, these: Floats) -> Floats:
    days = np.sort(days)
    count: Ints = np.searchsorted(days, these, side="right") - np.searchsorted(days, these)
    return count.astype(np.float64)


def _elsewhere(ballot: Ballot, counting: Mask, these: Ints | Mask, everywhere: Ints, here: Floats) -> Floats:
    others = counting.sum() - ballot.per_paper(counting)[ballot.papers[these]]
    share: Floats = np.clip((everywhere - here) / np.maximum(others, 1), LEAST_SHARE, MOST_SHARE)
    return share
