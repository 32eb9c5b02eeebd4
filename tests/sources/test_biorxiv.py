"""bioRxiv and medRxiv as their API tells them."""

import json
from typing import Any

import pytest
from tests.sources.reading import AT, Read, parse

from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Author, Link, Version

ITEM: dict[str, Any] = {
    "title": "On Napkins &amp; Cells",
    "authors": "Lee, A.; van der Chen, B. C.; The Fold Consortium",
    "author_corresponding": "Ann Lee",
    "author_corresponding_institution": "Fold Institute",
    "doi": "10.1101/2024.01.02.000001",
    "date": "2024-01-05",
    "version": "1",
    "type": "new results",
    "license": "cc_by",
    "category": "cell biology",
    "jatsxml": "https://www.biorxiv.org/content/early/2024/01/05/2024.01.02.000001.source.xml",
    "abstract": "We fold. See https://github.com/ann/napkins.",
    "published": "NA",
    "server": "bioRxiv",
}


def read(*items: Any) -> Read:
    message = {"status": "ok", "cursor": 0, "count": len(items), "total": str(len(items))}
    return parse("biorxiv", json.dumps({"messages": [message], "collection": list(items)}))


def test_a_preprint_is_read() -> None:
    record = read(ITEM).record
    assert (record.source, record.key, record.version) == ("biorxiv", "10.1101/2024.01.02.000001", 1)
    assert record.title == "On Napkins & Cells"
    assert record.authors == (Author("A. Lee"), Author("B. C. van der Chen"), Author("The Fold Consortium"))
    assert record.ids == (ExternalId("doi", "10.1101/2024.01.02.000001"),)
    assert (record.published, record.updated, record.versions) == ("2024-01-05", "", (Version(1, "2024-01-05"),))
    assert (record.categories, record.organisations, record.licence) == (
        ("cell biology",),
        ("Fold Institute",),
        "cc_by",
    )
    assert record.links[:2] == (
        Link("page", "https://www.biorxiv.org/content/10.1101/2024.01.02.000001v1"),
        Link("pdf", "https://www.biorxiv.org/content/10.1101/2024.01.02.000001v1.full.pdf"),
    )
    assert Link("code", "https://github.com/ann/napkins") in record.links
    assert (record.withdrawn, record.observed) == (False, AT)


def test_a_later_version_is_a_record_of_its_own_and_says_when_it_was_posted() -> None:
    record = read(ITEM | {"version": "2", "date": "2024-02-01"}).record
    assert (record.version, record.published, record.updated) == (2, "", "2024-02-01")


def test_the_journals_article_is_the_same_paper() -> None:
    record = read(ITEM | {"published": "10.1000/FOLD.7", "server": "medRxiv"}).record
    assert record.source == "medrxiv"
    assert [str(one) for one in record.ids] == ["doi:10.1101/2024.01.02.000001", "doi:10.1000/fold.7"]
    assert record.links[0].url.startswith("https://www.medrxiv.org/")


@pytest.mark.parametrize(
    "told",
    [
        {"type": "withdrawn"},
        {"type": "Withdrawn Article"},
        {"title": "WITHDRAWN: On Napkins"},
        {"title": "Withdrawn: On Napkins"},
        {"abstract": "WITHDRAWN. The data were folded."},
        {"abstract": "The authors have withdrawn their manuscript owing to a fold."},
        {"abstract": "This article has been withdrawn by medRxiv."},
    ],
)
def test_a_withdrawn_preprint_says_so_in_one_of_many_ways(told: dict[str, str]) -> None:
    record = read(ITEM | told).record
    assert record.withdrawn
    assert not record.title.lower().startswith("withdrawn")


@pytest.mark.parametrize("told", [{"title": "Withdrawn drugs: a review"}, {"abstract": "Withdrawn cells fold."}])
def test_a_paper_about_withdrawal_is_not_withdrawn(told: dict[str, str]) -> None:
    assert not read(ITEM | told).record.withdrawn
    assert read(ITEM | told).record.title == told.get("title", "On Napkins & Cells")


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        (None, "not-an-object"),
        ([], "not-an-object"),
        ({}, "no-title"),
        (ITEM | {"title": ["", 7]}, "no-title"),
        (ITEM | {"doi": "NA"}, "no-id"),
        (ITEM | {"doi": {}}, "no-id"),
        (ITEM | {"abstract": "x" * 2_000_001}, "too-large"),
    ],
)
def test_what_is_no_preprint_is_a_problem_and_the_others_are_read(item: Any, kind: str) -> None:
    found = read(item, ITEM)
    assert (found.kinds, len(found.records)) == ([kind], 1)


@pytest.mark.parametrize("field", ITEM)
@pytest.mark.parametrize("value", [None, 7, -1, [], {}, [[]], {"a": 1}, True, "", "\x00", "\ud800", "9" * 30])
def test_no_field_of_a_wrong_type_costs_the_answer(field: str, value: Any) -> None:
    assert len(read(ITEM | {field: value}).told) == 1


def test_fifty_thousand_authors_are_read_and_no_more() -> None:
    assert len(read(ITEM | {"authors": "Lee, A.; " * 60_000}).record.authors) == 50_000
