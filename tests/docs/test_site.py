"""The documentation as a site: built without a warning, it shows what a code host shows."""

import re
from collections import Counter
from pathlib import Path

import pytest
from docs.site_files import BESIDE
from lxml import html
from markdown_it import MarkdownIt
from tests.conftest import ROOT

SHOWN = ("h1", "h2", "h3", "h4", "p", "li", "table", "tr", "pre", "img", "a", "blockquote")
PAGES = {path: address for path, address in BESIDE.items() if path.endswith(".md")} | {
    f"docs/{path.name}": f"{path.stem}/index.html" for path in sorted((ROOT / "docs").glob("*.md"))
}


def parts(page: html.HtmlElement) -> Counter[str]:
    """Count what a reader sees of a page; an anchor beside a heading is the site's own."""
    found = (each for each in page.iter() if each.tag in SHOWN)
    return Counter(str(each.tag) for each in found if each.get("class") != "headerlink")


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_shows_in_the_site_what_it_shows_on_a_code_host(page: str, site: Path) -> None:
    here = html.parse(site / PAGES[page]).find(".//article")
    assert here is not None
    there = MarkdownIt("commonmark").enable("table").render((ROOT / page).read_text("utf-8"))
    assert parts(here) == parts(html.fromstring(f"<div>{there}</div>"))


def test_every_page_is_in_the_navigation() -> None:
    named = re.findall(r"[\w/]+\.md", (ROOT / "mkdocs.yml").read_text("utf-8"))
    assert sorted(named) == sorted(PAGES)


def test_no_page_names_anything_that_another_site_would_be_asked_for(site: Path) -> None:
    loads = "//script/@src | //img/@src | //link[@rel != 'canonical']/@href | //iframe/@src | //source/@src"
    asked = {
        address
        for page in site.rglob("*.html")
        for address in html.parse(page).xpath(loads)
        if re.match(r"(?:\w+:)?//", address)
    }
    assert asked == set()
