"""How trending papers are ordered: a sort key that is stored once and ages by itself.

A paper's key is a moment in time, in microseconds since 1970::

    evidence = 1 + 1.0 × upvotes + min(0.5 × comments, 1 + 1.0 × upvotes) + 0.2 × hf_upvotes + 0.2 × stars_per_day
    key      = moment it appeared + 72 hours × log10(evidence)

Papers stand in order of their keys, highest first; where two are equal, the paper kept first comes first. Every
tenfold of evidence is worth three days of being newer. Nothing has to be recomputed while time passes, because all
papers age alike: what stands above today stands above tomorrow, unless evidence arrives. Reddit's and Lobsters' hotness
have this shape, too.

The arithmetic is decimal and correctly rounded, so the same evidence gives the same key, to the last digit, on every
machine. An order of a past day can therefore be computed again from the log of events and compared by its hash.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal
from types import MappingProxyType
from typing import ClassVar, NamedTuple, Protocol

from broadsheet.errors import Refused

# Decimal's logarithm is correctly rounded, so equal everywhere; a float's may differ in its last bit.
_EXACT = Context(prec=34)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# No count is believed past this: it keeps keys far inside 64 bits whatever a source says.
_MOST = 10**9
_THOUSANDTHS = 1_000
_TRILLION = Decimal(10**12)


@dataclass(frozen=True, slots=True)
class Weight:
    """What one piece of evidence counts, and why."""

    name: str
    amount: Decimal
    because: str


UPVOTE = Weight("upvotes", Decimal("1.0"), "The unit: one reader here. Upvotes that wait are left out.")
COMMENT = Weight(
    "comments",
    Decimal("0.5"),
    "Half an upvote, as on Lobsters, and all comments together at most 1 + upvotes, as there too: a quarrel lifts "
    "nothing that readers did not lift.",
)
HF_UPVOTE = Weight(
    "hf_upvotes",
    Decimal("0.2"),
    "Five upvotes on Hugging Face are one here: the median paper of its daily pages has 6 on its day (7,875 papers), "
    "so it comes in with about what one reader here would give it.",
)
STAR_PER_DAY = Weight(
    "stars_per_day",
    Decimal("0.2"),
    "A new GitHub star a day is an upvote on Hugging Face: where a daily paper had code, the medians on its day were 8 "
    "stars and 10 upvotes (1,579 papers).",
)
WEIGHTS = (UPVOTE, COMMENT, HF_UPVOTE, STAR_PER_DAY)
# Tenfold evidence is worth this much time. The best paper of a Hugging Face day has 6.4 times the upvotes of its
# median paper (501 days), so it stays ahead of new median papers for 58 hours: over a weekend, when little appears.
TENFOLD = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a paper: counts that are not negative, and stars gained a day over the last week or less.

    ``upvotes`` are those that count, without those that wait. ``stars_per_day`` counts by its thousandths; a repository
    that loses stars has none. Raises ``Refused`` for a negative count or a number that is none.
    """

    upvotes: int = 0
    comments: int = 0
    hf_upvotes: int = 0
    stars_per_day: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what no count can be."""
        if min(self.upvotes, self.comments, self.hf_upvotes) < 0 or not math.isfinite(self.stars_per_day):
            raise Refused("Evidence is counts from 0 up, and stars a day as a finite number.")

    def amounts(self) -> tuple[Decimal, ...]:
        """Tell how much there is of each kind, in the order of ``WEIGHTS``."""
        stars = round(min(max(self.stars_per_day, 0.0), float(_MOST)) * _THOUSANDTHS)
        counts = (min(each, _MOST) for each in (self.upvotes, self.comments, self.hf_upvotes))
        return (*map(Decimal, counts), Decimal(stars) / _THOUSANDTHS)


class Component(NamedTuple):
    """One part of a paper's evidence: ``points`` is ``amount × weight``, or less where a kind has a most."""

    name: str
    amount: Decimal
    weight: Decimal
    points: Decimal


def components(evidence: Evidence) -> tuple[Component, ...]:
    """Take evidence apart, as a paper shows it; the points and 1 add up to what the logarithm is taken of."""
    parts = [Component(w.name, n, w.amount, n * w.amount) for w, n in zip(WEIGHTS, evidence.amounts(), strict=True)]
    upvotes, comments = parts[:2]
    parts[1] = comments._replace(points=min(comments.points, 1 + upvotes.points))
    return tuple(parts)


