"""Which addresses crawlers leave alone, as RFC 9309 reads the file: the longest rule that matches decides."""

import re
from pathlib import Path

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient
from tests.web.conftest import PUBLIC, Public

from broadsheet.errors import Invalid
from broadsheet.settings import Settings
from broadsheet.web.crawlers.robots import read_robots
from broadsheet.web.post import Get


def may_look(robots: str, url: str) -> bool:
    """Tell whether a crawler may look at an address (RFC 9309, section 2.2.2)."""
    rules = re.findall(r"^(Allow|Disallow): (\S+)$", robots, re.MULTILINE)
    matching = [
        (len(path), told == "Allow")
        for told, path in rules
        if re.match(".*".join(map(re.escape, path.split("*"))), url)
    ]
    return max(matching, default=(0, True))[1]


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("/", True),
        ("/papers/2603.00001", True),
        ("/papers/2603.00001/preview.png", True),
        ("/papers/date/2026-03-06", True),
        ("/trending", True),
        ("/trending?of=week", True),
        ("/static/broadsheet.css?v=1", True),
        ("/oembed?url=x", True),
        ("/organisations/tea-institute", True),
        ("/moderation/log", True),
        ("/opensearch.xml", True),
        ("/sitemap.xml", True),
        ("/search", False),
        ("/search?q=kettle", False),
        ("/search.rss?q=kettle", False),
        ("/suggest?q=k", False),
        ("/papers/2603.00001?order=newest", False),
        ("/papers/2603.00001/similar.rss", False),
        ("/api/papers/2603.00001", False),
        ("/moderation", False),
        ("/account", False),
        ("/sign-in", False),
        ("/letters/secret", False),
        ("/metrics", False),
    ],
)
def test_crawlers_see_papers_and_no_searches(public: Public, url: str, may: bool) -> None:  # noqa: FBT001 - an answer
    assert may_look(public.client().get("/robots.txt").text, url) is may


def test_every_address_that_is_somebodys_own_is_left_alone(public: Public) -> None:
    told = public.client().get("/robots.txt").text
    own = [route.path.replace("{number}", "1") for route in public.app.routes if isinstance(route, Get)]
    assert own
    assert [path for path in own if may_look(told, path)] == []
    assert [route for route in public.app.routes if isinstance(route, Route) and may_look(told, route.path)]


def test_the_sitemap_is_named(public: Public) -> None:
    answer = public.client().get("/robots.txt")
    assert f"\nSitemap: {PUBLIC}/sitemap.xml\n" in answer.text
    assert answer.headers["content-type"].startswith("text/plain")


def test_a_house_of_ones_own_is_closed(client: TestClient) -> None:
    told = client.get("/robots.txt").text
    assert told == "User-agent: *\nDisallow: /\n"
    assert not may_look(told, "/papers/2603.00001")


@pytest.mark.parametrize(
    ("robots", "public_url", "choice"),
    [("", "", "none"), ("", PUBLIC, "open"), ("open", "", "open"), ("none", PUBLIC, "none")],
)
def test_an_operator_may_choose(tmp_path: Path, robots: str, public_url: str, choice: str) -> None:
    assert read_robots(Settings(home=tmp_path, robots=robots, public_url=public_url)) == choice


def test_another_word_is_refused_before_anything_is_served(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="open or none"):
        read_robots(Settings(home=tmp_path, robots="some"))
