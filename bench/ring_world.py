"""A made-up readership that votes as real days of Hugging Face did, and rings of 50 accounts in it.

What is real: which papers stood on which day, with how many upvotes (a same-day snapshot) and what titles. What is
assumed: 800 readers, of whom some 120 come on a day, with tastes, labs, university networks, newcomers who come because
of one paper; 200 upvotes a day on average and on the day that is judged.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from broadsheet.rank.rings import VERIFIED, VOUCHED, Reader, Vote

DAY = 86_400.0
WEEKDAYS = 42
VOTES = 200
READERS = 800
COMING = 120
RING = 50
LABS = 12
FIELDS = (
    ("video", "motion"),
    ("image", "diffusion", "visual", "vision"),
    ("3d", "gaussian", "scene", "mesh"),
    ("agent", "tool", "web", "gui"),
    ("reason", "math", "reinforcement", "reward"),
    ("speech", "audio", "music"),
    ("code", "software", "program"),
    ("benchmark", "evaluat"),
    ("robot", "action", "embodied"),
    ("attention", "efficient", "quantiz", "compress", "transformer"),
)


@dataclass(frozen=True)
class Paper:
    upvotes: int
    field: int


Day = list[Paper]


@dataclass(frozen=True)
class Shape:
    """A ring: how it prepared, and how it votes. ``camouflage`` is on how many popular papers each account voted."""

    name: str
    papers: int = 1
    aged: bool = True
    together: bool = True
    networks: int = RING
    spread: bool = True
    camouflage: int = 0
    group: int = RING
    serial: bool = False
    bought: bool = False
    natural: bool = False
    cover: int = 0


@dataclass
class World:
    rng: np.random.Generator
    readers: dict[int, Reader] = field(default_factory=dict)
    votes: list[Vote] = field(default_factory=list)
    popular: list[list[int]] = field(default_factory=list)
    drawn: list[list[int]] = field(default_factory=list)
    day_papers: list[int] = field(default_factory=list)
    start: float = 1.7e9 // DAY * DAY

    @property
    def now(self) -> float:
        return self.start + WEEKDAYS * DAY

    def copy(self, seed: int) -> "World":
        return replace(self, rng=np.random.default_rng(seed), readers=dict(self.readers), votes=list(self.votes))


def read_days(folder: Path) -> list[Day]:
    days = []
    with gzip.open(folder / "daily_raw.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            items: list[dict[str, Any]] = json.loads(line)["items"]
            days.append(
                [Paper(int(i["paper"].get("upvotes") or 0), _field(i["paper"].get("title") or "")) for i in items]
            )
    return days


def _field(title: str) -> int:
    title = title.lower()
    return next((n for n, words in enumerate(FIELDS) if any(word in title for word in words)), len(FIELDS))


def worlds(days: list[Day], count: int, seed: int, least_papers: int = 16) -> Iterator[World]:
    """Make worlds that end on a day with enough papers for a top 10 to mean something."""
    ends = [n for n in range(WEEKDAYS - 1, len(days)) if len(days[n]) >= least_papers]
    rng = np.random.default_rng(seed)
    for number, end in enumerate(rng.choice(ends, count, replace=count > len(ends)).tolist()):
        yield build(days[end - WEEKDAYS + 1 : end + 1], np.random.default_rng([seed, number]))


def build(days: list[Day], rng: np.random.Generator) -> World:
    world = World(rng)
    people = _People(rng, world)
    scale = VOTES * len(days) / max(sum(paper.upvotes for day in days for paper in day), 1)
    number = 0
    for n, day in enumerate(days):
        start = world.start + n * DAY
        factor = VOTES / max(sum(paper.upvotes for paper in day), 1) if n == len(days) - 1 else scale
        ids = list(range(number, number + len(day)))
        number += len(day)
        active = people.active(start)
        counts = rng.poisson([paper.upvotes * factor for paper in day])
        for paper_id, paper, upvotes in zip(ids, day, counts.tolist(), strict=True):
            people.vote(paper_id, paper, upvotes, start, active)
        if day and rng.random() < 0.15:
            people.newcomers(ids[int(np.argmax(counts))], start)
        world.popular.append([ids[i] for i in np.argsort(-counts, kind="stable")[: max(3, len(ids) // 3)]])
        world.drawn.append(np.repeat(ids, counts).tolist())
        world.day_papers = ids
    return world


class _People:
    """Honest readers: how often they come, what they like, which lab and network they are of."""

    def __init__(self, rng: np.random.Generator, world: World) -> None:
        self.rng, self.world = rng, world
        coming = rng.lognormal(0, 1.2, READERS)
        self.coming = np.minimum(coming * COMING / coming.sum() * 1.15, 0.9)
        self.taste = rng.dirichlet(np.full(len(FIELDS) + 1, 0.4), READERS) * (len(FIELDS) + 1) + 0.15
        age = np.where(rng.random(READERS) < 0.15, -rng.uniform(0, WEEKDAYS, READERS), rng.exponential(250, READERS))
        self.made = world.start - age * DAY
        self.lab = np.where(rng.random(READERS) < 0.12, rng.integers(0, LABS, READERS), -1)
        university = rng.integers(0, 25, READERS)
        for n in range(READERS):
            network: str | None = f"home-{n}"
            if self.lab[n] >= 0 and rng.random() < 0.7:
                network = f"lab-{self.lab[n]}"
            elif rng.random() < 0.4:
                network = f"university-{university[n]}"
            elif rng.random() < 0.1:
                network = None
            draw = rng.random()
            trust = VERIFIED if draw < 0.05 else VOUCHED if draw < 0.15 else 0
            world.readers[n] = Reader(n, float(self.made[n]), network, trust)

    def active(self, start: float) -> np.ndarray[Any, Any]:
        here = self.made < start + DAY / 3
        first = (self.made >= start - 2 * DAY / 3) & here
        return np.flatnonzero(here & ((self.rng.random(len(self.made)) < self.coming) | first))

    def vote(self, paper_id: int, paper: Paper, upvotes: int, start: float, active: np.ndarray[Any, Any]) -> None:
        likely = self.taste[active, paper.field]
        count = min(upvotes, len(active))
        voters = (
            set(self.rng.choice(active, count, replace=False, p=likely / likely.sum()).tolist()) if count else set()
        )
        if self.rng.random() < 0.15:
            members = np.flatnonzero((self.lab == self.rng.integers(LABS)) & (self.made < start))
            voters |= set(members[self.rng.random(len(members)) < 0.8].tolist())
        for reader in sorted(voters):
            self.world.votes.append(Vote(reader, paper_id, self._moment(start)))

    def newcomers(self, paper_id: int, start: float) -> None:
        for _ in range(int(self.rng.integers(5, 40))):
            reader = len(self.world.readers)
            made = start + DAY / 3 + self.rng.random() * DAY / 2
            self.world.readers[reader] = Reader(reader, made, f"home-{reader}")
            self.world.votes.append(Vote(reader, paper_id, made + 60))
            stays = self.rng.random() < 0.3
            self.made = np.append(self.made, made)
            self.coming = np.append(self.coming, 0.08 if stays else 0.0)
            self.lab = np.append(self.lab, -1)
            taste = self.rng.dirichlet(np.full(len(FIELDS) + 1, 0.4), 1) * (len(FIELDS) + 1) + 0.15
            self.taste = np.concatenate((self.taste, taste))

    def _moment(self, start: float) -> float:
        return start + DAY * float(self.rng.beta(3, 3))


def attack(world: World, shape: Shape, seed: int, *, target: int | None = None) -> tuple[World, list[int], set[int]]:
    """Let a ring into a copy; gives its papers of the last day, and its members. ``target`` is one of that day."""
    world = world.copy(seed)
    rng = world.rng
    honest = len(world.readers)
    members = _members(world, shape, honest)
    groups = [members[n : n + shape.group] for n in range(0, RING, shape.group)]
    today = []
    for g, group in enumerate(groups):
        for k in range(shape.papers):
            day = WEEKDAYS - 1 - (2 * k if shape.serial else 0)
            paper = target if target is not None and g == k == 0 else 1_000_000 + g * 100 + k
            if day == WEEKDAYS - 1:
                today.append(paper)
            if paper != target:
                fans = rng.choice(honest, int(rng.integers(0, 4)), replace=False).tolist()
                world.votes += [Vote(r, paper, world.start + day * DAY + DAY / 2) for r in fans if r not in members]
            already = {vote.reader for vote in world.votes if vote.paper == paper}
            for reader in group:
                moment = rng.uniform(DAY / 3, DAY * 0.9) if shape.spread else DAY / 2 + rng.uniform(0, 600)
                if reader not in already:
                    world.votes.append(Vote(reader, paper, world.start + day * DAY + float(moment)))
    return world, today, set(members)


def _members(world: World, shape: Shape, honest: int) -> list[int]:
    rng = world.rng
    if shape.bought:
        active = sorted({vote.reader for vote in world.votes if world.readers[vote.reader].trust < VERIFIED})
        return [int(n) for n in rng.choice(active, RING, replace=False)]
    together = rng.uniform(60, 200)
    for n in range(RING):
        age = (together + rng.uniform(0, 1)) if shape.together else rng.uniform(45, 500)
        made = world.start - age * DAY if shape.aged else world.now - DAY + rng.uniform(0, DAY / 3)
        world.readers[honest + n] = Reader(honest + n, made, f"ring-{n % shape.networks}")
        for day in rng.choice(WEEKDAYS - 1, min(shape.camouflage, WEEKDAYS - 1), replace=False).tolist():
            known = world.drawn[day] if shape.natural else world.popular[day]
            if known:
                paper = int(rng.choice(known))
                moment = world.start + day * DAY + DAY * float(rng.beta(3, 3))
                world.votes.append(Vote(honest + n, paper, max(moment, made + 1)))
        for paper in rng.choice(np.unique(world.drawn[-1]), shape.cover, replace=False).tolist():
            world.votes.append(Vote(honest + n, paper, world.now - DAY / 2))
    return list(range(honest, honest + RING))
