"""CSL-JSON as Zotero, Crossref and Pandoc write it."""

import json
from typing import Any

import pytest
from tests.sources.reading import Read, parse

from broadsheet.model.record import Author, Link

ITEM: dict[str, Any] = {
    "id": "lee2024",
    "type": "paper-conference",
    "title": "On <i>Napkins</i> &amp; Folds",
    "author": [
        {"given": "Ann", "family": "Lee", "ORCID": "0000-0001", "affiliation": [{"name": "Fold Institute"}]},
        {"given": "Bo", "non-dropping-particle": "van", "family": "Chen", "suffix": "Jr."},
        {"literal": "The Fold Team"},
        {"given": "", "family": ""},
    ],
    "issued": {"date-parts": [[2024, 6, 5]]},
    "container-title": ["Proc. of Folding", "PoF"],
    "abstract": "<jats:title>Abstract</jats:title><jats:p>We fold.</jats:p><jats:p>H<sub>2</sub>O, see "
    "https://github.com/ann/napkins.</jats:p>",
    "DOI": "10.1000/XYZ",
    "URL": "https://arxiv.org/abs/2401.00001",
    "keyword": "folds, napkins; cloth",
    "note": "Oral",
    "license": [{"URL": "https://creativecommons.org/licenses/by/4.0/"}],
    "link": [
        {"URL": "https://example.org/n.pdf", "content-type": "application/pdf"},
        {"URL": "https://example.org/n.xml", "content-type": "text/xml"},
    ],
}


def read(*items: Any) -> Read:
    return parse("csl", json.dumps(items))


def test_an_item_becomes_a_record() -> None:
    record = read(ITEM).record
    assert record.title == "On Napkins & Folds"
    assert record.abstract == "We fold. H2O, see https://github.com/ann/napkins."
    assert record.authors == (
        Author("Ann Lee", "Fold Institute", "0000-0001"),
        Author("Bo van Chen Jr."),
        Author("The Fold Team"),
    )
    assert (record.published, record.venue, record.comment) == ("2024-06-05", "Proc. of Folding", "Oral")
    assert [str(one) for one in record.ids] == ["doi:10.1000/xyz", "arxiv:2401.00001"]
    assert record.keywords == ("folds", "napkins", "cloth")
    assert record.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert record.links == (
        Link("page", "https://arxiv.org/abs/2401.00001"),
        Link("pdf", "https://example.org/n.pdf"),
        Link("code", "https://github.com/ann/napkins"),
    )


@pytest.mark.parametrize(
    ("issued", "published"),
    [
        ({"date-parts": [["2024", "06"]]}, "2024-06"),
        ({"date-parts": [[2024]]}, "2024"),
        ({"date-parts": [[2024, None, None]]}, "2024"),
        ({"date-parts": [[None]]}, ""),
        ({"raw": "2024-06-05"}, "2024-06-05"),
        ({"literal": "2024"}, "2024"),
        ("2024-06", "2024-06"),
        ({"date-parts": [2024]}, ""),
        ([], ""),
    ],
)
def test_dates_are_read_in_every_form(issued: Any, published: str) -> None:
    assert read(ITEM | {"issued": issued}).record.published == published


def test_items_come_in_a_list_alone_by_line_or_in_an_answer() -> None:
    one = json.dumps(ITEM)
    answer = json.dumps({"status": "ok", "message-type": "work-list", "message": {"items": [ITEM, ITEM]}})
    single = json.dumps({"status": "ok", "message": ITEM})
    zotero = json.dumps({"items": [ITEM, ITEM]})
    counts = {one: 1, f"[{one},{one}]": 2, f"{one}\n{one}\n": 2, answer: 2, single: 1, zotero: 2}
    assert {data: len(parse("csl", data).records) for data in counts} == counts


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        ("words", "not-an-object"),
        (None, "not-an-object"),
        ({"id": "x"}, "no-title"),
        ({"title": ["", "x"]}, "no-title"),
        ({"title": "T", "abstract": "LONG"}, "too-large"),
    ],
)
def test_an_item_that_cannot_be_read_is_a_problem_and_the_next_one_comes(bad: Any, kind: str) -> None:
    data = json.dumps([bad, ITEM]).replace("LONG", "x" * 2_000_001)
    found = parse("csl", data)
    assert (found.kinds, len(found.records)) == ([kind], 1)


@pytest.mark.parametrize("wrong", [None, 7, True, "words", [], {}, [[]], [{}], [7], {"a": []}])
def test_fields_of_wrong_types_are_passed_over(wrong: Any) -> None:
    assert len(read(dict.fromkeys(ITEM, wrong) | {"title": "T"}).records) == 1
