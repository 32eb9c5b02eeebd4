"""How sources stand, in a word, and what it costs to say so."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from tests.conftest import NOW

from broadsheet.errors import NotFound
from broadsheet.flow.harvesting.harvest import MOST_FAILURES
from broadsheet.flow.harvesting.standing import detail, span, standings, state_of
from broadsheet.flow.house import House
from broadsheet.model.harvest import Source
from broadsheet.model.record import Problem
from broadsheet.sources.adapter import DayTold
from broadsheet.store import gaps, leases, problems, runs, source_days, sources

SOON, LONG_AGO = NOW + timedelta(hours=1), NOW - timedelta(days=2)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, "new"),
        ({"tried_at": NOW}, "on time"),
        ({"next_at": LONG_AGO, "tried_at": LONG_AGO}, "late"),
        ({"next_at": LONG_AGO}, "late"),
        ({"every_s": 0, "next_at": LONG_AGO}, "only when asked"),
        ({"failures": 1}, "waiting"),
        ({"failures": 3}, "failing"),
        ({"failures": MOST_FAILURES}, "parked"),
        ({"paused": True, "failures": 3}, "paused"),
        ({"paused": True, "refused": "403"}, "refused"),
        ({"paused": True, "trouble": "403"}, "paused"),
    ],
)
def test_a_state_is_a_word(facts: dict[str, Any], state: str) -> None:
    source = replace(Source(name="a", kind="hf", every_s=3600, at=NOW, next_at=SOON), **facts)
    assert state_of(source, NOW, is_running=False) == state


def test_a_source_that_somebody_holds_is_running() -> None:
    source = Source(name="a", kind="hf", every_s=3600, at=NOW, next_at=LONG_AGO, failures=2)
    assert state_of(source, NOW, is_running=True) == "running"
    assert state_of(replace(source, paused=True), NOW, is_running=True) == "paused"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0 s"), (59, "59 s"), (61, "1 min"), (3_600, "1 h"), (90_000, "25 h"), (172_800, "2 days")],
)
def test_a_span_is_told_in_its_largest_unit(seconds: float, told: str) -> None:
    assert span(seconds) == told


def test_a_source_that_was_refused_stays_so_whatever_a_run_by_hand_says(house: House) -> None:
    with house.store.writing() as connection:
        source = sources.add(connection, Source(name="a", kind="hf", every_s=3600, at=NOW, next_at=SOON))
        for outcome, message in (("refused", "403"), ("waiting", "It is down.")):
            run = runs.begin(connection, source.id, NOW)
            runs.save(connection, replace(run, outcome=outcome, message=message, ended_at=NOW))
            sources.save(connection, replace(source, trouble=message))
            if outcome == "refused":
                sources.pause(connection, source.id)
    (stands,) = standings(house)
    assert (stands.state, stands.trouble) == ("refused", "403")


def fill(house: House, names: list[str]) -> None:
    with house.store.writing() as connection:
        for name in names:
            made = sources.add(connection, Source(name=name, kind="hf", every_s=3600, at=NOW, next_at=SOON))
            for new in (2, 3):
                run = runs.begin(connection, made.id, NOW)
                runs.save(connection, replace(run, outcome="done", ended_at=NOW, records=10, new=new, pages=1))
            source_days.told(connection, made.id, [DayTold(NOW.date(), 5)], NOW)
            gaps.found(connection, "day", name, ["2026-11-10"], NOW)
            problems.note(connection, [Problem(name, "1", "no-title", "None.")], at=NOW)


def test_a_source_is_told_with_its_sums_gaps_and_problems(house: House) -> None:
    fill(house, ["a", "b"])
    with house.store.writing() as connection:
        leases.take(connection, "source:2", "x", NOW, 60)
    first, second = standings(house)
    assert (first.state, second.state) == ("new", "running")
    assert (first.totals.runs, first.totals.records, first.totals.new) == (2, 20, 5)
    assert (first.gaps, first.problems, first.last and first.last.new) == (1, 1, 3)
    found = detail(house, "a")
    assert [len(part) for part in (found.runs, found.days, found.gaps, found.problems)] == [2, 1, 1, 1]
    with pytest.raises(NotFound):
        detail(house, "c")


def test_a_hundred_sources_cost_no_more_statements_than_one(house: House) -> None:
    seen: list[str] = []

    def see(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    costs = []
    event.listen(Engine, "before_cursor_execute", see)
    for names in (["a"], [f"b{number}" for number in range(100)]):
        fill(house, names)
        seen.clear()
        standings(house)
        costs.append(len(seen))
    event.remove(Engine, "before_cursor_execute", see)
    assert costs[0] == costs[1] <= 8
