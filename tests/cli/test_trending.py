"""``broadsheet trending``: the order, an order of the past, and whether both hold."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.papers import record
from tests.readers import make_reader
from typer.testing import CliRunner

from broadsheet.cli.app import app
from broadsheet.cli.output import fail
from broadsheet.errors import Conflict
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.voting.upvote import cast
from broadsheet.settings import Settings
from broadsheet.store.evidence_log import append
from broadsheet.wiring import open_house

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A house where one paper was upvoted a day after the other."""
    now = BEGAN
    with open_house(Settings(home=tmp_path), clock=lambda: now) as house:
        keep(house.store, [record(1), record(2)], at=now)
        voters = [make_reader(house, f"reader-{number}") for number in range(3)]
        now = BEGAN + timedelta(days=10)
        cast(house, voters[0], "2401.00001")
        now = BEGAN + timedelta(days=11)
        for reader in voters:
            cast(house, reader, "2401.00002")
    return tmp_path


def ask(home: Path, *words: str) -> dict[str, object]:
    answer = CliRunner().invoke(app, ["trending", "--home", str(home), "--json", *words])
    assert answer.exit_code == 0, answer.output
    told: dict[str, object] = json.loads(answer.stdout)
    return told


def slugs(told: dict[str, object]) -> list[str]:
    papers = told["papers"]
    assert isinstance(papers, list)
    return [paper["id"] for paper in papers]


def test_what_trends_and_what_trended_are_shown(home: Path) -> None:
    assert slugs(ask(home)) == ["2401.00002", "2401.00001"]
    assert slugs(ask(home, "--of", "day")) == []
    before = ask(home, "--at", "2026-11-11T12:00", "--verify")
    assert (slugs(before), before["verified"]) == (["2401.00001"], True)
    after = ask(home, "--at", "2026-11-30", "--verify")
    assert after["hash"] == after["stored"] != before["hash"]


def test_people_read_a_table(home: Path) -> None:
    answer = CliRunner().invoke(app, ["trending", "--home", str(home), "--at", "2026-11-30", "--verify"])
    assert "Paper number 2" in answer.stdout
    assert "Hash of the order" in answer.stdout
    assert "all counters agree" in answer.stdout
    nothing = CliRunner().invoke(app, ["trending", "--home", str(home), "--at", "2026-01-01"])
    assert "Nothing trends yet" in nothing.stdout


def test_an_order_that_the_log_does_not_lead_to_is_a_conflict(home: Path) -> None:
    with open_house(Settings(home=home), clock=lambda: BEGAN) as house, house.store.writing() as connection:
        append(connection, [(1, "upvotes", 100)], BEGAN)
    answer = CliRunner().invoke(app, ["trending", "--home", str(home), "--verify"])
    assert isinstance(answer.exception, Conflict)
    assert fail(answer.exception) == 5
