"""What Crossref says of DOIs."""

from urllib.parse import parse_qs, urlsplit

import pytest
from tests.sources.live.enriching import AT, answered, crossref_list, crossref_work, paper, update

from broadsheet.errors import Unavailable
from broadsheet.model.record import Problem, Record, Signal
from broadsheet.sources.live.crossref import Crossref

DOI = "10.1000/napkins.1"


def told(*works: object, keys: tuple[str, ...] = (DOI,)) -> list[Record | Problem]:
    return Crossref().read(keys, answered(crossref_list(*works)))


def record(**work: object) -> Record:
    [found] = told(crossref_work(DOI, **work))
    assert isinstance(found, Record)
    return found


def test_a_work_tells_where_it_appeared_and_how_often_it_is_cited() -> None:
    found = record()
    assert (found.source, found.key, found.title, found.venue) == (
        "crossref",
        DOI,
        "Folding Napkins",
        "Journal of Napkins",
    )
    assert found.published == "2024-05"
    assert found.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert found.signals == (Signal("citations", 12, AT),)
    assert [str(i) for i in found.ids] == [f"doi:{DOI}"]
    assert (found.withdrawn, found.comment, found.abstract, found.observed) == (False, "", "", AT)


def test_one_request_asks_for_many_dois_and_says_who_asks() -> None:
    ask = Crossref(contact="desk@example.org").ask((DOI, "10.1000/tea(2)"))
    query = parse_qs(urlsplit(ask.url).query)
    assert ask.url.startswith("https://api.crossref.org/works?filter=doi:10.1000/napkins.1,doi:10.1000/tea")
    assert query["filter"] == [f"doi:{DOI},doi:10.1000/tea(2)"]
    assert (query["rows"], query["mailto"]) == (["2"], ["desk@example.org"])
    assert {"DOI", "updated-by", "relation", "is-referenced-by-count"} <= set(query["select"][0].split(","))


@pytest.mark.parametrize(
    ("ids", "wanted"),
    [
        (("arxiv:2401.00001", f"doi:{DOI}"), DOI),
        (("arxiv:2401.00001",), ""),
        (("doi:10.1000/a,b", f"doi:{DOI}"), DOI),
        (("doi:10.1000/a|b",), ""),
        (("doi:10.1000/ü",), ""),
        (("doi:10.1000/a&rows=9",), ""),
    ],
)
def test_papers_are_asked_for_under_a_doi_that_can_stand_in_a_filter(ids: tuple[str, ...], wanted: str) -> None:
    assert Crossref().wanted(paper(*ids)) == wanted


@pytest.mark.parametrize(
    ("told", "comment"),
    [
        (
            {"updated-by": [update("retraction", "10.1000/notice", "retraction-watch")]},
            "Retracted on 2025-07-26, says Retraction Watch: https://doi.org/10.1000/notice",
        ),
        (
            {"updated-by": [update("correction", "10.1000/c"), update("withdrawal", "10.1000/w")]},
            "Withdrawn on 2025-07-26, says the publisher: https://doi.org/10.1000/w",
        ),
        (
            {"update-to": [update("retraction", DOI.upper())]},
            f"Retracted on 2025-07-26, says the publisher: https://doi.org/{DOI}",
        ),
        ({"updated-by": [{"type": "removal"}]}, "Removed, says Crossref"),
    ],
)
def test_a_retracted_work_is_withdrawn_and_says_where(told: dict[str, object], comment: str) -> None:
    found = record(**told)
    assert (found.withdrawn, found.comment) == (True, comment)


@pytest.mark.parametrize(
    "told",
    [
        {"updated-by": [update("correction", "10.1000/c"), update("expression_of_concern", "10.1000/e")]},
        {"update-to": [update("retraction", "10.1000/another")]},
        {"updated-by": "retraction"},
    ],
)
def test_what_is_only_corrected_or_retracts_another_work_stands(told: dict[str, object]) -> None:
    assert not record(**told).withdrawn


def test_a_preprint_and_its_article_are_told_as_one_work() -> None:
    preprint = {"id-type": "doi", "id": "10.48550/arXiv.2401.00001", "asserted-by": "subject"}
    article = {"id-type": "doi", "id": "10.1000/ARTICLE", "asserted-by": "object"}
    bare = {"id-type": "arxiv", "id": "2401.00002v2"}
    found = record(relation={"has-preprint": [preprint, bare], "is-preprint-of": [article], "references": [article]})
    assert [str(i) for i in found.ids] == [f"doi:{DOI}", "arxiv:2401.00001", "arxiv:2401.00002", "doi:10.1000/article"]


def test_what_nobody_asked_for_and_whole_volumes_are_left_out() -> None:
    assert told(crossref_work("10.1000/other"), crossref_work(DOI, type="proceedings"), "nonsense", {}) == []


def test_a_work_told_twice_counts_once() -> None:
    assert len(told(crossref_work(DOI), crossref_work(DOI, title=["Another"]))) == 1


def test_a_work_without_a_title_is_a_problem() -> None:
    [found] = told(crossref_work(DOI, title=[]))
    assert isinstance(found, Problem)
    assert (found.source, found.where, found.kind) == ("crossref", DOI, "no-title")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"message": {}}', b'{"message": {"items": {}}}', b'{"mess'])
def test_what_is_no_list_of_works_is_asked_for_again(body: bytes) -> None:
    with pytest.raises(Unavailable):
        Crossref().read((DOI,), answered(body))
