"""Which upvotes wait, on an invented readership: six weeks of 20 papers a day and 200 upvotes, by taste."""

import random
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache

import pytest

from broadsheet.rank.rings import VERIFIED, VOUCHED, Reader, Reason, Vote, waiting, weight

DAY, DAYS, PAPERS, VOTES, RING = 86_400.0, 42, 20, 200, 50
START = 20_000 * DAY
NOW = START + DAYS * DAY
OURS = 10_000
SPAM = 999_999


@dataclass(frozen=True)
class World:
    readers: tuple[Reader, ...]
    votes: tuple[Vote, ...]

    def joined(self, readers: list[Reader], votes: list[Vote]) -> "World":
        return World((*self.readers, *readers), (*self.votes, *votes))

    def waiting(self) -> dict[tuple[int, int], Reason]:
        return waiting(self.votes, self.readers, NOW)

    def top(self, held: dict[tuple[int, int], Reason]) -> list[int]:
        """The best ten papers of the last day, the latest id first where they tie: what a ring adds has it."""
        today = [vote for vote in self.votes if vote.at >= NOW - DAY and (vote.reader, vote.paper) not in held]
        counts = Counter(vote.paper for vote in today)
        return sorted(counts, key=lambda paper: (-counts[paper], -paper))[:10]


@cache
def honest() -> World:
    rng = random.Random(17)
    eager = {reader: min(rng.lognormvariate(-2.3, 1.0), 0.9) for reader in range(800)}
    taste = {reader: [rng.choice((0.3, 1.0, 3.0)) for _ in range(8)] for reader in eager}
    readers = tuple(
        Reader(
            reader, START - rng.expovariate(1 / 250) * DAY - 4 * DAY, f"home-{reader}" if rng.random() < 0.7 else None
        )
        for reader in eager
    )
    votes = []
    for day in range(DAYS):
        here = [reader for reader, chance in eager.items() if rng.random() < chance]
        liked = [rng.lognormvariate(0, 1.0) for _ in range(PAPERS)]
        for place, share in enumerate(liked):
            paper, field = day * 100 + place, rng.randrange(8)
            wanted = min(round(VOTES * share / sum(liked)), len(here))
            drawn = sorted(here, key=lambda reader: rng.random() ** (1 / taste[reader][field]), reverse=True)[:wanted]
            votes += [Vote(reader, paper, START + (day + rng.betavariate(3, 3)) * DAY) for reader in drawn]
    return World(readers, tuple(votes))


