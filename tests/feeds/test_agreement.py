"""A list is the same papers in one order, whichever door shows it."""

import re
from urllib.parse import unquote

import pytest
from tests.feeds.conftest import World
from tests.feeds.test_feeds import at

from broadsheet.flow.selecting.select import select
from broadsheet.model.query import Query
from broadsheet.model.selection import Selection, Stretch

PAGES = [
    (Selection("day"), "/"),
    (Selection("day", "2026-03-06"), "/papers/date/2026-03-06"),
    (Selection("week", "2026-W10"), "/papers/week/2026-W10"),
    (Selection("month", "2026-03"), "/papers/month/2026-03"),
    (Selection("trending"), "/trending"),
    (Selection("search", query=Query(text="kettle")), "/search?q=kettle"),
    (Selection("search", query=Query(text="water whistle", way="meaning")), "/search?q=water+whistle&way=meaning"),
    (Selection("similar", "2502.00001"), "/search?like=2502.00001"),
    (Selection("category", "cs.LG"), "/search?cat=cs.LG&sort=date"),
    (Selection("author", "ann-lee"), "/authors/ann-lee"),
    (Selection("organisation", "tea-institute-co"), "/organisations/tea-institute-co"),
    (Selection("label", "ann/tea"), "/readers/ann/labels/tea"),
    (Selection("label", "ann/secrets"), "/readers/ann/labels/secrets"),
    (Selection("saved", "kettles"), "/search?q=kettle&sort=date"),
    (Selection("following"), "/following"),
]
_MAIN = re.compile(r"<main.*</main>", re.DOTALL)
_TITLE = re.compile(r'<h[23][^>]*>\s*<a[^>]* href="/papers/([^"#]+)"')


def on_page(world: World, url: str) -> list[str]:
    """Give the papers of a page in its order, by their titles' links."""
    answer = world.get(url, world.token)
    assert answer.status_code == 200
    found = _MAIN.search(answer.text)
    assert found
    return [unquote(slug) for slug in _TITLE.findall(found[0])]


@pytest.mark.parametrize(("selection", "url"), PAGES, ids=lambda value: value if isinstance(value, str) else value.kind)
def test_a_page_shows_what_is_selected(world: World, selection: Selection, url: str) -> None:
    shown = on_page(world, url)
    selected = select(world.house, selection, Stretch(0, len(shown)), world.ann)
    assert [paper.slug for paper in selected.papers] == shown
    assert shown


@pytest.mark.parametrize(("selection", "url"), PAGES, ids=lambda value: value if isinstance(value, str) else value.kind)
def test_a_list_is_the_same_in_pieces(world: World, selection: Selection, url: str) -> None:
    whole = select(world.house, selection, Stretch(0, 30), world.ann).papers
    pieces = [
        paper.id
        for offset in range(0, 30, 7)
        for paper in select(world.house, selection, Stretch(offset, min(7, 30 - offset)), world.ann).papers
    ]
    assert pieces == [paper.id for paper in whole]


@pytest.mark.parametrize("url", [url for _, url in PAGES if url != "/"])
def test_a_feed_tells_what_its_page_shows(world: World, url: str) -> None:
    shown = on_page(world, url)
    items = world.get(at(url, "json"), world.token).json()["items"]
    assert [unquote(item["url"].partition("/papers/")[2]) for item in items][: len(shown)] == shown
