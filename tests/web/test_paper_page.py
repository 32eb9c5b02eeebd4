"""The page of one paper."""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import NOW, Page, told

from broadsheet.cite.bibtex import bibtex
from broadsheet.cite.styles import STYLES, reference
from broadsheet.errors import Unavailable
from broadsheet.flow import paper as flow
from broadsheet.flow.house import House
from broadsheet.flow.reading.similar import similar
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.flow.spaces import Spaces
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.wiring import open_house

Read = Callable[[str], Page]


def test_a_paper_is_shown_with_all_that_is_known(read: Read) -> None:
    text = read("/papers/2603.00002").text
    for words in (
        "for Poincaré maps",
        "A bound is found.",
        "Published 1 March 2026",
        "updated 5 March 2026",
        "12 upvotes",
        "Friday, 6 March 2026",
        "v2 5 March 2026 typos",
        "Told by Hugging Face",
        "12 pages",
    ):
        assert words in text


def test_formulas_are_set_and_money_is_not(client: TestClient) -> None:
    html = client.get("/papers/2603.00002").text
    assert html.count("<math ") == 3
    assert "we pay $5 or $10" in html


def test_every_author_is_there_and_leads_to_their_page(read: Read) -> None:
    page = read("/papers/2603.00002")
    assert "and 16 more authors" in page.text
    assert "/authors/person-39" in page.links()


def test_a_count_of_authors_stands_where_names_are_missing(client: TestClient, read: Read) -> None:
    location = client.get("/papers/openreview/AbC_dEf123").headers.get("location", "/papers/openreview/AbC_dEf123")
    assert "7 authors" in read(location).text


def test_links_lead_out_without_vouching(read: Read) -> None:
    page = read("/papers/2603.00002")
    outside = [link for link in page.all("a") if link["href"].startswith("http")]
    assert {"https://arxiv.org/abs/2603.00002", "https://maps.example/"} <= {link["href"] for link in outside}
    assert all({"noopener", "nofollow"} <= set(link["rel"].split()) for link in outside)


def test_citation_managers_find_their_tags(read: Read) -> None:
    page = read("/papers/2603.00002")
    tags = {tag["name"]: tag["content"] for tag in page.all("meta") if "name" in tag}
    assert tags["citation_title"].endswith("for Poincaré maps")
    assert tags["citation_publication_date"] == "2026/03/01"
    assert tags["citation_arxiv_id"] == "2603.00002"
    assert tags["citation_pdf_url"] == "https://arxiv.org/pdf/2603.00002"
    assert len(page.all("meta", name="citation_author")) == 40
    assert tags["citation_journal_title"] == "Journal of Maps"
    assert tags["citation_abstract_html_url"].endswith("/papers/2603.00002")
    assert (tags["DC.title"], tags["DC.date"]) == (tags["citation_title"], "2026-03-01")
    assert len(page.all("meta", name="DC.creator")) == 40
    told = {tag["property"]: tag["content"] for tag in page.all("meta") if "property" in tag}
    assert (told["og:type"], told["og:title"]) == ("article", tags["citation_title"])
    assert told["og:url"] == "http://testserver:80/papers/2603.00002"


def test_a_preprint_server_is_told_of_as_no_conference(tmp_path: Path) -> None:
    with open_house(Settings(home=tmp_path), clock=lambda: NOW) as house:
        keep(house.store, [told("2401.00001", "Folding napkins", venue="CoRR")], at=NOW)
        with TestClient(create_app(house)) as client:
            assert "citation_conference_title" not in client.get("/papers/2401.00001").text


@pytest.mark.parametrize("slug", ["2603.00002", "2603.66666"])
def test_the_data_for_machines_is_json(client: TestClient, slug: str) -> None:
    html = client.get(f"/papers/{slug}").text
    script = html.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert json.loads(script)["@type"] == "ScholarlyArticle"