def ring(*, age: float = 100.0, networks: int = RING, history: int = 0, apart: bool = True) -> World:
    """The world with fifty accounts that upvote one paper of the last day, and popular ones before."""
    rng = random.Random(5)
    counts = Counter(vote.paper for vote in honest().votes)
    popular = {
        day: sorted((p for p in counts if p // 100 == day), key=lambda p: (-counts[p], p))[:6] for day in range(DAYS)
    }
    readers, votes = [], []
    for member in range(OURS, OURS + RING):
        older = rng.uniform(0, 300) if apart and age > 3 else 0.0
        readers.append(Reader(member, NOW - (age + older) * DAY, f"ring-{member % networks}"))
        votes.append(Vote(member, SPAM, NOW - rng.uniform(0.1, 0.6) * DAY))
        earlier = rng.sample(range(DAYS - 1), history)
        votes += [Vote(member, rng.choice(popular[day]), START + (day + 0.5) * DAY) for day in earlier]
    return honest().joined(readers, votes)


RINGS = {
    "new": {"age": 0.5},
    "new in one network": {"age": 0.5, "networks": 1},
    "aged, made together": {"apart": False},
    "aged, made apart": {},
    "aged in one network": {"networks": 1},
    "aged in 7 networks": {"networks": 7},
    "with 5 popular papers before": {"history": 5},
    "with 10 popular papers before": {"history": 10},
    "with 20 popular papers before, made together": {"history": 20, "apart": False},
    "with 20 popular papers before, in one network": {"history": 20, "networks": 1},
}


@pytest.mark.parametrize("shape", RINGS)
def test_e17_a_ring_of_fifty_moves_no_paper_into_the_top_ten_of_a_200_vote_day(shape: str) -> None:
    world = ring(**RINGS[shape])  # type: ignore[arg-type] # a shape is any of ring's arguments
    assert world.top({})[0] == SPAM
    assert SPAM not in world.top(world.waiting())


def test_e17_fewer_than_one_honest_reader_in_200_is_flagged() -> None:
    flagged = {reader for (reader, _), why in honest().waiting().items() if why is not Reason.NEW}
    assert len(flagged) < len({vote.reader for vote in honest().votes}) / 200


def test_a_ring_that_votes_for_several_papers_waits_on_each_in_lockstep() -> None:
    # Real readers, bribed: their history is as good as any, only what they share gives them away.
    rng = random.Random(3)
    bought = rng.sample(sorted({vote.reader for vote in honest().votes}), RING)
    votes = [
        Vote(reader, SPAM + paper, NOW - (2 * paper + rng.uniform(0.2, 0.8)) * DAY)
        for paper in range(4)
        for reader in bought
    ]
    held = honest().joined([], votes).waiting()
    assert all(Counter(paper for _, paper in held)[SPAM + paper] >= RING - 4 for paper in range(4))
    assert held[min(bought), SPAM] is Reason.LOCKSTEP


def test_an_honest_paper_with_200_upvotes_is_not_damped() -> None:
    rng = random.Random(8)
    eager = Counter(vote.reader for vote in honest().votes)
    fans = sorted(eager, key=lambda reader: rng.random() ** (1 / eager[reader]), reverse=True)[:200]
    world = honest().joined([], [Vote(reader, SPAM, NOW - rng.uniform(0.1, 1.9) * DAY) for reader in fans])
    assert sum(paper == SPAM for _, paper in world.waiting()) == 0


def lab_of_twelve() -> World:
    rng = random.Random(9)
    members = rng.sample([reader.id for reader in honest().readers], 12)
    paper = (DAYS - 1) * 100 + 7
    given = {vote.reader for vote in honest().votes if vote.paper == paper}
    world = World(tuple(replace(r, network="lab") if r.id in members else r for r in honest().readers), honest().votes)
    return world.joined([], [Vote(r, paper, NOW - rng.uniform(0.2, 0.7) * DAY) for r in members if r not in given])


def test_a_lab_of_twelve_that_upvotes_its_own_paper_is_hardly_damped() -> None:
    assert sum(paper == (DAYS - 1) * 100 + 7 for _, paper in lab_of_twelve().waiting()) <= 1


def test_few_doubted_upvotes_wait_as_far_as_they_would_lift_a_paper_into_the_top_ten() -> None:
    readers = [Reader(OURS + n, START - n * 9 * DAY, None) for n in range(20)]
    world = honest().joined(readers, [Vote(reader.id, SPAM, NOW - 0.4 * DAY) for reader in readers])
    held = world.waiting()
    assert SPAM in world.top({})
    assert SPAM not in world.top(held)
    tenth = sorted(Counter(vote.paper for vote in honest().votes if vote.at >= NOW - DAY).values())[-10]
    assert sum(paper == SPAM for _, paper in held) == 20 - (tenth - 1)


def test_newcomers_who_come_for_a_paper_that_readers_liked_count_after_three_days() -> None:
    popular = Counter(vote.paper for vote in honest().votes if vote.at < NOW - 10 * DAY).most_common(1)[0][0]
    day = START + (popular // 100 + 0.5) * DAY
    newcomers = [Reader(OURS + n, day - n, None) for n in range(40)]
    votes = [Vote(newcomer.id, popular, day + 60) for newcomer in newcomers]
    held = honest().joined(newcomers, votes).waiting()
    assert not [reader for reader, paper in held if paper == popular and reader >= OURS]


@pytest.mark.parametrize(("age_h", "trust", "expected"), [(0, 0, 0), (71.9, 0, 0), (72, 0, 1), (0, VOUCHED, 1)])
def test_an_upvote_counts_after_three_days_or_when_somebody_vouches(age_h: float, trust: int, expected: int) -> None:
    assert weight(age_h, trust) == expected


def test_a_new_reader_is_told_that_the_upvote_waits_for_age() -> None:
    reader, vote = Reader(1, NOW - DAY), Vote(1, 7, NOW - 60)
    assert waiting([vote], [reader], NOW) == {(1, 7): Reason.NEW}
    assert waiting([vote], [reader], NOW + 3 * DAY) == {}
    assert waiting([vote], [replace(reader, trust=VOUCHED)], NOW) == {}
    assert "three days" in Reason.NEW


def test_verified_readers_never_wait() -> None:
    world = ring()
    trusted = tuple(replace(reader, trust=VERIFIED) for reader in world.readers)
    assert waiting(world.votes, trusted, NOW) == {}


def test_the_order_of_votes_and_readers_does_not_matter() -> None:
    world = ring(history=5)
    votes, readers = list(world.votes), list(world.readers)
    random.Random(1).shuffle(votes)
    random.Random(2).shuffle(readers)
    assert list(waiting(votes, readers, NOW).items()) == list(world.waiting().items())


def test_what_waits_is_a_part_of_what_was_given_in_order() -> None:
    world = ring(networks=7)
    held = list(world.waiting())
    assert held == sorted(held)
    assert set(held) <= {(vote.reader, vote.paper) for vote in world.votes}


def test_without_votes_nothing_waits() -> None:
    assert waiting([], [], NOW) == {}


@pytest.mark.parametrize("friends", [1, 2, 5, 12])
def test_a_few_friends_who_upvote_everything_together_never_wait(friends: int) -> None:
    readers = [Reader(n, START - 30 * DAY, "home") for n in range(friends)]
    votes = [Vote(n, paper, START + paper * DAY + n) for n in range(friends) for paper in range(9)]
    assert waiting(votes, readers, NOW) == {}
