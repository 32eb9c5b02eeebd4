"""OpenSearch: a browser finds how to search here, and every address it is told answers."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import NOW, Page
from tests.web.two_readers import read

from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.wiring import open_house

SPACE = "{http://a9.com/-/spec/opensearch/1.1/}"


def test_every_page_leads_to_the_description(client: TestClient) -> None:
    [link] = Page(client.get("/").text).all("link", rel="search")
    assert link["type"] == "application/opensearchdescription+xml"
    answer = client.get(link["href"])
    assert answer.headers["content-type"].startswith("application/opensearchdescription+xml")
    root = read(answer.content)
    assert root.tag == f"{SPACE}OpenSearchDescription"
    assert root.findtext(f"{SPACE}ShortName") == link["title"] == "Broadsheet"


def test_every_address_in_it_answers_with_what_it_says(client: TestClient) -> None:
    root = read(client.get("/opensearch.xml").content)
    urls = [dict(each.attrib) for each in root.iter(f"{SPACE}Url")]
    assert len(urls) == 5
    for url in urls:
        address = url["template"].replace("{searchTerms}", "kettle").replace("{startPage?}", "2")
        answer = client.get(address)
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, url["type"])
    image = root.findtext(f"{SPACE}Image", "")
    assert client.get(image).headers["content-type"] == "image/svg+xml"
    assert client.get("/favicon.ico", follow_redirects=True).headers["content-type"] == "image/svg+xml"


def test_a_search_from_a_browser_may_have_no_page(client: TestClient) -> None:
    assert client.get("/search?q=kettle&page=").status_code == 200


def test_suggestions_come_as_browsers_want_them(client: TestClient) -> None:
    text, words, details, urls = client.get("/suggest.json?q=folding").json()
    assert (text, words) == ("folding", ["Folding napkins"])
    assert details == ["2026"]
    assert client.get(urls[0]).status_code == 200
    assert client.get("/suggest.json?q=zzyzx").json() == ["zzyzx", [], [], []]


@pytest.mark.parametrize("name", ["A & B <Lab>", "x" * 500, "\x07\n", "学" * 40], ids=["marks", "long", "odd", "han"])
def test_any_name_of_a_site_fits(tmp_path: Path, name: str) -> None:
    settings = Settings(home=tmp_path / "home", site_name=name)
    with open_house(settings, clock=lambda: NOW) as house, TestClient(create_app(house)) as client:
        root = read(client.get("/opensearch.xml").content)
    assert 0 < len(root.findtext(f"{SPACE}ShortName", "")) <= 16
    assert len(root.findtext(f"{SPACE}LongName", "")) <= 48
