"""How much something a reader brought looks like spam: points for what spam has, off for what it hardly ever has.

The sum begins at BEGIN; from HOLD_AT on a moderator looks at it first. Nothing is refused by it. The weights are chosen
by hand and measured on made-up readers (``bench/spam.py``), which say what each is worth and nothing of real spam.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

BEGIN, HOLD_AT = -3.0, 0.0
# An account is new for so long, and a little so for longer; Lobsters calls the first 70 days new.
_AGES = ((1.0, 1.5), (7.0, 1.0), (30.0, 0.5))
_MOST_TRUST, _PER_GOOD = 4, 1.0
_PER_BAD, _MOST_BAD = 1.5, 4.5
_FIRST_LINK, _PER_LINK, _MOST_LINKS = 0.5, 1.0, 4.0
_FIRST_REPEAT, _PER_REPEAT, _MOST_REPEATS = 2.0, 1.0, 5.0
_NO_ABSTRACT, _STRANGE_SITE = 2.0, 1.5
_CALM_PER_HOUR, _PER_EXTRA, _MOST_EXTRA = 4, 0.5, 3.0
_SHOUTED, _SHOUTED_SHARE, _SHOUTED_LETTERS = 1.0, 0.6, 16
_PER_LURE, _MOST_LURES = 2.0, 6.0
# The same few words come from many: “Great paper, thank you!”
_TELLING_WORDS = 6
_LURES = re.compile(
    r"\b(?:casino|jackpot|viagra|cialis|onlyfans|escorts?|porn|sportsbook|payday|backlinks?|guest post|airdrop|"
    r"giveaway|essay writing|assignment help|thesis help|buy (?:now|cheap|followers|likes|reviews|papers)|click here|"
    r"limited (?:time )?offer|best price|free (?:download|trial|spins|money)|(?:100 ?%|fully) guaranteed|"
    r"earn (?:money|\$|up to)|make money|work from home|weight loss|promo code|coupon code|whats ?app|telegram|"
    r"fast publication|scopus indexed|call (?:us )?now|crypto(?:currency)? (?:signals|investment)|double your|"
    r"cheap (?:flights|essays?|pills|loans?)|instant approval|seo (?:services?|agency|expert))\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What is known of a submission or comment, and of who brings it.

    ``words`` is what they wrote, ``title`` that of what they bring; ``good`` and ``bad`` count what they brought before
    that stands, and that was refused or hidden. ``repeats`` counts the same words elsewhere, ``per_hour`` what they
    brought within the last hour. A comment has an abstract and a known site.
    """

    account_days: float
    words: str = ""
    title: str = ""
    good: int = 0
    bad: int = 0
    repeats: int = 0
    per_hour: int = 0
    has_abstract: bool = True
    known_site: bool = True


class Point(NamedTuple):
    """Something that counts, by how much, and the reason as a moderator reads it."""

    amount: float
    reason: str


class Suspicion(NamedTuple):
    """The sum, and what raised it, the weightiest first."""

    score: float
    points: tuple[Point, ...]

    @property
    def holds(self) -> bool:
        """Whether a moderator shall look at it first."""
        return self.score >= HOLD_AT

    @property
    def why(self) -> str:
        """The reasons as one line."""
        return "; ".join(point.reason for point in self.points if point.amount > 0)


def suspect(traits: Traits) -> Suspicion:
    """Weigh what is known."""
    points = sorted((*_of_reader(traits), *_of_words(traits), *_of_thing(traits)), key=lambda point: -point.amount)
    return Suspicion(BEGIN + sum(point.amount for point in points), tuple(points))


def _of_reader(traits: Traits) -> Iterator[Point]:
    for days, amount in _AGES:
        if traits.account_days < days:
            yield Point(amount, "a new account")
            break
    if traits.good:
        yield Point(-_PER_GOOD * min(traits.good, _MOST_TRUST), "earlier things stand")
    if traits.bad:
        yield Point(min(_PER_BAD * traits.bad, _MOST_BAD), "earlier things were refused or hidden")
    if traits.per_hour > _CALM_PER_HOUR:
        yield Point(min(_PER_EXTRA * (traits.per_hour - _CALM_PER_HOUR), _MOST_EXTRA), "many within an hour")


def _of_words(traits: Traits) -> Iterator[Point]:
    if links := len(_LINK.findall(traits.words)):
        yield Point(min(_FIRST_LINK + _PER_LINK * (links - 1), _MOST_LINKS), "links in the words")
    if traits.repeats and len(_WORD.findall(traits.words)) >= _TELLING_WORDS:
        amount = _FIRST_REPEAT + _PER_REPEAT * (traits.repeats - 1)
        yield Point(min(amount, _MOST_REPEATS), "the same words stand elsewhere")
    said = f"{traits.title}\n{traits.words}"
    if lures := len(_LURES.findall(said)):
        yield Point(min(_PER_LURE * lures, _MOST_LURES), "words that advertise")
    letters = [letter for letter in said if letter.isalpha()]
    if len(letters) >= _SHOUTED_LETTERS and sum(map(str.isupper, letters)) > _SHOUTED_SHARE * len(letters):
        yield Point(_SHOUTED, "capital letters")


def _of_thing(traits: Traits) -> Iterator[Point]:
    if not traits.has_abstract:
        yield Point(_NO_ABSTRACT, "no abstract")
    if not traits.known_site:
        yield Point(_STRANGE_SITE, "a site nothing has come from before")