def key(evidence: Evidence, born: datetime) -> int:
    """Give the sort key of a paper that appeared at ``born``: microseconds since 1970, higher is further up.

    ``born + 72 h × log10(1 + points)``. Raises ``Refused`` for a time without a zone.
    """
    points = 1 + sum((part.points for part in components(evidence)), Decimal(0))
    return _microseconds(born) + _worth(points, TENFOLD)


class Formula(Protocol):
    """One way to order papers. Its docstring is what readers are told of it.

    ``static`` tells that the score does not depend on ``now``: it may be stored and sorted by, and computed again only
    when evidence changes. A formula that is not static is computed for all papers of a page whenever it is shown.
    """

    @property
    def static(self) -> bool:
        """Tell whether a score may be stored."""
        ...

    def score(self, evidence: Evidence, born: datetime, now: datetime) -> int:
        """Score a paper at a moment; higher is further up, equal scores are ordered by the paper's id, lowest first."""
        ...


class Broadsheet:
    """moment it appeared + 72 hours × log10(1 + points), in microseconds since 1970.

    Points are the upvotes here, half the comments here (at most 1 + upvotes), a fifth of the upvotes on Hugging Face
    and a fifth of the GitHub stars gained a day. Stored: it ages without being computed again.
    """

    static: ClassVar[bool] = True

    def score(self, evidence: Evidence, born: datetime, now: datetime) -> int:  # noqa: ARG002 - stored, so without now
        """Give the stored key."""
        return key(evidence, born)


class HackerNews:
    """upvotes^0.8 / ((minutes since it appeared + 120) / 60)^1.8, in trillionths.

    The formula of news.arc as published, without its penalties: gravity 1.8 and timebase 120 minutes are its constants.
    There a story's author votes for it and that upvote is taken off; here none is given, so all count. Only upvotes
    count. It ages with now and is computed whenever a page is shown.
    """

    static: ClassVar[bool] = False

    def score(self, evidence: Evidence, born: datetime, now: datetime) -> int:
        """Score a paper by its upvotes and its age now; a paper from the future is as one from now."""
        upvotes = evidence.amounts()[0]
        hours = Decimal(max(_microseconds(now) - _microseconds(born), 0)) / Decimal(timedelta(hours=1) // _MICROSECOND)
        aged = _EXACT.power(_EXACT.add(hours, Decimal(2)), Decimal("1.8"))
        return math.floor(_EXACT.multiply(_EXACT.divide(_EXACT.power(upvotes, Decimal("0.8")), aged), _TRILLION))


class Lobsters:
    """moment it appeared + 22 hours × log10(max(upvotes + 1 + min(0.5 × comments, upvotes), 1)), in microseconds.

    The hotness of Lobsters, turned so that higher is better and its HOTNESS_WINDOW of 22 hours counts as time: the
    order is the same. Its extras for tags and for an author's own story have nothing to stand on here. Stored: it ages
    without being computed again.
    """

    static: ClassVar[bool] = True
    _window: ClassVar[timedelta] = timedelta(seconds=79_200)

    def score(self, evidence: Evidence, born: datetime, now: datetime) -> int:  # noqa: ARG002 - stored, so without now
        """Give the stored key."""
        upvotes, comments, *_ = evidence.amounts()
        points = upvotes + 1 + min(comments / 2, upvotes)
        return _microseconds(born) + _worth(points, self._window)


FORMULAS: Mapping[str, Formula] = MappingProxyType(
    {"broadsheet": Broadsheet(), "hackernews": HackerNews(), "lobsters": Lobsters()}
)


def digest_of(order: Iterable[tuple[int, int]]) -> str:
    """Hash an order of ``(paper id, key)`` pairs: SHA-256 in hexadecimal, equal only for equal pairs in equal order."""
    digest = hashlib.sha256()
    for paper_id, score in order:
        digest.update(f"{paper_id} {score}\n".encode())
    return digest.hexdigest()


def _microseconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise Refused("A paper's time needs a zone to be ordered by.")
    return (moment - _EPOCH) // _MICROSECOND


def _worth(points: Decimal, tenfold: timedelta) -> int:
    return math.floor(_EXACT.multiply(_EXACT.log10(points), Decimal(tenfold // _MICROSECOND)))
