"""What stands on every response, and on every page."""

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import Page

from broadsheet.flow import daily as flow
from broadsheet.web.csp import HEADERS, POLICY
from broadsheet.web.press import edition

Read = Callable[[str], Page]
PAGES = [
    "/",
    "/papers/date/2026-03-07",
    "/search",
    "/search?q=kettle",
    "/search?q=zzyzx",
    "/search?like=2502.00001&unlike=2502.00002",
    "/search?q=kettles+whistle&passage=1",
    "/searches",
    "/papers/2603.00002",
    "/nope",
]
ANSWERS = [
    *PAGES,
    "/papers/2603.00002v1",
    "/papers/2603.00002.bib",
    "/papers/date?day=x",
    "/papers/date",
    "/health",
    "/robots.txt",
    "/favicon.ico",
    "/suggest?q=kettle",
    "/static/broadsheet.css",
    "/static/suggest.js",
    "/static/nope.css",
    "/static/../app.py",
    "/static/%2e%2e/app.py",
]


@pytest.mark.parametrize("url", ANSWERS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS", "BREW"])
def test_every_answer_carries_the_security_headers(client: TestClient, method: str, url: str) -> None:
    response = client.request(method, url)
    assert response.status_code < 500
    assert {name: response.headers[name] for name in HEADERS} == HEADERS


def test_a_defect_of_ours_is_a_page_with_the_headers(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(flow, "page", broken)
    response = client.get("/")
    assert response.status_code == 500
    assert "a secret detail" not in response.text
    assert Page(response.text).all("h1")
    assert {name: response.headers[name] for name in HEADERS} == HEADERS


def test_the_policy_allows_our_own_files_and_nothing_written_into_a_page() -> None:
    assert POLICY.startswith("default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self';")
    assert "unsafe" not in POLICY
    assert "*" not in POLICY


@pytest.mark.parametrize("url", PAGES)
def test_a_page_asks_no_third_party_for_anything(client: TestClient, url: str) -> None:
    page = Page(client.get(url).text)
    assert not [
        tag for tag, _ in page.elements if tag in {"img", "iframe", "video", "audio", "object", "embed", "style"}
    ]
    fetched = [a["href"] for a in page.all("link") if a["rel"] in {"icon", "stylesheet"}]
    assert {f"/static/icon.svg?v={edition()}", f"/static/broadsheet.css?v={edition()}"} <= set(fetched)
    assert [url for url in fetched if not re.fullmatch(rf"/static/[a-z]+\.(?:css|svg)\?v={edition()}", url)] == []
    scripts = [a for a in page.all("script") if a.get("type") != "application/ld+json"]
    assert {"src": f"/static/suggest.js?v={edition()}", "defer": ""} in scripts
    assert [a for a in scripts if not re.fullmatch(rf"/static/[a-z]+\.js\?v={edition()}", a.get("src", ""))] == []


@pytest.mark.parametrize("url", PAGES)
def test_a_page_is_built_for_everybody(client: TestClient, url: str) -> None:
    page = Page(client.get(url).text)
    assert page.all("html", lang="en")
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("title")) == 1
    assert page.elements[page.elements.index(("body", page.all("body")[0])) + 1][1]["href"] == "#main"
    labelled = {label["for"] for label in page.all("label")}
    for tag in ("input", "textarea"):
        for field in page.all(tag):
            assert field.get("type") == "hidden" or field["id"] in labelled
    levels = [int(tag[1]) for tag, _ in page.elements if tag in {"h1", "h2", "h3"}]
    assert levels[0] == 1
    navigations = [nav["aria-label"] for nav in page.all("nav")]
    assert len(navigations) == len(set(navigations))


@pytest.mark.parametrize(("file", "most"), [("broadsheet.css", 24_000), ("suggest.js", 6_000)])
def test_style_and_script_are_kept_for_good_and_stay_light(client: TestClient, file: str, most: int) -> None:
    response = client.get(f"/static/{file}?v={edition()}")
    assert "immutable" in response.headers["cache-control"]
    assert response.headers["content-type"].split("/")[0] == "text" or "javascript" in response.headers["content-type"]
    assert len(response.content) <= most
    for word in ("@import", "http:", "https:", "url("):
        assert word not in response.text


def test_pages_are_packed_when_the_browser_can(client: TestClient) -> None:
    assert client.get("/search?q=kettle").headers["content-encoding"] == "gzip"
    assert "content-encoding" not in client.get("/search?q=kettle", headers={"Accept-Encoding": "identity"}).headers


def test_machines_get_what_they_ask_for(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok"}
    assert client.get("/favicon.ico", follow_redirects=True).headers["content-type"] == "image/svg+xml"
