"""Which upvotes wait: those that look like a ring's, beyond what chance explains.

Nobody is silenced and nothing is deleted. An upvote that waits stays its reader's own, is shown to him as given, and
counts as soon as what is known explains it: the account gets older or is vouched for, its reader comes back on other
days, or other readers find the paper worth an upvote, too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from broadsheet.rank.ballot import Ballot, Mask
from broadsheet.rank.crowding import crowded, made_together, neighbours
from broadsheet.rank.lockstep import in_step
from broadsheet.rank.sparing import spared

# A spammer's new account wants to be used at once; three days outlast the day on which a paper is ranked. Lobsters
# calls accounts new for 70 days; but few readers upvote every week, and theirs are to count.
PROBATION_H: Final = 72.0
VOUCHED: Final = 1
VERIFIED: Final = 2


class Reason(StrEnum):
    """Why an upvote waits, in words for its reader."""

    NEW = "The account is younger than three days, and nobody vouched for it."
    LOCKSTEP = "Much the same accounts upvoted several papers together, far more often than readers with a taste do."
    NETWORK = "Far more of this paper's upvotes than chance explains came from one network."
    COHORT = "Far more of this paper's upvotes than chance explains are of accounts made within the same days."
    CROWD = "Far more of this paper's upvotes than chance explains are of accounts that upvoted little else."


@dataclass(frozen=True, slots=True)
class Vote:
    """An upvote: who, for what, and when in seconds since 1970."""

    reader: int
    paper: int
    at: float


@dataclass(frozen=True, slots=True)
class Reader:
    """What is known of an account.

    ``made_at`` is in seconds since 1970. ``network`` is any name of the network it was made or last seen in, such as
    its /24 or /48, hashed as you like; None where it is not known. ``trust`` is 0, ``VOUCHED`` by another reader, or
    ``VERIFIED`` as a person (an author's claim, ORCID, an organisation's sign-in).
    """

    id: int
    made_at: float
    network: str | None = None
    trust: int = 0


def weight(age_h: float, trust: int) -> int:
    """Tell what an upvote counts before any doubt: 0 in the first 72 hours of an account that nobody vouched for."""
    return 1 if trust >= VOUCHED or age_h >= PROBATION_H else 0


def waiting(votes: Iterable[Vote], readers: Iterable[Reader], now: float) -> dict[tuple[int, int], Reason]:
    """Name the upvotes that wait at ``now``, in order of ``(reader, paper)``, each with the first reason found.

    ``votes`` are those of the last weeks, one for each reader and paper, in any order: about six weeks, because the
    habits of readers are learnt from them; ``readers`` are at least all who gave them, else KeyError. Upvotes of
    verified readers never wait, nor few doubted ones that move no paper into the top 10 of its day. Equal input gives
    equal output, whatever its order. 100,000 votes take about half a second.
    """
    ballot = Ballot.of(votes, {reader.id: reader for reader in readers})
    waits: dict[Reason, Mask] = {}
    counting = np.ones(len(ballot), dtype=bool)
    young = [not weight((now - made) / 3600, trust) for made, trust in zip(ballot.made, ballot.trust, strict=True)]
    tests = (
        (Reason.NEW, lambda: np.asarray(young, dtype=bool)[ballot.readers]),
        (Reason.LOCKSTEP, lambda: in_step(ballot, counting)),
        (Reason.NETWORK, lambda: neighbours(ballot, counting)),
        (Reason.COHORT, lambda: made_together(ballot, counting)),
        (Reason.CROWD, lambda: crowded(ballot, counting)),
    )
    for reason, test in tests:
        wait = test() & counting & (ballot.trust < VERIFIED)[ballot.readers]
        counting &= ~wait
        waits[reason] = wait
    back = spared(ballot, counting, ~(counting | waits[Reason.NEW]))
    reasons = [(pair, reason) for reason, wait in waits.items() for pair in ballot.named(wait & ~back)]
    return dict(sorted(reasons))
