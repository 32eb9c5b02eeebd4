"""Records that could not be read: ignored, or read again when a parser can."""

import pytest

from broadsheet.errors import NotFound
from broadsheet.flow.harvesting import problems as flow
from broadsheet.flow.house import House
from broadsheet.flow.upkeep.status import status
from broadsheet.model.record import Problem
from broadsheet.store import papers, problems

GOOD = "{'title': 'Folding napkins', 'authors': ['Ann Lee'], 'id': '2401.00001', 'withdrawn': None}"


def note(house: House, *told: Problem) -> list[int]:
    with house.store.writing() as connection:
        problems.note(connection, told, at=house.clock())
    return [each.id for each in flow.problems(house)][::-1]


def test_a_record_that_can_be_read_now_is_kept_and_no_problem_any_more(house: House) -> None:
    ids = note(
        house,
        Problem("jsonl", "line 1", "no-title", "None.", GOOD),
        Problem("hf-daily", "#2", "no-title", "None.", GOOD.replace("00001", "00002").replace("F", "Unf")),
        Problem("bibtex", "x:1", "bad-entry", "Odd.", "@article{a, title={Counting sheep}, year={2024}}"),
    )
    assert flow.retry(house, ids) == 3
    assert (flow.problems(house), status(house).problems) == ((), 0)
    with house.store.reading() as connection:
        assert papers.counts(connection)["papers"] == 3
    assert flow.retry(house, ids) == 0


@pytest.mark.parametrize("raw", ["", "words of a record", "{'title': ''}", "{broken", "{'title': 'x'" + " " * 10_000])
def test_what_cannot_be_read_stays_open(house: House, raw: str) -> None:
    ids = note(house, Problem("arxiv", "1", "no-title", "None.", raw))
    assert flow.retry(house, ids) == 0
    assert [each.id for each in flow.problems(house)] == ids


def test_an_ignored_problem_stays_ignored_when_it_is_told_again(house: House) -> None:
    told = Problem("arxiv", "1", "no-title", "None.", "x")
    assert flow.ignore(house, note(house, told)) == 1
    assert note(house, told) == []


def test_problems_are_listed_by_source(house: House) -> None:
    note(house, Problem("a", "1", "k", "m"), Problem("b", "1", "k", "m"))
    assert [each.source for each in flow.problems(house, source="a")] == ["a"]


def test_an_unknown_number_changes_nothing(house: House) -> None:
    ids = note(house, Problem("a", "1", "k", "m"))
    for verb in (flow.retry, flow.ignore):
        with pytest.raises(NotFound):
            verb(house, [*ids, 999])
    assert len(flow.problems(house)) == 1
