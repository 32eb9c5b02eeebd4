"""What OpenAlex says of works."""

from urllib.parse import parse_qs, urlsplit

import pytest
from tests.sources.live.enriching import AT, answered, openalex_list, openalex_work, paper

from broadsheet.errors import Unavailable
from broadsheet.model.record import Problem, Record, Signal
from broadsheet.sources.live.openalex import OpenAlex

DOI = "10.1000/napkins.1"
ARXIV = "10.48550/arxiv.2401.00001"
ARXIV_PLACE = {
    "landing_page_url": "http://arxiv.org/abs/2401.00001",
    "source": {"display_name": "arXiv", "type": "repository"},
}


def told(*works: object, keys: tuple[str, ...] = (DOI,)) -> list[Record | Problem]:
    return OpenAlex().read(keys, answered(openalex_list(*works)))


def record(doi: str = DOI, keys: tuple[str, ...] = (DOI,), **work: object) -> Record:
    [found] = told(openalex_work(doi, **work), keys=keys)
    assert isinstance(found, Record)
    return found


def test_a_work_tells_how_often_it_is_cited_and_where_its_authors_work() -> None:
    found = record()
    assert (found.source, found.key, found.title, found.venue) == (
        "openalex",
        DOI,
        "Folding Napkins",
        "Journal of Napkins",
    )
    assert found.signals == (Signal("citations", 15, AT),)
    assert found.organisations == ("University of Napkins", "Linen Lab")
    assert (found.published, found.keywords, found.withdrawn) == ("2024-05-02", (), False)


def test_a_repository_is_no_venue() -> None:
    assert record(primary_location=ARXIV_PLACE).venue == ""


def test_a_retracted_work_is_withdrawn_and_says_where() -> None:
    found = record(is_retracted=True)
    assert (found.withdrawn, found.comment) == (True, f"Retracted, says OpenAlex: https://doi.org/{DOI}")
    assert not record(is_retracted="yes").withdrawn


def test_an_arxiv_paper_is_asked_for_under_its_doi_and_learns_the_published_one() -> None:
    assert OpenAlex().wanted(paper("arxiv:2401.00001")) == ARXIV
    found = record(DOI, (ARXIV,), locations=[ARXIV_PLACE, {"landing_page_url": None}])
    assert found.key == ARXIV
    assert [str(i) for i in found.ids] == [f"doi:{DOI}", "arxiv:2401.00001"]


def test_a_doi_with_a_colon_cannot_stand_in_a_filter() -> None:
    assert OpenAlex().wanted(paper("doi:10.1000/a:b")) == ""
    assert OpenAlex().wanted(paper("arxiv:2401.00001", "doi:10.1000/a:b")) == ARXIV


def test_two_preprints_at_one_work_are_believed_neither() -> None:
    other = {"landing_page_url": "https://arxiv.org/abs/2401.00002"}
    assert [str(i) for i in record(locations=[ARXIV_PLACE, other]).ids] == [f"doi:{DOI}"]


def test_one_request_asks_for_many_dois() -> None:
    query = parse_qs(urlsplit(OpenAlex(contact="desk@example.org").ask((DOI, ARXIV)).url).query)
    assert query["filter"] == [f"doi:{DOI}|{ARXIV}"]
    assert (query["per-page"], query["mailto"]) == (["2"], ["desk@example.org"])


def test_whoever_signs_in_may_ask_more() -> None:
    assert OpenAlex().most_asks < 100 < OpenAlex(signed_in=True).most_asks


def test_what_nobody_asked_for_is_left_out() -> None:
    assert told(openalex_work("10.1000/other"), None, openalex_work(DOI, doi=None, locations=None)) == []


def test_a_work_without_a_title_is_a_problem() -> None:
    [found] = told(openalex_work(DOI, title=None))
    assert isinstance(found, Problem)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"results": 3}', b'{"results": ['])
def test_what_is_no_list_of_works_is_asked_for_again(body: bytes) -> None:
    with pytest.raises(Unavailable):
        OpenAlex().read((DOI,), answered(body))
