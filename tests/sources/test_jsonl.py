"""JSON in the stated schema, by line or in an array."""

import json
from typing import Any

import pytest
from tests.sources.reading import Read, parse

ROW: dict[str, Any] = {"id": "2401.00001", "title": "On Napkins", "abstract": "We fold."}


def read(*rows: Any) -> Read:
    return parse("jsonl", "\n".join(map(json.dumps, rows)))


@pytest.mark.parametrize(
    ("told", "source", "key"),
    [
        ({}, "jsonl", "2401.00001"),
        ({"source": "arxiv"}, "arxiv", "jsonl:2401.00001"),
        ({"sources": ["acl", "hf"]}, "acl", "jsonl:2401.00001"),
        ({"sources": []}, "jsonl", "2401.00001"),
        ({"submitted_on_daily_at": None}, "hf", "2401.00001"),
        ({"discussionId": "1"}, "hf", "2401.00001"),
        ({"source": "s" * 5_000}, "s" * 64, "jsonl:2401.00001"),
    ],
)
def test_a_record_bears_the_source_it_states(told: dict[str, Any], source: str, key: str) -> None:
    record = read(ROW | told).record
    assert (record.source, record.key) == (source, key)


@pytest.mark.parametrize("bad", [7, "words", None, []])
def test_what_is_no_object_is_a_problem_and_the_next_one_comes(bad: Any) -> None:
    found = parse("jsonl", json.dumps([bad, ROW]))
    assert (found.kinds, len(found.records)) == (["not-an-object"] if bad != [] else [], 1)


def test_a_line_that_breaks_off_is_a_problem_with_its_number() -> None:
    found = parse("jsonl", f'{json.dumps(ROW)}\n{{"id": "2401.00002", "titl')
    assert (len(found.records), found.kinds) == (1, ["bad-json"])
    assert found.problems[0].where == "file:2"
    assert found.problems[0].raw.startswith('{"id": "2401.00002"')


def test_escaped_halves_of_characters_are_dropped() -> None:
    found = parse("jsonl", '{"title": "On \\ud800 Napkins\\u0000", "abstract": "\\ud83d\\ude00"}')
    assert (found.record.title, found.record.abstract) == ("On Napkins", "😀")
