"""Whatever a repository does while it is harvested, in the end all it has is here: thousands of random ones."""

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.empty_store import empty_store
from tests.papers import AT
from tests.sources.live.repository import SERVICE, Habits, Harvester, Repository

from broadsheet.flow.shelf.keep import keep
from broadsheet.sources.adapter import Want
from broadsheet.sources.live.oai import OaiSource
from broadsheet.store.connect import Store, open_store
from broadsheet.store.schema import papers, records

DAY = timedelta(days=1)
BROKEN: tuple[Callable[[bytes], bytes], ...] = (
    lambda raw: raw[: len(raw) // 2],
    lambda raw: raw[:-1],
    lambda _: b"",
    lambda _: b"<!DOCTYPE html><html><body>Back soon.</body></html>",
    lambda _: b'{"error": "busy"}',
    lambda _: Repository().document("<ListRecords></ListRecords>"),
)


def change(repository: Repository, chance: random.Random, *, late: bool = False) -> None:
    """Let something happen to the list: a new item, an edit, a cross-list, a withdrawal, a deletion."""
    number = chance.randint(0, 14)
    behind = timedelta(minutes=chance.randint(0, 24 * 60)) if late and chance.random() < 0.4 else timedelta()
    match chance.randrange(5):
        case 0 if number in repository.items:
            repository.put(number, repository.items[number].text, sets=("cs", "cs:cs:CL"), late=behind)
        case 1 if number in repository.items:
            repository.put(number, "This paper has been withdrawn by the author", late=behind)
        case 2 if number in repository.items:
            repository.put(number, repository.items[number].text, deleted=not repository.items[number].deleted)
        case _:
            repository.put(number, f"Text {chance.random()}", deleted=False, late=behind)


def step(harvester: Harvester, chance: random.Random) -> None:
    """Do one page of a run, or let something happen instead."""
    repository = harvester.repository
    match chance.randrange(10):
        case 0:
            repository.now += timedelta(minutes=chance.randint(1, 9 * 60))
        case 1:
            change(repository, chance)
        case 2:
            assert harvester.ask is not None
            harvester.page(chance.choice(BROKEN)(repository.answer(harvester.ask.url)))
        case 3 if harvester.ask is not None and "resumptionToken" in harvester.ask.url:
            harvester.page(repository.document('<error code="badResumptionToken"/>'))
        case 4:
            # Killed before the page was kept: the same token is asked for once more.
            assert harvester.ask is not None
            repository.answer(harvester.ask.url)
        case _:
            harvester.page()
    repository.now += timedelta(seconds=chance.randint(1, 60))


def drawn(seed: int) -> tuple[Harvester, random.Random]:
    chance = random.Random(seed)
    repository = Repository(Habits.drawn(chance))
    for number in range(chance.randint(0, 10)):
        repository.now += timedelta(minutes=chance.randint(0, 300))
        repository.put(number, f"First text {number}")
    repository.stuck = chance.choice(("same", "circle")) if chance.random() < 0.1 else ""
    sorts = not repository.habits.by_id and chance.random() < 0.5
    skew = timedelta(hours=chance.choice((0, 0, -24, 24)))
    source = OaiSource(service=SERVICE, prefix="arXiv", sorts=sorts)
    return Harvester(repository, source=source, skew=skew), chance


def lives_through(seed: int) -> None:
    """Harvest a few times while all goes wrong, then once in peace."""
    harvester, chance = drawn(seed)
    repository = harvester.repository
    for _ in range(chance.randint(1, 3)):
        harvester.begin()
        for _ in range(chance.randint(1, 25)):
            if harvester.ask is None:
                break
            step(harvester, chance)
        assert all(at <= repository.now for at in harvester.moments)
        repository.now += timedelta(hours=chance.randint(0, 40))
        change(repository, chance)
    repository.stuck = ""
    repository.now += DAY
    # What was cut off goes on from where it was, or fails for good; what came meanwhile comes with the next run.
    for _ in range(3):
        harvester.run()
    assert harvester.kept == repository.current(), seed


@pytest.mark.parametrize("hundred", range(20))
def test_after_two_thousand_random_lives_each_has_what_its_repository_has(hundred: int) -> None:
    for seed in range(100 * hundred, 100 * hundred + 100):
        lives_through(seed)


def history(seed: int) -> tuple[Harvester, random.Random]:
    """Let days go by with a harvest now and then: edits, cross-lists, withdrawals, bulk updates, late records."""
    chance = random.Random(seed)
    repository = Repository(Habits.drawn(chance))
    want = Want(target=chance.choice(("", "cs:cs:CL")))
    harvester = Harvester(repository, want=want, skew=timedelta(hours=chance.choice((0, 0, -24, 24))))
    for _ in range(chance.randint(3, 8)):
        for _ in range(chance.randint(0, 6)):
            repository.now += timedelta(minutes=chance.randint(0, 400))
            change(repository, chance, late=True)
        if chance.random() < 0.1:
            for number, item in repository.items.items():
                repository.put(number, item.text)
        if chance.random() < 0.7:
            harvester.run()
    harvester.run()
    return harvester, chance


@pytest.mark.parametrize("hundred", range(10))
def test_after_a_thousand_random_histories_nothing_is_missed_or_doubled_or_told_anew(hundred: int) -> None:
    for seed in range(100 * hundred, 100 * hundred + 100):
        harvester, _ = history(seed)
        repository, want = harvester.repository, harvester.want
        expected = repository.current(want.target)
        assert harvester.kept.keys() == expected.keys(), seed
        assert {key: harvester.kept[key] for key in expected} == expected, seed
        kept = dict(harvester.kept)
        harvester.run()
        assert harvester.kept == kept, seed


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(empty_store(tmp_path / "papers.db"), clock=lambda: AT)


def rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Give the hash of every record and paper."""
    with store.reading() as connection:
        told = connection.execute(select(records.c.key, records.c.version, records.c.hash, records.c.paper_id))
        shown = connection.execute(select(papers.c.slug, papers.c.stamp))
        return {"records": sorted(map(tuple, told)), "papers": sorted(map(tuple, shown))}


@pytest.mark.parametrize("seed", range(25))
def test_a_harvest_with_overlap_changes_no_row(store: Store, seed: int) -> None:
    harvester, _ = history(seed)
    keep(store, harvester.told, at=AT)
    expected = harvester.repository.current(harvester.want.target)
    before = rows(store)
    assert {row[0] for row in before["records"]} == expected.keys()
    assert len(before["records"]) == len(expected)
    harvester.told.clear()
    harvester.run()
    kept = keep(store, harvester.told, at=AT)
    assert (kept.new, kept.changed, kept.unchanged) == (0, 0, len(harvester.told))
    assert rows(store) == before
    store.close()
