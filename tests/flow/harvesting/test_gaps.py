"""Gaps are found, given out, filled or given up."""

import itertools
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from tests.papers import AT, record

from broadsheet.clock import Clock
from broadsheet.errors import NotFound
from broadsheet.flow.harvesting import gaps as flow
from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep
from broadsheet.model.harvest import Source
from broadsheet.model.record import Record
from broadsheet.store import gaps, source_days, sources

FIRST = date(2026, 8, 3)  # a Monday
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Told:
    day: date
    papers: int
    final: bool = False


@pytest.fixture
def clock() -> Clock:
    """A clock that tests turn."""
    return Turned()


class Turned:
    def __init__(self) -> None:
        self.at = AT

    def __call__(self) -> datetime:
        return self.at


def shelve(house: House, numbers: set[int]) -> None:
    keep(house.store, [told_by("arxiv", number) for number in sorted(numbers)], at=AT)


def told_by(source: str, number: int) -> Record:
    title = f"Napkin of its own {number}x{number * 7919}"
    return replace(record(number), source=source, key=f"2401.{number:05}", title=title)


def look(house: House, name: str, kind: str, papers: dict[date, int], *, final: bool = False) -> int:
    """Add a source that has told these days, each looked at once."""
    with house.store.writing() as connection:
        known = sources.by_name(connection, name)
        own = known or sources.add(connection, Source(name=name, kind=kind, every_s=3_600, at=AT))
        source_days.told(connection, own.id, [Told(d, n, final) for d, n in papers.items()], house.clock())
    return own.id


def working_days(weeks: int, papers: int) -> dict[date, int]:
    days = [FIRST + timedelta(days=number) for number in range(7 * weeks)]
    return {day: papers if day.weekday() < 5 else 0 for day in days}


def names(house: House) -> dict[str, str]:
    with house.store.reading() as connection:
        return {gap.name: gap.scheme for gap in gaps.page(connection, 9_999)}


def outcomes(house: House) -> dict[tuple[str, str, str], int]:
    with house.store.reading() as connection:
        return gaps.counts(connection)


def test_ids_that_a_month_skips_are_found_once_and_filled_when_they_come(house: House) -> None:
    lost = {50, 51, 120}
    shelve(house, set(range(1, 200)) - lost)
    assert flow.find(house) == 3
    assert names(house) == {f"2401.{number:05}": "arxiv" for number in lost}
    assert flow.find(house) == 0
    shelve(house, {50, 120})
    assert flow.settle(house, flow.due(house, "id")) == flow.Settled(filled=2, absent=0, open=1)
    assert outcomes(house) == {("id", "arxiv", "filled"): 2, ("id", "arxiv", ""): 1}


def test_a_feed_that_names_ids_makes_no_gaps(house: House) -> None:
    known = [number for base in (0, 2_000) for number in range(base + 1, base + 91)]
    keep(house.store, [told_by("feed", number) for number in known], at=AT)
    assert flow.find(house) == 0


def test_many_new_gaps_are_noted_in_turns_and_told_of(house: House, caplog: pytest.LogCaptureFixture) -> None:
    shelve(house, {*range(1, 91), *range(2_991, 3_091)})
    assert [flow.find(house) for _ in range(3)] == [2_000, 900, 0]
    assert [line.message for line in caplog.records] == ["many gaps"]


def test_a_few_papers_of_a_month_miss_nothing(house: House) -> None:
    shelve(house, set(range(1, 2_000, 13)))
    assert flow.find(house) == 0


