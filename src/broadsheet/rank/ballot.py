"""Upvotes as columns, and how surprising a count is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


DAY_S = 86_400.0
# What a paper stands for by itself: a place among the best ten of its day, with as many upvotes.
TOP = 10
LEAST_STANDING = 3
# A lab and who passes by: so many doubted upvotes of a paper are no ring of fifty.
PARTY = 20
# A paper that stands by itself may bring newcomers: three for each other voter. Chosen on made-up readers, as all that
# follows: on the first half of the real days.
WELCOME = 3
# Below that, ten other voters make one doubted upvote likely; expectation would let through a lifted paper's margin.
DOUBTED = 0.1


class _Vote(Protocol):
    @property
    def reader(self) -> int: ...
    @property
    def paper(self) -> int: ...
    @property
    def at(self) -> float: ...


class _Reader(Protocol):
    @property
    def made_at(self) -> float: ...
    @property
    def network(self) -> str | None: ...
    @property
    def trust(self) -> int: ...


@dataclass(frozen=True, slots=True, eq=False)
class Ballot:
    """Votes in order of paper, time and reader. Readers and papers are numbered from 0 in order of their ids.

    For each vote: ``readers``, ``papers``, ``days`` since 1970. For each reader: ``made``, ``networks`` (-1 for
    none), ``trust``.
    """

    readers: Ints
    papers: Ints
    days: Ints
    made: Floats
    networks: Ints
    trust: Ints
    reader_ids: Ints
    paper_ids: Ints

    @classmethod
    def of(cls, votes: Iterable[_Vote], known: Mapping[int, _Reader]) -> "Ballot":
        """Set out votes. Raises KeyError for a vote of a reader who is not known."""
        given = list(votes)
        reader_ids, readers = np.unique(np.array([vote.reader for vote in given], dtype=np.int64), return_inverse=True)
        paper_ids, papers = np.unique(np.array([vote.paper for vote in given], dtype=np.int64), return_inverse=True)
        at = np.array([vote.at for vote in given], dtype=np.float64)
        order = np.lexsort((readers, at, papers))
        days = np.floor(at[order] / DAY_S).astype(np.int64)
        those = [known[each] for each in reader_ids.tolist()]
        names = sorted({each.network for each in those if each.network is not None})
        number = {name: place for place, name in enumerate(names)}
        return cls(
            readers[order].astype(np.int64),
            papers[order].astype(np.int64),
            days,
            np.array([each.made_at for each in those], dtype=np.float64),
            np.array([-1 if each.network is None else number[each.network] for each in those], dtype=np.int64),
            np.array([each.trust for each in those], dtype=np.int64),
            reader_ids,
            paper_ids,
        )

    def __len__(self) -> int:
        """Count the votes."""
        return len(self.readers)

    def per_paper(self, mask: Mask) -> Ints:
        """Count some of the votes of each paper."""
        return np.bincount(self.papers[mask], minlength=len(self.paper_ids))

    def visits(self, mask: Mask) -> Ints:
        """Give one number for each reader and day with one of these votes: ``day × readers + reader``, as often."""
        return self.days[mask] * len(self.made) + self.readers[mask]

    def named(self, mask: Mask) -> list[tuple[int, int]]:
        """Name some votes by the ids of reader and paper."""
        pairs = zip(self.reader_ids[self.readers[mask]], self.paper_ids[self.papers[mask]], strict=True)
        return [(int(reader), int(paper)) for reader, paper in pairs]


def surprise(hits: Floats, of: Floats, share: Floats) -> Floats:
    """Tell how unlikely at least so many hits are: at least -ln P[Binomial(of, share) >= hits]; 0 where no surprise.

    This is Chernoff's bound, ``of × KL(hits/of, share)``, so the true chance is never larger than what it says, and a
    test that asks for ``-ln(alpha)`` errs at most with ``alpha``. Rounded, so that machines agree.
    """
    part = hits / np.maximum(of, 1)
    share = np.clip(share, 1e-9, 1 - 1e-9)
    inside = part * np.log(np.maximum(part, 1e-300) / share)
    outside = (1 - part) * np.log(np.maximum(1 - part, 1e-300) / (1 - share))
    return np.where(part > share, np.round(of * (inside + outside), 6), 0.0)


def allowed(ballot: Ballot, counting: Mask, linked: Mask) -> Ints:
    """Tell how many linked votes of each paper count: one for ten of its other voters.

    Where those others alone put a paper among the best ten of its day, it stands there without the linked ones, and
    they may be ``WELCOME`` for each other voter.
    """
    others = ballot.per_paper(counting & ~linked)
    stands = others >= np.maximum(tenth(ballot, counting), LEAST_STANDING)
    return np.where(stands, WELCOME * others, np.floor(others * DOUBTED)).astype(np.int64)


def tenth(ballot: Ballot, counting: Mask, seen: Mask | None = None) -> Ints:
    """Tell how many votes the tenth best of the other papers of each one's day has; 0 where there are fewer.

    The votes ``seen`` tell a paper's day; the same as count unless told.
    """
    order, first, end = by_day(ballot, counting, counting if seen is None else seen)
    votes = np.append(ballot.per_paper(counting)[order], 0)
    # For one of the ten, that is the eleventh.
    place = first + TOP - 1 + (np.arange(len(order)) < first + TOP)
    standing = np.empty(len(order), dtype=np.int64)
    standing[order] = votes[np.where(place < end, place, len(order))]
    return standing


def by_day(ballot: Ballot, counting: Mask, seen: Mask) -> tuple[Ints, Ints, Ints]:
    """Put papers in order of their first day and votes, most first; with where each one's day begins and ends in it."""
    days = first_days(ballot, seen)
    order = np.lexsort((-ballot.per_paper(counting), days))
    first = np.searchsorted(days[order], days[order])
    return order, first, np.searchsorted(days[order], days[order], side="right")


def first_days(ballot: Ballot, counting: Mask) -> Floats:
    """Tell on which day each paper got its first vote; endless for one without."""
    days = np.full(len(ballot.paper_ids), np.inf)
    np.minimum.at(days, ballot.papers[counting], ballot.days[counting].astype(np.float64))
    return days


def last(ballot: Ballot, linked: Mask, most: Ints) -> Mask:
    """Pick, of the linked votes, those past the first ``most`` of each paper."""
    place = np.cumsum(linked) - 1
    counts = ballot.per_paper(linked)
    first = np.concatenate(([0], np.cumsum(counts)[:-1])) if len(counts) else counts
    return linked & (place - first[ballot.papers] >= most[ballot.papers])
