"""The search page as a reader gets it."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import Page

from broadsheet.model.query import MAX_TEXT
from broadsheet.web.choices import MAX_LINKED
from broadsheet.web.form import MAX_BODY

Read = Callable[[str], Page]
LONG = "We boil water in a kettle and the whistle is modelled as a process. " * 30


def test_hits_show_what_matched(client: TestClient, read: Read) -> None:
    page = read("/search?q=napkins")
    assert "/papers/2603.00001" in page.links()
    assert "<mark>napkins</mark>" in client.get("/search?q=napkins").text
    assert "1 paper matches in" in page.text


def test_paging_walks_through_all_hits_once(client: TestClient) -> None:
    seen: list[str] = []
    url = "/search?q=kettle"
    while url:
        page = Page(client.get(url).text)
        seen += [link for link in page.links() if link.startswith("/papers/2502.")]
        url = next((link["href"] for link in page.all("a", rel="next")), "")
    assert len(seen) == len(set(seen)) == 30


def test_a_page_too_far_down_leads_back(read: Read) -> None:
    page = read("/search?q=kettle&page=40")
    assert "no results this far down" in page.text
    assert "/search?q=kettle" in page.links()


def test_facets_lead_to_as_many_papers_as_they_say(client: TestClient, read: Read) -> None:
    page = read("/search?q=kettle")
    facets = [link for link in page.links() if link.startswith("/search?q=kettle&")]
    followed = [link for link in facets if not any(f"{word}=" in link for word in ("page", "sort", "way", "like"))]
    assert len(followed) >= 8
    for link in followed:
        shown = Page(client.get(link).text)
        assert "Remove the filter" in shown.text
        assert f"{expected(client, link)} paper" in shown.text


def expected(client: TestClient, link: str) -> str:
    """Read the count that stands beside a facet's link on the page it came from."""
    html = client.get("/search?q=kettle").text
    at = html.index(f'href="{link.replace("&", "&amp;")}"')
    return html[html.index('<span class="count">', at) :].partition(">")[2].partition("<")[0]


def test_a_chosen_facet_can_be_taken_away(read: Read) -> None:
    page = read("/search?q=kettle&year=2024")
    assert "/search?q=kettle" in page.links()
    assert any("aria-current" in link and "year" not in link["href"] for link in page.all("a"))


def test_several_filters_can_be_cleared_at_once(read: Read) -> None:
    page = read("/search?q=kettle&year=2024&cat=cs.LG&code=1&since=2024-01-01&until=2026-01-01")
    assert page.text.count("Remove the filter") == 5
    assert "Clear all" in page.text


def test_the_order_can_be_chosen(read: Read) -> None:
    page = read("/search?q=kettle&sort=date")
    current = [link["href"] for link in page.all("a") if link.get("aria-current") == "true"]
    assert current == ["/search?q=kettle&way=words&sort=date", "/search?q=kettle&sort=date"]
    assert "/search?q=kettle&sort=upvotes" in page.links()


@pytest.mark.parametrize(
    ("pasted", "page"),
    [
        ("2603.00002", "/papers/2603.00002"),
        ("arXiv:2603.00002v2", "/papers/2603.00002"),
        ("https://arxiv.org/abs/hep-th/9901001", "/papers/hep-th/9901001"),
        ("https://huggingface.co/papers/2603.00001", "/papers/2603.00001"),
        ("https://doi.org/10.1000/a(b)c", None),
    ],
)
def test_a_pasted_id_goes_straight_to_its_paper(client: TestClient, pasted: str, page: str | None) -> None:
    response = client.get("/search", params={"q": pasted})
    assert response.status_code == 303
    assert client.get(response.headers["location"]).status_code == 200
    assert page is None or response.headers["location"] == page


def test_nothing_found_suggests_other_ways(read: Read) -> None:
    page = read("/search?q=zzyzx&year=1999")
    assert "No paper answers to that" in page.text
    assert "/search?q=zzyzx" in page.links()
    assert "chain of thought" in page.text


def test_the_form_keeps_words_filters_and_days(read: Read) -> None:
    page = read("/search?q=kettle&cat=cs.LG&sort=date&since=2024-01-01")
    assert page.all("input", id="q")[0]["value"] == "kettle"
    carried = {(field["name"], field["value"]) for field in page.all("input", type="hidden")}
    assert {("cat", "cs.LG"), ("sort", "date"), ("since", "2024-01-01")} <= carried


@pytest.mark.parametrize("params", ["sort=best", "page=x", "since=2026-02-30", "year=x"])
def test_a_parameter_that_cannot_be_meant_is_a_bad_request(client: TestClient, params: str) -> None:
    response = client.get(f"/search?q=kettle&{params}")
    assert response.status_code == 400
    assert Page(response.text).all("h1")


def test_a_whole_abstract_is_searched_by_its_text(client: TestClient) -> None:
    response = client.post("/search", data={"q": LONG})
    page = Page(response.text)
    assert response.status_code == 200
    assert any(link.startswith("/papers/2502.") for link in page.links())
    assert LONG.strip() in response.text
    assert not page.all("a", rel="next")


def test_a_short_pasted_text_gets_an_address(client: TestClient) -> None:
    response = client.post("/search", data={"q": "napkins fold"})
    assert (response.status_code, response.headers["location"]) == (303, "/search?q=napkins+fold&passage=1")
    assert client.post("/search", data={"q": "x" * MAX_LINKED}).status_code == 303


def test_a_pasted_text_has_a_page_of_its_own(client: TestClient, read: Read) -> None:
    linked = read("/search?q=-napkins+fold+title:kettle&passage=1")
    for page in (linked, Page(client.post("/search", data={"q": LONG}).text)):
        assert "Papers close to this text" in page.text
        assert "The closest papers" in page.text or "closest papers in" in page.text
        assert page.all("textarea", id="long")
    assert "/papers/2603.00001" in linked.links()
    assert not [link for link in linked.links() if "sort=" in link]
    assert any("passage=1" in link for link in linked.links() if "like=" in link)


def test_a_text_that_is_too_long_is_a_bad_request_in_a_sentence(client: TestClient) -> None:
    answer = client.post("/search", data={"q": "a " * MAX_TEXT})
    assert answer.status_code == 400
    assert f"at most {MAX_TEXT:,} characters" in Page(answer.text).text


def test_line_breaks_count_once(client: TestClient) -> None:
    text = "\r\n".join(["napkins"] * (MAX_TEXT // 8))
    assert len(text) > MAX_TEXT
    assert client.post("/search", data={"q": text}).status_code == 200


@pytest.mark.parametrize("body", [b"", b"q=", b"\xff\xfe=1", b"q=%FF%FE", b"&&&&", b'{"q": 1}'])
def test_any_body_is_answered(client: TestClient, body: bytes) -> None:
    assert client.post("/search", content=body).status_code == 303


def test_a_body_beyond_reason_is_refused(client: TestClient) -> None:
    assert client.post("/search", content=b"q=" + b"x" * MAX_BODY).status_code == 413


def test_searching_changes_nothing(client: TestClient, read: Read) -> None:
    before = read("/").text
    client.post("/search", data={"q": LONG})
    assert read("/").text == before
