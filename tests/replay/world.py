"""A world of made-up papers and what becomes of them over days: the same world for the same seed.

Every telling is what arXiv says of a paper from one moment on: new, revised, cross-listed, withdrawn, corrected in
bulk, now and then stamped with the day before the one it appeared on, rarely deleted.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from random import Random
from zoneinfo import ZoneInfo

from tests.replay import words

NEW_YORK = ZoneInfo("America/New_York")
_CATEGORIES = ("cs.CL", "cs.LG", "cs.CV", "cs.AI", "stat.ML", "math.CO", "hep-th")
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper as arXiv shows it at some moment; ``versions`` are the moments they were submitted."""

    id: str
    title: str
    abstract: str
    authors: tuple[tuple[str, str], ...]
    categories: tuple[str, ...]
    versions: tuple[datetime, ...]
    comment: str = ""
    doi: str = ""
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """What is said of a paper from ``seen_at`` on, under the datestamp ``stamp``; ``kind`` as announcements have it."""

    seen_at: datetime
    stamp: date
    kind: str
    paper: Paper


@dataclass(frozen=True, slots=True)
class DailyEntry:
    """A paper on a day of the daily page, there from ``seen_at`` on; ``upvotes`` in the end."""

    day: date
    seen_at: datetime
    paper: Paper
    upvotes: int

    def upvotes_at(self, at: datetime) -> int:
        """Count upvotes at a moment: they come in until noon after the day, and then no more."""
        noon = datetime.combine(self.day + timedelta(days=1), time(12), UTC)
        share = (at - self.seen_at) / (noon - self.seen_at)
        return int(self.upvotes * min(1.0, max(0.0, share)))


@dataclass(frozen=True, kw_only=True)
class World:
    """``days`` days from ``start``; before them ``old`` papers come to be. The rest are papers a day."""

    seed: int
    start: date = date(2026, 3, 2)
    days: int = 30
    old: int = 60
    new: int = 12
    revised: int = 4
    crossed: int = 2
    bulk: int = 40
    bulk_day: int = 12
    daily: int = 6
    holidays: tuple[date, ...] = field(default=(date(2026, 3, 17),))

    @cached_property
    def tellings(self) -> tuple[Telling, ...]:
        """All that is ever told, in order."""
        return tuple(sorted(_History(self).tell(), key=lambda t: (t.seen_at, t.paper.id)))

    @cached_property
    def entries(self) -> tuple[DailyEntry, ...]:
        """All entries of the daily page."""
        return tuple(self._entries())

    @property
    def begins_at(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.start, time(), UTC)

    @property
    def ends_at(self) -> datetime:
        """The last moment."""
        return self.begins_at + timedelta(days=self.days)

    def told_by(self, at: datetime) -> tuple[Telling, ...]:
        """All that was told until a moment."""
        return self.tellings[: bisect_right(self.tellings, at, key=lambda t: t.seen_at)]

    def papers_at(self, at: datetime) -> dict[str, Telling]:
        """Give the last telling of each paper until a moment, by arXiv id."""
        return {telling.paper.id: telling for telling in self.told_by(at)}

    def announced_on(self, day: date) -> list[Telling]:
        """Give what a day's mailing announces."""
        return [t for t in self.tellings if t.kind in {"new", "cross", "replace"} and t.seen_at.date() == day]

    def _entries(self) -> Iterator[DailyEntry]:
        draw = Random(self.seed + 1)
        shown: set[str] = set()
        for number in range(self.days):
            day = self.start + timedelta(days=number)
            morning = datetime.combine(day, time(2, 30), UTC)
            choice = [t for t in self.told_by(morning) if t.kind == "new" and t.paper.id not in shown]
            if day.weekday() >= _SATURDAY:
                continue
            for telling in draw.sample(choice[-5 * self.daily :], min(self.daily, len(choice))):
                shown.add(telling.paper.id)
                # One in ten is brought to the page when its day is over.
                late = timedelta(hours=30) if draw.random() < 0.1 else timedelta(minutes=draw.randrange(20 * 60))
                yield DailyEntry(day, morning + late, telling.paper, draw.randrange(1, 120))


