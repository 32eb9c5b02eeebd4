"""What should be there and is not: numbers that a sequence skips, days that are emptier than their like."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from itertools import groupby
from math import ceil, sqrt
from statistics import median

# A stretch of a sequence is covered where so many of its numbers are known, of at least so many and at most so many.
COVERED = 0.9
FEWEST, WIDEST = 20, 100
# Two covered stretches further apart are not of one harvest: about two days of arXiv.
LONGEST = 5_000

WEEKS = 8
LIKE_DAYS = 4
# Below the median by so many median absolute deviations: 5 are 3.4 standard deviations of normal counts.
DEVIATIONS = 5.0
BUSY = 3
# So many papers expected and none told: by chance on one day in 22 years (365 times e to the -9th).
SURE = 9
_OF_CHANCE = 0.67

# With doubling pauses the last of seven tries is sixteen days after the first.
MOST_TRIES = 7
LEAST_WAIT = timedelta(days=14)
_FIRST_PAUSE = timedelta(hours=6)
_TO_ASK = timedelta(hours=1)


def skipped(known: Collection[int]) -> list[int]:
    """Give the numbers from 1 on that a sequence skips although what lies around them is covered.

    A number is skipped when a covered stretch ends before it and another begins after it, at most LONGEST apart. So a
    house that keeps one category of arXiv misses nothing, and one that keeps all of it misses every hole, be it wide.
    What is missing before the first known number counts when it is at most WIDEST; after the last nothing is known.
    """
    numbers = sorted(number for number in set(known) if number > 0)
    ends, begins = _ends(numbers), _begins(numbers)
    missing: list[int] = []
    for before, after in zip([0, *numbers], numbers, strict=False):
        if after - before > 1 and _is_between(before, after, ends, begins):
            missing += range(before + 1, after)
    return missing


def _is_between(before: int, after: int, ends: list[int], begins: list[int]) -> bool:
    last, following = bisect_right(ends, before), bisect_left(begins, after)
    if following == len(begins):
        return False
    return begins[following] - ends[last - 1] <= LONGEST if last else begins[following] <= WIDEST


def _ends(numbers: list[int]) -> list[int]:
    """Give the numbers at which a covered stretch ends; among the first WIDEST it may be as short as they are."""
    first = [n for place, n in enumerate(numbers[:WIDEST]) if n < WIDEST and place + 1 >= _enough(n)]
    pairs = zip(numbers, numbers[_ENOUGH - 1 :], strict=False)
    return first + [n for earlier, n in pairs if n - earlier < WIDEST <= n]


def _begins(numbers: list[int]) -> list[int]:
    """Give the numbers at which a covered stretch begins; among the last WIDEST it may be as short as they are."""
    until = numbers[-1] + 1 if numbers else 0
    pairs = zip(numbers, numbers[_ENOUGH - 1 :], strict=False)
    begins = [n for n, later in pairs if later - n < WIDEST <= until - n]
    tail = numbers[bisect_right(numbers, until - WIDEST) :]
    return begins + [n for place, n in enumerate(tail) if len(tail) - place >= _enough(until - n)]


def _enough(width: int) -> int:
    return max(FEWEST, ceil(COVERED * width))


_ENOUGH = _enough(WIDEST)


def low_days(papers: Mapping[date, int], until: date) -> list[date]:
    """Give the days up to ``until`` on which far fewer papers were told than on days of the same weekday around them.

    ``papers`` has every day that was looked at; one never looked at, between the first and the last of them, has told
    none. A day's like are those of its weekday at most WEEKS away, at least LIKE_DAYS of them with a median of BUSY or
    more. A day is low when it has less than half of that and than the median less DEVIATIONS median absolute
    deviations, and no chance of a fair count explains it; days without papers in a row are low together when their
    medians come to SURE. Of made-up sources that tell by chance (Poisson counts of a mean from 2 to 20 on every day or
    every working day, 60 years each) at most one day in ten years was taken for low.
    """
    if not papers:
        return []
    first, last = min(papers), min(max(papers), until)
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    usual = {day: like for day in days if (like := _usual(day, papers, (first, last)))[0] >= BUSY}
    low = {day for day, like in usual.items() if _is_low(papers.get(day, 0), *like)}
    for is_empty, row in groupby(days, key=lambda day: not papers.get(day)):
        empty = [day for day in row if day in usual]
        if is_empty and sum(usual[day][0] for day in empty) >= SURE:
            low.update(empty)
    return sorted(low)


def _usual(day: date, papers: Mapping[date, int], span: tuple[date, date]) -> tuple[float, float]:
    """Give the median of a day's like and their median absolute deviation; zeros where there are too few."""
    around = (day + timedelta(weeks=week) for week in range(-WEEKS, WEEKS + 1) if week)
    like = [papers.get(other, 0) for other in around if span[0] <= other <= span[1]]
    if len(like) < LIKE_DAYS:
        return 0, 0
    usual = median(like)
    return usual, median([abs(count - usual) for count in like])


def _is_low(told: int, usual: float, spread: float) -> bool:
    # A few counts may lie closer together than chance has them: 0.67 standard deviations are a median deviation.
    spread = max(spread, _OF_CHANCE * sqrt(usual))
    return 0 < told < min(usual / 2, usual - DEVIATIONS * spread)


def days_never_looked_at(papers: Mapping[date, int], until: date) -> list[date]:
    """Give the days up to ``until`` between the first and the last looked at that were not looked at.

    Only of a source that also tells of days without papers; of others a day that is not told may just be empty.
    """
    if 0 not in papers.values():
        return []
    first, last = min(papers), min(max(papers), until)
    days = (first + timedelta(days=count) for count in range((last - first).days + 1))
    return [day for day in days if day not in papers]


def pause_before(tries: int) -> timedelta:
    """Give how long to wait after a gap was last given out: an hour for who got it to ask, then 6 hours, 12, 24 ..."""
    return _FIRST_PAUSE * 2 ** (min(tries, MOST_TRIES) - 1) if tries else _TO_ASK


def is_absent(tries: int, age: timedelta) -> bool:
    """Tell whether what was asked for so often and is missed for so long will not come: withdrawn, or never used."""
    return tries >= MOST_TRIES and age >= LEAST_WAIT
