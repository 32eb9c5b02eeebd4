"""oEmbed, as oembed.com has it: which links have cards, in which formats, how large, and how one finds out."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import PUBLIC, Page
from tests.web.two_readers import read

from broadsheet.web.csp import SHARED
from broadsheet.web.embeds import poster

PAPER = f"{PUBLIC}/papers/2603.00002"


def asked(web: TestClient, url: str, **params: str) -> Any:
    return web.get("/oembed", params={"url": url, **params})


def frame_of(html: str) -> dict[str, str]:
    """Read the one frame of an answer."""
    page = Page(html)
    assert [tag for tag, _ in page.elements] == ["iframe"]
    return page.elements[0][1]


def test_a_link_to_a_paper_has_a_card(web: TestClient) -> None:
    answer = asked(web, PAPER)
    told = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert (told["version"], told["type"], told["title"]) == ("1.0", "rich", "Bounds of O(√n) for Poincaré maps")
    assert (told["provider_name"], told["provider_url"]) == ("Broadsheet", f"{PUBLIC}/")
    frame = frame_of(told["html"])
    assert frame["src"] == f"{PAPER}/card"
    assert (frame["width"], frame["height"]) == (str(told["width"]), str(told["height"]))
    assert web.get(frame["src"]).status_code == 200
    assert {name: answer.headers[name] for name in SHARED} == SHARED


def test_xml_says_the_same_as_json(web: TestClient) -> None:
    for slug in ("2603.00002", "2603.66666", *(f"2604.{number:05d}" for number in range(1, 9))):
        url = f"{PUBLIC}/papers/{slug}"
        answer, told = asked(web, url, format="xml"), asked(web, url).json()
        assert answer.headers["content-type"].startswith("text/xml")
        assert {each.tag: each.text for each in read(answer.content)} == {
            name: str(value) for name, value in told.items()
        }
        frame_of(told["html"])


@pytest.mark.parametrize(
    ("params", "size"),
    [
        ({}, (600, 220)),
        ({"maxwidth": "320"}, (320, 220)),
        ({"maxwidth": "5000", "maxheight": "100"}, (600, 100)),
        ({"maxwidth": "9" * 5_000, "maxheight": "1"}, (600, 1)),
    ],
    ids=["usual", "narrow", "flat", "endless"],
)
def test_a_card_is_no_larger_than_asked_for(web: TestClient, params: dict[str, str], size: tuple[int, int]) -> None:
    told = asked(web, PAPER, **params).json()
    assert (told["width"], told["height"]) == size


def test_a_picture_is_named_where_there_is_one_and_it_is_not_too_large(web: TestClient) -> None:
    told = asked(web, PAPER).json()
    assert (told.get("thumbnail_url") == f"{PAPER}/preview.png") == poster.is_available()
    assert "thumbnail_url" not in asked(web, PAPER, maxwidth="600").json()


@pytest.mark.parametrize(
    ("url", "params", "status"),
    [
        ("", {}, 400),
        (PAPER, {"format": "yaml"}, 501),
        (PAPER, {"maxwidth": "wide"}, 400),
        (PAPER, {"maxheight": "0"}, 400),
        ("https://elsewhere.example/papers/2603.00002", {}, 404),
        (f"{PUBLIC}.evil.example/papers/2603.00002", {}, 404),
        ("https://papers.example@evil.example/papers/2603.00002", {}, 404),
        ("http://papers.example/papers/2603.00002", {}, 404),
        ("https://[", {}, 404),
        (f"{PUBLIC}:99999/papers/2603.00002", {}, 404),
        (f"{PUBLIC}:8443/papers/2603.00002", {}, 404),
        ("javascript:alert(1)", {}, 404),
        (f"{PUBLIC}/papers/2601.99999", {}, 404),
        (f"{PUBLIC}/papers/date/2026-03-06", {}, 404),
        (f"{PUBLIC}/trending", {}, 404),
        (f"{PUBLIC}/papers/", {}, 404),
    ],
)
def test_what_has_no_card_is_refused_with_a_sentence(
    web: TestClient, url: str, params: dict[str, str], status: int
) -> None:
    answer = asked(web, url, **params)
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (status, "text/plain")
    assert answer.text.endswith(("\n", "."))


def test_a_link_with_a_question_or_an_older_name_is_still_of_its_paper(web: TestClient) -> None:
    for url in (f"{PAPER}?utm_source=x#cite", f"{PUBLIC}:443/papers/2603.00002v2"):
        assert asked(web, url).json()["html"].startswith(f'<iframe src="{PAPER}/card"')
    by_doi = asked(web, f"{PUBLIC}/papers/doi/10.1000/a%28b%29c").json()["html"]
    assert web.get(frame_of(by_doi)["src"]).status_code == 200


def test_a_paper_page_leads_to_its_card(web: TestClient) -> None:
    page = Page(web.get("/papers/2603.00002").text)
    for form, kind in (("json", "application/json+oembed"), ("xml", "text/xml+oembed")):
        [link] = page.all("link", type=kind)
        assert parse_qs(urlsplit(link["href"]).query) == {"format": [form], "url": [PAPER]}
        assert web.get(link["href"]).status_code == 200