class _History:
    """Makes up the history day by day."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._draw = Random(world.seed)
        self._now: dict[str, Paper] = {}
        self._numbers: dict[str, int] = {}

    def tell(self) -> Iterator[Telling]:
        world, draw = self._world, self._draw
        for _ in range(world.old):
            day = world.start - timedelta(days=draw.randrange(2, 300))
            yield self._new(day, datetime.combine(day, time(3, 30), UTC))
        for number in range(world.days):
            day = world.start + timedelta(days=number)
            # Announced at 20:00 in New York the evening before, harvestable from about 22:30 on, Sunday to Thursday.
            ready = datetime.combine(day - timedelta(days=1), time(22, 30), NEW_YORK).astimezone(UTC)
            if day.weekday() < _SATURDAY and day not in world.holidays:
                yield from self._mailing(day, ready)
            if number == world.bulk_day:
                yield from self._bulk(day)
            yield from self._edits(day)

    def _mailing(self, day: date, ready: datetime) -> Iterator[Telling]:
        world, draw = self._world, self._draw
        known = sorted(self._now)
        for _ in range(draw.randrange(world.new // 2, 2 * world.new)):
            yield self._new(day, ready)
        touched = draw.sample(known, min(len(known), world.revised + world.crossed + 1))
        for number, own in enumerate(touched):
            paper = self._now[own]
            if number < world.revised:
                yield self._told("replace", self._revised(paper, ready), day, ready)
            elif number < world.revised + world.crossed:
                yield self._told("cross", self._crossed(paper), day, ready)
            elif draw.random() < 0.5:
                yield self._told("replace", self._withdrawn(paper, ready), day, ready)

    def _bulk(self, day: date) -> Iterator[Telling]:
        """Correct many old papers at once, as arXiv does now and then."""
        for own in self._draw.sample(sorted(self._now), min(self._world.bulk, len(self._now))):
            yield self._told("edit", self._now[own], day, datetime.combine(day, time(14), UTC))

    def _edits(self, day: date) -> Iterator[Telling]:
        """Correct one or two papers at any time of any day, some of them stamped the day before; rarely delete one."""
        draw = self._draw
        for own in draw.sample(sorted(self._now), min(2, len(self._now))):
            at = datetime.combine(day, time(12, draw.randrange(60)), UTC)
            stamp = day - timedelta(days=draw.random() < 0.3)
            paper = replace(self._now[own], doi=f"10.5555/{own.replace('.', '-')}", deleted=draw.random() < 0.02)
            yield self._told("edit", paper, stamp, at)

    def _new(self, day: date, ready: datetime) -> Telling:
        draw, month = self._draw, f"{day:%y%m}"
        self._numbers[month] = self._numbers.get(month, 0) + 1
        paper = Paper(
            id=f"{month}.{self._numbers[month]:05d}",
            title=words.title(draw),
            abstract=words.abstract(draw),
            authors=tuple(words.name(draw) for _ in range(draw.randrange(1, 6))),
            categories=tuple(draw.sample(_CATEGORIES, draw.randrange(1, 3))),
            versions=(ready - timedelta(hours=draw.randrange(9, 30), minutes=draw.randrange(60)),),
            comment=draw.choice(("", "12 pages", "5 figures & 2 tables")),
        )
        return self._told("new", paper, day, ready)

    def _revised(self, paper: Paper, ready: datetime) -> Paper:
        text = words.abstract(self._draw)
        return replace(paper, abstract=text, versions=(*paper.versions, ready - timedelta(hours=10)))

    def _crossed(self, paper: Paper) -> Paper:
        other = self._draw.choice(_CATEGORIES)
        return replace(paper, categories=tuple(dict.fromkeys((*paper.categories, other))))

    def _withdrawn(self, paper: Paper, ready: datetime) -> Paper:
        said = "This paper has been withdrawn by the authors."
        return replace(paper, abstract=said, comment=said, versions=(*paper.versions, ready - timedelta(hours=11)))

    def _told(self, kind: str, paper: Paper, stamp: date, at: datetime) -> Telling:
        self._now[paper.id] = paper
        return Telling(at, stamp, kind, paper)
