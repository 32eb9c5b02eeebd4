"""``broadsheet list``: any list in the terminal."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import NOW, shelf
from typer.testing import CliRunner, Result

from broadsheet.cli.app import app
from broadsheet.cli.output import fail
from broadsheet.errors import BroadsheetError
from broadsheet.flow.accounts.owner import owner
from broadsheet.flow.lists import labels
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.settings import Settings
from broadsheet.wiring import open_house


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("listed")
    with open_house(Settings(home=folder), clock=lambda: NOW) as house:
        keep(house.store, shelf(), at=NOW)
        catch_up(house)
        labels.make(house, owner(house), Wanted("Tea"))
        labels.put(house, owner(house), "tea", "2502.00001")
    return folder


def ask(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["list", *words, "--home", str(home)])


def told(home: Path, *words: str) -> Any:
    answer = ask(home, *words, "--json")
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def test_a_day_is_listed_and_the_latest_told_by_its_name(home: Path) -> None:
    latest = told(home, "day")
    assert (latest["kind"], latest["name"]) == ("day", "2026-03-09")
    assert [paper["id"] for paper in told(home, "day", "2026-03-06")["papers"]] == ["2603.00002", "2603.00001"]


def test_a_list_is_narrowed_ordered_and_cut(home: Path) -> None:
    found = told(home, "author", "ann-lee", "--year", "2024", "--cat", "cs.CL", "--limit", "3", "--sort", "date")
    assert (len(found["papers"]), found["more"]) == (3, True)
    assert {paper["published"][:4] for paper in found["papers"]} == {"2024"}
    rest = told(home, "author", "ann-lee", "--year", "2024", "--cat", "cs.CL", "--offset", "3", "--sort", "date")
    assert found["total"] == 3 + len(rest["papers"])
    assert not {paper["id"] for paper in found["papers"]} & {paper["id"] for paper in rest["papers"]}


def test_words_are_searched(home: Path) -> None:
    found = told(home, "search", "kettle", "study", "--limit", "2")
    assert len(found["papers"]) == 2
    assert all("Kettle study" in paper["title"] for paper in found["papers"])


def test_the_owner_sees_labels_of_their_own(home: Path) -> None:
    assert [paper["id"] for paper in told(home, "label", "owner/tea")["papers"]] == ["2502.00001"]
    assert told(home, "following", "--reader", "owner")["papers"] == []


def test_people_read_a_table(home: Path) -> None:
    answer = ask(home, "category", "cs.CL", "--limit", "2")
    assert answer.stdout.startswith("Papers of cs.CL")
    assert "There are more" in answer.stdout
    assert "no papers" in ask(home, "category", "math.NO").stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [(["kettles"], 2), (["day", "yesterday"], 2), (["day", "--like", "2502.00001"], 2), (["author", "nobody-here"], 3),
     (["label", "owner/none"], 3), (["day", "--reader", "nobody"], 3)],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_what_cannot_be_listed_is_told_by_its_code(home: Path, words: list[str], code: int) -> None:
    error = ask(home, *words).exception
    assert isinstance(error, BroadsheetError)
    assert fail(error) == code
