"""A ring of accounts in a small world: it lifts nothing, and honest readers are left alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from tests.conftest import NOW
from tests.papers import record

from broadsheet.flow import daily
from broadsheet.flow.house import House
from broadsheet.flow.scoring import rescore
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.voting import crowds, trending
from broadsheet.flow.voting.replay import verify
from broadsheet.flow.voting.waiting import why
from broadsheet.model.reader import Reader
from broadsheet.model.record import Daily
from broadsheet.store import readers, upvotes
from broadsheet.store.payload import moment
from broadsheet.store.upvotes import Given

DAYS, PAPERS, HONEST, RING, COMING = 21, 12, 150, 50, 60
DAY = timedelta(days=1)
Votes = list[tuple[Reader, int, datetime, str]]


@pytest.fixture
def world(house: House) -> House:
    """Three weeks of papers, and readers who come on some days and like some kinds of papers."""
    days = [(NOW - (DAYS - 1 - n) * DAY).date() for n in range(DAYS)]
    told = [
        record(1 + n * PAPERS + place, daily=(Daily(day),)) for n, day in enumerate(days) for place in range(PAPERS)
    ]
    keep(house.store, told, at=NOW)
    dice = Random(11)
    people = join(house, "honest", [NOW - dice.uniform(30, 700) * DAY for _ in range(HONEST)])
    taste = {person.id: [dice.expovariate(1) for _ in range(4)] for person in people}
    votes: Votes = []
    for n in range(DAYS):
        popular = [dice.paretovariate(1) for _ in range(PAPERS)]
        for person in dice.sample(people, COMING):
            weights = [popular[place] * taste[person.id][place % 4] for place in range(PAPERS)]
            liked = {*dice.choices(range(PAPERS), weights, k=dice.randint(1, 5))}
            at = NOW - (DAYS - 1 - n) * DAY - dice.uniform(0, 10) * timedelta(hours=1)
            votes += [(person, 1 + n * PAPERS + place, at, f"home-{person.id}") for place in sorted(liked)]
    give(house, votes)
    return house


def join(house: House, name: str, made: Sequence[datetime]) -> list[Reader]:
    with house.store.writing() as connection:
        return [readers.insert(connection, f"{name}-{n}", name, at=at) for n, at in enumerate(made)]


def give(house: House, votes: Votes) -> None:
    """Keep upvotes as they were cast one by one."""
    with house.store.writing() as connection:
        for reader, paper_id, at, network in votes:
            upvotes.cast(connection, Given(reader.id, paper_id, moment(at), network, ""))
        rescore(connection, {vote[1] for vote in votes}, NOW)


def top(house: House) -> list[int]:
    return [paper.id for paper in daily.page(house, NOW.date()).papers[:10]]


def waiting(house: House) -> dict[int, set[int]]:
    """Give, by reader, the papers whose upvotes wait."""
    found: dict[int, set[int]] = {}
    with house.store.reading() as connection:
        for given in upvotes.given(connection, NOW - 100 * DAY):
            if given.waits:
                found.setdefault(given.reader_id, set()).add(given.paper_id)
    return found


def test_honest_readers_wait_for_nothing(world: House) -> None:
    before = top(world)
    crowds.judge(world)
    flagged = waiting(world)
    assert len(flagged) <= HONEST * 0.005
    assert top(world) == before
    assert verify(world).agrees


def test_a_ring_of_fifty_puts_no_paper_among_the_first_ten(world: House) -> None:
    crowds.judge(world)
    before = top(world)
    last = [paper.id for paper in daily.page(world, NOW.date()).papers[10:]][-1]
    ring = join(world, "ring", [NOW - 90 * DAY + timedelta(minutes=n) for n in range(RING)])
    give(world, [(member, last, NOW - timedelta(minutes=5), f"ring-{n % 5}") for n, member in enumerate(ring)])
    assert top(world) != before
    moved = crowds.judge(world)
    assert moved >= RING - 5
    assert top(world) == before
    assert trending.page(world, "day").papers[0].id != last
    held = waiting(world)
    assert len([person for person in held if person not in {member.id for member in ring}]) <= HONEST * 0.005
    assert verify(world).agrees
    assert crowds.judge(world) == 0


def test_a_reader_is_told_why_an_upvote_waits(world: House) -> None:
    last = daily.page(world, NOW.date()).papers[-1].id
    new = join(world, "new", [NOW - timedelta(hours=1)])
    give(world, [(new[0], last, NOW, "")])
    crowds.judge(world)
    with world.store.reading() as connection:
        waits = upvotes.of_reader(connection, new[0].id, [last])
    assert waits == {last: "new"}
    assert "72 hours" in why(waits[last], 72.0)
    assert [why(each, 72.0) == "" for each in ("", "new", "lockstep", "network", "cohort", "crowd")] == [
        True, False, False, False, False, False,
    ]  # fmt: skip


def test_where_upvotes_came_from_is_forgotten_in_time(world: House) -> None:
    later = replace(world, clock=lambda: NOW + 31 * DAY)
    assert crowds.forget_networks(later) > 0
    assert crowds.forget_networks(later) == 0
    with world.store.reading() as connection:
        assert {given.network for given in upvotes.given(connection, NOW - 100 * DAY)} == {""}
