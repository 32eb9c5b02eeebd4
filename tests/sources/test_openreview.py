"""OpenReview's notes in the shapes of both of its APIs."""

import json
from typing import Any

import pytest
from tests.sources.reading import AT, Read, parse

from broadsheet.model.record import Author, Link
from broadsheet.sources import openreview

CONTENT: dict[str, Any] = {
    "title": "On Napkins",
    "authors": ["Ann Lee", "Bo Chen"],
    "authorids": ["~Ann_Lee1", "~Bo_Chen1"],
    "keywords": ["folds", "napkins"],
    "TLDR": "We fold.",
    "abstract": "We fold napkins. See https://github.com/ann/napkins.",
    "pdf": "/pdf/0123456789abcdef.pdf",
    "primary_area": "folding",
    "venue": "Fold 2024 oral",
    "venueid": "Fold.cc/2024/Conference",
}
NOTE: dict[str, Any] = {
    "id": "aB3_dE6-gH",
    "forum": "aB3_dE6-gH",
    "number": 7,
    "license": "CC BY 4.0",
    "cdate": 1695513600000,
    "pdate": 1705363200000,
    "mdate": 1710000000000,
    "version": 2,
    "content": {key: {"value": value} for key, value in CONTENT.items()},
}


def read(*notes: Any) -> Read:
    return parse("openreview", json.dumps({"notes": list(notes), "count": len(notes)}))


def having(**content: Any) -> dict[str, Any]:
    return NOTE | {"content": NOTE["content"] | {key: {"value": value} for key, value in content.items()}}


def test_a_submission_is_read() -> None:
    record = read(NOTE).record
    assert (record.source, record.key, str(record.ids[0])) == ("openreview", "aB3_dE6-gH", "openreview:aB3_dE6-gH")
    assert (record.title, record.summary, record.venue) == ("On Napkins", "We fold.", "Fold 2024 oral")
    assert record.authors == (Author("Ann Lee"), Author("Bo Chen"))
    assert (record.keywords, record.categories) == (("folds", "napkins"), ("folding",))
    assert (record.published, record.updated, record.licence) == ("2024-01-16", "2024-03-09", "CC BY 4.0")
    assert record.links == (
        Link("page", "https://openreview.net/forum?id=aB3_dE6-gH"),
        Link("pdf", "https://openreview.net/pdf/0123456789abcdef.pdf"),
        Link("code", "https://github.com/ann/napkins"),
    )
    assert (record.withdrawn, record.deleted, record.observed) == (False, False, AT)


def test_the_first_api_tells_the_same_without_wrapping() -> None:
    assert read(NOTE | {"content": CONTENT}).record == read(NOTE).record


def test_authors_with_profiles_and_other_spellings_of_a_summary_are_read() -> None:
    record = read(having(authors=[{"fullname": "Ann Lee", "username": "~Ann_Lee1"}], TLDR="")).record
    assert record.authors == (Author("Ann Lee"),)
    assert read(having(TLDR=None) | {"content": CONTENT | {"TLDR": "", "TL;DR": "Short."}}).record.summary == "Short."


def test_a_day_is_the_first_moment_that_is_told() -> None:
    assert read(NOTE | {"pdate": None}).record.published == "2023-09-24"
    assert read(NOTE | {"pdate": 10**18, "cdate": "x"}).record.published == ""


def test_reviews_and_decisions_are_no_papers() -> None:
    review = NOTE | {"id": "zZ9_xX8-wW", "replyto": "aB3_dE6-gH", "content": {"title": {"value": "Official Review"}}}
    assert read(NOTE, review).records == [read(NOTE).record]
    assert read(review).told == ()


def test_what_was_withdrawn_or_deleted_says_so() -> None:
    assert read(having(venueid="Fold.cc/2024/Conference/Withdrawn_Submission")).record.withdrawn
    assert read(NOTE | {"ddate": 1710000000000}).record.deleted


@pytest.mark.parametrize(
    ("venueid", "venue", "accepted"),
    [
        ("ICLR.cc/2024/Conference", "ICLR 2024 poster", True),
        ("TMLR", "Accepted by TMLR", True),
        ("ICLR.cc/2024/Conference/Rejected_Submission", "Submitted to ICLR 2024", False),
        ("ICLR.cc/2024/Conference/Desk_Rejected_Submission", "", False),
        ("ICLR.cc/2024/Conference/Withdrawn_Submission", "ICLR 2024 Conference Withdrawn Submission", False),
        ("ICLR.cc/2025/Conference/Submission", "ICLR 2025 Conference Submission", False),
        ("TMLR/Under_review", "Under review for TMLR", False),
        ("ICLR.cc/2023/Conference", "Submitted to ICLR 2023", False),
        ("ICLR.cc/2022/Conference", "ICLR 2022 Submitted", False),
        ("ICLR.cc/2022/Conference", "ICLR 2022 Oral", True),
    ],
)
def test_what_was_accepted_is_known_by_where_it_stands_and_what_its_venue_says(
    venueid: str, venue: str, *, accepted: bool
) -> None:
    assert openreview.is_accepted(having(venueid=venueid, venue=venue)) is accepted


@pytest.mark.parametrize(
    ("note", "kind"),
    [
        (None, "not-an-object"),
        ("text", "not-an-object"),
        ({"id": "aB3_dE6-gH"}, "no-title"),
        (having(title=[]), "no-title"),
        (NOTE | {"id": "", "forum": ""}, "no-id"),
        (NOTE | {"id": "../../etc", "forum": "../../etc"}, "no-id"),
        (having(abstract="x" * 2_000_001), "too-large"),
    ],
)
def test_what_is_no_submission_is_a_problem_and_the_others_are_read(note: Any, kind: str) -> None:
    found = read(note, NOTE)
    assert (found.kinds, len(found.records)) == ([kind], 1)


@pytest.mark.parametrize("field", [*NOTE, *CONTENT])
@pytest.mark.parametrize("value", [None, 7, -1, [], {}, [[]], {"value": {}}, [{}], True, "", "\x00", "\ud800", 10**400])
def test_no_field_of_a_wrong_type_costs_the_answer(field: str, value: Any) -> None:
    note = NOTE | {"content": NOTE["content"] | {field: value}} if field in CONTENT else NOTE | {field: value}
    assert len(read(note).told) == 1