def test_the_bibtex_stands_on_the_page_and_as_a_file(client: TestClient, house: House, read: Read) -> None:
    expected = bibtex(flow.show(house, "2603.00002"))
    response = client.get("/papers/2603.00002.bib")
    assert (response.status_code, response.text) == (200, expected)
    assert response.headers["content-type"] == "application/x-bibtex; charset=utf-8"
    assert " ".join(expected.split()) in read("/papers/2603.00002").text
    assert "/papers/2603.00002.bib" in read("/papers/2603.00002").links()


def test_references_in_every_style_stand_on_the_page_and_as_text(client: TestClient, house: House, read: Read) -> None:
    paper = flow.show(house, "2603.00002")
    page = read("/papers/2603.00002")
    for style in STYLES:
        told = reference(paper, style.key)
        answer = client.get("/papers/2603.00002.txt", params={"style": style.key})
        assert (answer.text, answer.headers["content-type"]) == (f"{told}\n", "text/plain; charset=utf-8")
        assert " ".join(told.split()) in page.text
    assert client.get("/papers/2603.00002.txt").text == f"{reference(paper, 'apa')}\n"
    assert client.get("/papers/2603.00002.txt?style=x").status_code == 400
    assert client.get("/papers/9999.99999.txt").status_code == 404


@pytest.mark.parametrize("name", ["2603.00002v1", "arxiv:2603.00002", "doi/10.48550/arXiv.2603.00002"])
def test_every_other_name_leads_to_the_one_page(client: TestClient, name: str) -> None:
    response = client.get(f"/papers/{name}")
    assert (response.status_code, response.headers["location"]) == (308, "/papers/2603.00002")


def test_ids_with_slashes_and_brackets_have_pages(client: TestClient, house: House) -> None:
    for name in ("hep-th/9901001", "10.1000/a(b)c"):
        slug = flow.show(house, name).slug
        assert client.get(f"/papers/{quote(slug)}").status_code == 200
        assert client.get(f"/papers/{quote(slug)}.bib").status_code == 200


def test_similar_papers_stand_below_a_paper(client: TestClient, house: House, read: Read) -> None:
    page = read("/papers/2502.00001")
    found = similar(house, flow.show(house, "2502.00001"))
    shown = [link for link in page.links() if link.startswith("/papers/2502.")]
    assert [f"/papers/{near.paper.slug}" for near in found] == [
        link for link in shown if not link.startswith("/papers/2502.00001.")
    ]
    assert 0 < len(found) <= 6
    assert "/search?like=2502.00001" in page.links()


def test_a_page_stands_without_similar_papers_while_there_is_no_search_by_meaning(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = client.get("/papers/2502.00001")

    def fail(_: object) -> None:
        raise Unavailable("Nobody embeds.", retry_after_s=1)

    monkeypatch.setattr(Spaces, "answering", fail)
    answer = client.get("/papers/2502.00001")
    assert answer.status_code == 200
    assert "Similar papers" not in answer.text
    assert answer.headers["etag"] != whole.headers["etag"]


def test_a_copy_is_good_until_the_shelf_changes(tmp_path: Path) -> None:
    with open_house(Settings(home=tmp_path / "home")) as house, TestClient(create_app(house)) as client:
        keep(house.store, [told("2401.00001", "Folding napkins"), told("2401.00002", "Napkins folded")], at=NOW)
        catch_up(house)
        tag = client.get("/papers/2401.00001").headers["etag"]
        assert client.get("/papers/2401.00001", headers={"If-None-Match": tag}).status_code == 304
        keep(house.store, [told("2401.00003", "Folding many napkins")], at=NOW)
        catch_up(house)
        answer = client.get("/papers/2401.00001", headers={"If-None-Match": tag})
        assert (answer.status_code, "Folding many napkins" in answer.text) == (200, True)


@pytest.mark.parametrize(
    "name", ["9999.99999", "nothing", "2603.00002/", "a/..b", "%00", "a" * 5000, "2603.00001.bib.bib"]
)
def test_a_paper_nobody_told_us_of_is_not_there(client: TestClient, name: str) -> None:
    assert client.get(f"/papers/{name}").status_code == 404
