"""Cards: pages by themselves that other sites frame; nothing in them runs, is sent, or is one reader's."""

import re
from base64 import b64decode
from hashlib import sha256

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import PUBLIC, Page
from tests.web.embeds.conftest import TITLES

from broadsheet.model.text import plain
from broadsheet.web.csp import HEADERS


@pytest.mark.parametrize("slug", ["2603.00002", "2603.66666", *(f"2604.{number:05d}" for number in range(1, 9))])
def test_a_card_shows_a_paper_without_script_form_or_file(web: TestClient, slug: str) -> None:
    answer = web.get(f"/papers/{slug}/card")
    page = Page(answer.text.replace("<!doctype html>", ""))
    assert answer.status_code == 200
    assert not [tag for tag, _ in page.elements if tag in {"script", "form", "img", "link", "iframe", "input"}]
    assert all(link.startswith(f"{PUBLIC}/") for link in page.links())
    assert all(a["target"] == "_blank" and "noopener" in a["rel"] for a in page.all("a"))
    assert not [name for _, told in page.elements for name in told if name.startswith("on") or name == "style"]
    assert "upvote" in page.text


def test_every_title_stands_as_text(web: TestClient) -> None:
    page = Page(web.get("/papers/2604.00001/card").text)
    assert plain(TITLES[0]) in page.text


def test_a_card_may_be_framed_and_has_one_style_by_its_hash(web: TestClient, client: TestClient) -> None:
    answer, here = web.get("/papers/2603.00002/card"), client.get("/papers/2603.00002/card")
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "form-action 'none'" in policy
    [named] = re.findall(r"'sha256-([^']+)'", policy)
    [style] = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert b64decode(named) == sha256(style.encode()).digest()
    assert "set-cookie" not in answer.headers
    assert "frame-ancestors 'none'" in here.headers["content-security-policy"]
    assert web.get("/papers/2603.00002").headers["content-security-policy"] == HEADERS["Content-Security-Policy"]


def test_a_card_of_no_paper_says_so_and_may_be_framed_too(web: TestClient) -> None:
    answer = web.get("/papers/2601.99999/card")
    assert answer.status_code == 404
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert "Not on this shelf" in Page(answer.text).text


def test_a_copy_that_is_still_good_is_told_so(web: TestClient) -> None:
    tag = web.get("/papers/2603.00002/card").headers["etag"]
    again = web.get("/papers/2603.00002/card", headers={"If-None-Match": tag})
    assert (again.status_code, "frame-ancestors *" in again.headers["content-security-policy"]) == (304, True)
