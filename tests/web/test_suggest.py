"""Suggestions for the search box."""

from urllib.parse import quote

import pytest
from starlette.testclient import TestClient
from tests.hostile import HOSTILE as FRAGMENTS
from tests.hostile import TERRIBLE

from broadsheet.web.suggest import MOST


def suggested(client: TestClient, text: str) -> list[dict[str, str]]:
    answer = client.get("/suggest", params={"q": text})
    assert answer.status_code == 200
    found: list[dict[str, str]] = answer.json()["suggestions"]
    return found


@pytest.mark.parametrize(
    ("text", "kind", "words", "url"),
    [
        ("folding", "paper", "Folding napkins", "/papers/2603.00001"),
        ("ann", "author", "Ann Lee", "/authors/ann-lee"),
        ("tea inst", "organisation", "Tea Institute & Co", "/search?org=Tea+Institute+%26+Co"),
        ("journal of", "venue", "Journal of Maps", "/search?venue=Journal+of+Maps"),
        ("poincare", "paper", "Bounds of O(√n) for Poincaré maps", "/papers/2603.00002"),
    ],
)
def test_what_is_suggested_leads_where_it_says(client: TestClient, text: str, kind: str, words: str, url: str) -> None:
    one = next(found for found in suggested(client, text) if found["kind"] == kind)
    assert (one["text"], one["url"]) == (words, url)
    assert client.get(one["url"]).status_code == 200


def test_names_say_how_many_papers_they_lead_to(client: TestClient) -> None:
    (author,) = [found for found in suggested(client, "ann lee") if found["kind"] == "author"]
    assert author["detail"] == "author · 30 papers"


def test_a_handful_is_suggested_and_names_have_a_place_in_it(client: TestClient) -> None:
    found = suggested(client, "k")
    assert len(found) <= MOST
    found = suggested(client, "kit")
    assert len(found) == MOST
    assert {one["kind"] for one in found} == {"author"}
    found = suggested(client, "number")
    assert len(found) == MOST
    assert {one["kind"] for one in found} == {"paper", "author"}


def test_a_browser_may_remember_for_a_moment(client: TestClient) -> None:
    answer = client.get("/suggest?q=folding")
    assert answer.headers["cache-control"] == "private, max-age=60"
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("url", ["/suggest", "/suggest?q=", "/suggest?q=%20", "/suggest?q=zzyzx", "/suggest?p=folding"])
def test_nothing_is_suggested_for_nothing(client: TestClient, url: str) -> None:
    assert client.get(url).json() == {"suggestions": []}


@pytest.mark.parametrize("text", [*FRAGMENTS, *TERRIBLE.values(), "hostile", "eve", "org"])
def test_any_text_is_answered(client: TestClient, text: str) -> None:
    answer = client.get(f"/suggest?q={quote(text[:5_000].encode('utf-8', 'surrogatepass'))}")
    assert answer.status_code == 200
    for one in answer.json()["suggestions"]:
        assert one["url"].startswith(("/papers/", "/search?", "/authors/"))
        assert len(one["text"]) <= 200
