"""Badges: what they say, that any text fits in and stays text, and who may show them."""

from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.hostile import HOSTILE, TERRIBLE
from tests.web.conftest import PUBLIC, Page
from tests.web.two_readers import read

from broadsheet.flow.house import House
from broadsheet.web.csp import HEADERS, SHARED
from broadsheet.web.embeds.shield import ACCENT, GREY, Badge, svg, width

SVG = "{http://www.w3.org/2000/svg}"


def said(answer: Any) -> str:
    """Read what a badge says."""
    root = read(answer.content)
    assert root.get("role") == "img"
    assert root.get("aria-label") == root.findtext(f"{SVG}title")
    return root.findtext(f"{SVG}title", "")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("/papers/2603.00002/badge.svg", "Broadsheet: 12 upvotes"),
        ("/papers/2603.00002v1/badge.svg", "Broadsheet: 12 upvotes"),
        ("/papers/hep-th/9901001/badge.svg", "Broadsheet: 1 upvote"),
        ("/papers/doi/10.1000/a(b)c/badge.svg", "Broadsheet: 0 upvotes"),
        ("/papers/2603.00001/badge.svg?show=rank", "Broadsheet: #2 on 6 March 2026"),
        ("/papers/2603.00002/badge.svg?show=rank", "Broadsheet: #1 on 6 March 2026"),
        ("/papers/2502.00001/badge.svg?show=rank", "Broadsheet: 0 upvotes"),
        ("/papers/2502.00001/badge.svg?show=trending", "Broadsheet: 0 upvotes"),
        ("/papers/2604.00100/badge.svg", "Broadsheet: withdrawn"),
    ],
)
def test_a_badge_says_how_a_paper_stands(web: TestClient, url: str, told: str) -> None:
    answer = web.get(url)
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, "image/svg+xml")
    assert said(answer) == told
    assert answer.headers["cache-control"] == "public, max-age=300"
    again = web.get(url, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_badge_tells_the_place_among_those_that_trend(web: TestClient) -> None:
    assert "trending" in said(web.get("/papers/2603.00002/badge.svg?show=trending"))


def test_a_paper_that_is_not_here_has_a_badge_that_says_so(web: TestClient) -> None:
    for slug in ("2601.99999", "nonsense", "%00", "x" * 3_000):
        answer = web.get(f"/papers/{slug}/badge.svg")
        assert (answer.status_code, said(answer)) == (404, "Broadsheet: unknown")
        assert GREY.encode() in answer.content


def test_what_a_badge_cannot_show_is_refused(web: TestClient) -> None:
    assert web.get("/papers/2603.00002/badge.svg?show=stars").status_code == 400


def test_other_sites_may_show_badges_of_a_house_that_they_reach(web: TestClient, client: TestClient) -> None:
    answer, here = web.get("/papers/2603.00002/badge.svg"), client.get("/papers/2603.00002/badge.svg")
    assert {name: answer.headers[name] for name in SHARED} == SHARED
    assert "set-cookie" not in answer.headers
    # What is on the shelf of somebody's own machine is nobody else's to ask.
    assert {name: here.headers[name] for name in HEADERS} == HEADERS
    assert "access-control-allow-origin" not in here.headers


def test_whatever_a_badge_is_given_stays_text() -> None:
    for text in (*HOSTILE, *(each[:500] for each in TERRIBLE.values())):
        names = {each.tag.removeprefix(SVG) for each in read(svg(Badge(text, text))).iter()}
        assert names <= {"svg", "title", "clipPath", "rect", "g", "text"}


def test_fields_are_as_wide_as_their_texts() -> None:
    assert width("") == 0
    assert width("1,234 upvotes") < width("1,234,567 upvotes") < width("W" * 17)
    assert width("学" * 4) == 44
    assert width("e\u0301") == width("é") == width("e")
    root = read(svg(Badge("Broadsheet", "12 upvotes", ACCENT)))
    rects = [{name: int(each.get(name, 0)) for name in ("x", "width")} for each in root.findall(f"{SVG}g/{SVG}rect")]
    texts = [(int(each.get("x", 0)), int(each.get("textLength", 0))) for each in root.iter(f"{SVG}text")]
    for rect, (x, length) in zip(rects, texts, strict=True):
        assert rect["x"] + 6 == x
        assert length + 12 == rect["width"]
    assert int(root.get("width", 0)) == sum(each["width"] for each in rects)


def test_a_paper_page_gives_a_badge_to_paste(web: TestClient, client: TestClient, open_to_all: House) -> None:
    page = Page(web.get("/papers/2603.00002").text)
    paper = f"{PUBLIC}/papers/2603.00002"
    assert f"[![Upvotes on Broadsheet]({paper}/badge.svg)]({paper})" in page.text
    assert f'<a href="{paper}"><img src="{paper}/badge.svg" alt="Upvotes on Broadsheet"></a>' in page.text
    assert f".. image:: {paper}/badge.svg :target: {paper} :alt: Upvotes on Broadsheet" in page.text
    assert "badge.svg" not in client.get("/papers/2603.00002").text