def test_an_id_is_asked_for_seven_times_in_more_than_fourteen_days_and_then_given_up(
    house: House, clock: Turned
) -> None:
    shelve(house, set(range(1, 200)) - {77})
    flow.find(house)
    asked_at = []
    while names(house):
        asked = flow.due(house, "id")
        asked_at += [clock.at] * len(asked)
        flow.settle(house, asked)
        clock.at += HOUR
        assert clock.at < AT + timedelta(days=60)
    assert outcomes(house) == {("id", "arxiv", "absent"): 1}
    assert len(asked_at) == 7
    assert [(later - at) // HOUR for at, later in itertools.pairwise(asked_at)] == [6, 12, 24, 48, 96, 192]
    assert flow.find(house) == 0


def test_gaps_are_given_out_in_batches_and_to_one_at_a_time(house: House) -> None:
    shelve(house, set(range(1, 1_000)) - set(range(300, 350)))
    flow.find(house)
    first, second = flow.due(house, "id", limit=30), flow.due(house, "id", limit=30)
    assert (len(first), len(second)) == (30, 20)
    assert not {gap.id for gap in first} & {gap.id for gap in second}


def test_an_empty_day_among_busy_ones_is_missed_until_it_tells(house: House) -> None:
    empty, never = FIRST + timedelta(days=31), FIRST + timedelta(days=45)
    papers = working_days(12, 12) | {empty: 0}
    del papers[never]
    look(house, "hf", "hf", papers)
    assert flow.find(house) == 2
    assert names(house) == {empty.isoformat(): "hf", never.isoformat(): "hf"}
    assert [gap.name for gap in flow.due(house, "day", "hf")] == [empty.isoformat(), never.isoformat()]
    look(house, "hf", "hf", {empty: 11, never: 14})
    assert flow.settle(house).filled == 2
    assert names(house) == {}


def test_a_known_busy_day_that_is_told_as_final_and_empty_is_missed_all_the_same(house: House) -> None:
    look(house, "hf", "hf", working_days(12, 12) | {FIRST + timedelta(days=31): 0}, final=True)
    assert flow.find(house) == 1


def test_arxiv_is_not_missed_on_its_holidays_nor_after_its_weekends(house: House) -> None:
    # What an evening announces is dated the next day: Tuesday to Friday, and Monday for Sunday's.
    days = [date(2026, 5, 1) + timedelta(days=number) for number in range(100)]
    quiet = {date(2026, 6, 20), date(2026, 6, 22), date(2026, 7, 4), date(2026, 7, 6)}
    papers = {day: 0 if day.weekday() > 4 or day in quiet else 900 for day in days}
    lost = date(2026, 7, 14)
    look(house, "arxiv", "arxiv", papers | {lost: 0})
    look(house, "other", "hf", papers)
    flow.find(house)
    with house.store.reading() as connection:
        assert [gap.name for gap in gaps.open_gaps(connection, "day", "arxiv")] == [lost.isoformat()]
        assert [gap.name for gap in gaps.open_gaps(connection, "day", "other")] == ["2026-06-22", "2026-07-06"]


def test_yesterday_is_not_missed_yet(house: House) -> None:
    days = [AT.date() - timedelta(days=number) for number in range(60)]
    look(house, "hf", "hf", {day: 0 if day >= AT.date() - timedelta(days=1) else 9 for day in days})
    assert flow.find(house) == 0


def test_a_day_becomes_final_when_it_was_looked_at_again_long_after(house: House, clock: Turned) -> None:
    papers = working_days(12, 12)
    low = FIRST + timedelta(days=31)
    clock.at = AT - timedelta(days=60)
    own = look(house, "hf", "hf", papers | {low: 0})
    flow.find(house)
    with house.store.reading() as connection:
        assert not source_days.is_final(connection, FIRST)
    clock.at = AT
    look(house, "hf", "hf", papers | {low: 0})
    flow.find(house)
    with house.store.reading() as connection:
        assert source_days.is_final(connection, FIRST)
        assert source_days.open_days(connection, own, 99) == (low,)
        (gap,) = gaps.page(connection, 9)
    flow.decide(house, gap.id, "ignored")
    flow.find(house)
    with house.store.reading() as connection:
        assert source_days.open_days(connection, own, 99) == ()


def test_gaps_of_a_source_that_is_gone_are_ignored(house: House) -> None:
    look(house, "hf", "hf", working_days(12, 12) | {FIRST: 0})
    assert flow.find(house) == 1
    with house.store.writing() as connection:
        found = sources.by_name(connection, "hf")
        assert found is not None
        sources.remove(connection, found)
    flow.find(house)
    assert outcomes(house) == {("day", "hf", "ignored"): 1}


def test_only_a_gap_that_there_is_can_be_decided_on(house: House) -> None:
    with pytest.raises(NotFound):
        flow.decide(house, 9, "ignored")


def test_a_source_that_runs_only_when_asked_misses_nothing(house: House) -> None:
    days = working_days(10, 20)
    look(house, "hf", "hf", {**days, FIRST + timedelta(days=37): 0})
    with house.store.writing() as connection:
        (known,) = sources.everything(connection)
        sources.save(connection, replace(known, every_s=0))
        assert flow.is_looked_after(known)
    assert flow.find(house) == 0
