"""Hugging Face's daily papers in every shape since 2024."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.sources.reading import AT, Read, parse

from broadsheet.model.record import Author, Daily, Link, Signal

PAPER: dict[str, Any] = {
    "id": "2401.00001",
    "title": "On\nNapkins",
    "summary": "We fold. See https://ann.github.io/napkins.",
    "authors": [{"name": "Ann Lee", "hidden": False}, {"name": "Bo Chen", "hidden": True}, {"name": "Cy Du"}],
    "publishedAt": "2024-05-22T18:59:00.000Z",
    "upvotes": 7,
    "discussionId": "664",
}
EARLY = {
    "paper": PAPER,
    "publishedAt": "2024-05-24T01:02:03.000Z",
    "title": "On Napkins",
    "mediaUrl": "https://cdn.example.org/a.mp4",
    "thumbnail": "https://cdn.example.org/t.png",
    "numComments": 2,
    "submittedBy": {"user": "reader-1", "fullname": "Reader One"},
}
LATE = {
    "paper": PAPER
    | {
        "submittedOnDailyAt": "2024-05-25T01:02:03.000Z",
        "submittedOnDailyBy": {"user": "reader-2"},
        "githubRepo": "https://github.com/ann/napkins",
        "githubStars": 12,
        "projectPage": "https://napkins.example.org",
        "ai_summary": "Folding.",
        "ai_keywords": ["folds", "napkins"],
        "organization": {"name": "foldinst", "fullname": "Fold Institute"},
        "mediaUrls": ["https://cdn.example.org/b.mp4"],
    },
    "publishedAt": "2024-05-22T14:59:00.000Z",
    "title": "On Napkins",
    "summary": "Another telling.",
    "thumbnail": "https://cdn.example.org/t.png",
    "numComments": 2,
    "submittedBy": {"user": "reader-3"},
}


def read(data: Any, name: str = "daily_papers_2024-05-27.json") -> Read:
    return parse("hf", data if isinstance(data, str) else json.dumps(data), name)


def test_an_item_of_2024_is_read() -> None:
    record = read([EARLY]).record
    assert (record.source, record.key) == ("hf", "2401.00001@2024-05-27")
    assert (record.title, record.abstract) == ("On Napkins", "We fold. See https://ann.github.io/napkins.")
    assert record.authors == (Author("Ann Lee"), Author("Cy Du"))
    assert record.published == "2024-05-22T18:59:00Z"
    assert record.daily == (Daily(date(2024, 5, 27), "2024-05-24T01:02:03Z", "reader-1"),)
    assert record.signals == (Signal("upvotes", 7, AT), Signal("comments", 2, AT))
    assert record.media == ("https://cdn.example.org/a.mp4", "https://cdn.example.org/t.png")
    assert record.links == (Link("project", "https://ann.github.io/napkins"),)


def test_an_item_of_2026_is_read() -> None:
    record = read([LATE]).record
    assert record.daily == (Daily(date(2024, 5, 27), "2024-05-25T01:02:03Z", "reader-2"),)
    assert record.links[:2] == (
        Link("code", "https://github.com/ann/napkins"),
        Link("project", "https://napkins.example.org"),
    )
    assert Signal("stars", 12, AT) in record.signals
    assert (record.summary, record.keywords) == ("Folding.", ("folds", "napkins"))
    assert record.organisations == ("Fold Institute",)
    assert record.abstract == PAPER["summary"]


def test_without_a_day_in_the_name_the_day_of_submission_counts() -> None:
    assert [read([item], "x.json").record.daily[0].day.day for item in (EARLY, LATE)] == [24, 25]
    assert (
        read([{"paper": PAPER, "title": "On Napkins", "publishedAt": PAPER["publishedAt"]}], "x.json").record.daily
        == ()
    )


def test_a_dump_tells_its_day_and_when_it_was_fetched() -> None:
    days = [
        {"date": "2024-05-27", "fetched_at": "2024-05-28T00:00:00Z", "items": [EARLY]},
        {"date": "2024-05-28", "fetched_at": "2024-05-29T00:00:00Z", "items": [LATE, EARLY]},
        {"date": "2024-05-29", "items": []},
    ]
    found = read("\n".join(map(json.dumps, days)), "daily_raw.jsonl")
    assert [r.key for r in found.records] == [f"2401.00001@2024-05-{day}" for day in (27, 28, 28)]
    assert found.records[0].observed == datetime(2024, 5, 28, tzinfo=UTC)
    assert found.problems == []


def test_a_single_paper_is_read() -> None:
    record = read(LATE["paper"], "2401.00001.json").record
    assert (record.key, record.source) == ("2401.00001", "hf")
    assert record.daily == (Daily(date(2024, 5, 25), "2024-05-25T01:02:03Z", "reader-2"),)


def test_items_printed_by_python_are_read() -> None:
    assert read([str(EARLY)]).record == read([EARLY]).record


@pytest.mark.parametrize(
    "printed",
    [
        "{'paper': ",
        "{'paper': open('x')}",
        "{'paper'" + "[" * 9_000,
        "{'paper': -" + "-" * 90_000 + "1}",
        "{'paper', 1}",
    ],
    ids=range(5),
)
def test_what_only_looks_printed_by_python_is_a_problem(printed: str) -> None:
    assert read([printed, EARLY]).kinds == ["not-an-object"]


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        (7, "not-an-object"),
        (None, "not-an-object"),
        ({"paper": None}, "no-title"),
        ({"paper": {"id": "2401.00002", "title": " "}}, "no-title"),
    ],
)
def test_an_item_that_cannot_be_read_is_a_problem_and_the_next_one_comes(bad: Any, kind: str) -> None:
    found = read([bad, EARLY])
    assert (found.kinds, len(found.records)) == ([kind], 1)


def test_a_dump_without_a_day_is_a_problem_and_its_items_come() -> None:
    found = read({"date": "someday", "items": [EARLY]}, "x.json")
    assert (found.kinds, len(found.records)) == (["bad-date"], 1)


@pytest.mark.parametrize("wrong", [None, 7, True, "words", [], {}, [[]], [{}], 1e400])
def test_fields_of_wrong_types_are_passed_over(wrong: Any) -> None:
    paper = dict.fromkeys(LATE["paper"], wrong) | {"title": "T"}
    assert read([dict.fromkeys(EARLY, wrong) | {"paper": paper}]).titles == ["T"]
