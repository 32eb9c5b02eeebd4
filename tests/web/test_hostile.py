"""Text of strangers, in every field and every place it is shown."""

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import HOSTILE, Page

Read = Callable[[str], Page]
LIKE = "/search?like=2603.66666&unlike=2603.00001"
PAGES = ["/", "/papers/date/2026-03-09", "/papers/2603.66666", "/search?q=hostile", LIKE, "/papers/2603.66666.bib"]
ALLOWED = re.compile(
    "html|head|meta|title|link|body|a|i|header|nav|ul|ol|li|p|form|label|input|button|main|footer|div|h1|h2|h3|span|article"
    "|section|aside|dl|dt|dd|time|small|strong|details|summary|pre|code|textarea|mark|kbd|script|table|thead|tbody|tr|th|td"
    "|table|thead|tbody|tr|th|td"
    "|math|mrow|mi|mo|mn|mtext|msup|msub|msqrt"
)


def foreign(page: Page) -> set[str]:
    """Name the elements that none of our templates has."""
    return {tag for tag, _ in page.elements if not ALLOWED.fullmatch(tag)}


@pytest.mark.parametrize("url", PAGES[:-1])
def test_no_element_or_handler_comes_from_a_record(read: Read, url: str) -> None:
    page = read(url)
    assert foreign(page) == set()
    for script in page.all("script"):
        assert script.get("type") == "application/ld+json" or script["src"].startswith("/static/")
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name in {"style", "srcdoc"}], tag
    assert "49" not in page.text.replace(HOSTILE, "").split()


@pytest.mark.parametrize("url", PAGES[:-1])
def test_every_address_is_ours_or_on_the_web(read: Read, url: str) -> None:
    for tag, attributes in read(url).elements:
        for name in ("href", "src", "action"):
            value = attributes.get(name, "/")
            assert value.startswith(("/", "https://", "http://", "#")), (tag, value)
            assert not value.startswith("//")


def test_the_text_is_shown_as_it_is(read: Read) -> None:
    text = read("/papers/2603.66666").text
    assert f"Hostile {HOSTILE}".replace("{{7*7}}", "7*7") in text
    assert "https://good.example/?a=1&b=2" in read("/papers/2603.66666").links()


@pytest.mark.parametrize(
    "query", [HOSTILE, "a\x00b", "\ud800".encode("utf-8", "surrogatepass"), "x" * 20_000, "💥" * 500]
)
def test_hostile_words_in_a_search_are_words(client: TestClient, query: str | bytes) -> None:
    response = client.get("/search", params={"q": query})
    assert response.status_code in {200, 303}
    if response.status_code == 200:
        assert foreign(Page(response.text)) == set()


@pytest.mark.parametrize("parameter", ["cat", "source", "venue", "org"])
def test_hostile_filters_are_filters(client: TestClient, parameter: str) -> None:
    response = client.get("/search", params={"q": "hostile", parameter: HOSTILE})
    assert response.status_code == 200
    assert foreign(Page(response.text)) == set()


@pytest.mark.parametrize("parameter", ["like", "unlike", "way", "passage"])
@pytest.mark.parametrize("value", [HOSTILE, "x" * 5_000, "\0", "2603.00001\n", "💥", "../../etc/passwd", "9" * 400])
def test_hostile_ways_and_likenesses_are_refused_or_mean_nothing(
    client: TestClient, parameter: str, value: str
) -> None:
    response = client.get("/search", params={"q": "napkins", parameter: value})
    assert response.status_code in {200, 400, 404}
    assert foreign(Page(response.text)) == set()


def test_hostile_addresses_are_errors_in_plain_words(client: TestClient) -> None:
    for url in (f"/papers/{HOSTILE}", f"/{HOSTILE}", f"/papers/date/{HOSTILE}", f"/search?sort={HOSTILE}"):
        response = client.get(url)
        assert response.status_code in {400, 404}
        assert foreign(Page(response.text)) == set()


def test_the_host_header_is_shown_nowhere(client: TestClient) -> None:
    for url in ("/", "/search?q=kettle", "/papers/2603.00002v1", "/papers/date", "/static", "/search/", "/nope/"):
        response = client.get(url, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert "evil.example" not in response.text.replace("https://evil.example/", "")
        assert "evil" not in response.headers.get("location", "")
