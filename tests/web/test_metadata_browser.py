"""What programs read off a paper's page in a browser: Zotero, Google Scholar, search engines, and who shares a link.

The reading is that of Zotero's translator "Embedded Metadata" (github.com/zotero/translators): the elements of the
document as Chromium built it, names by prefixes that ``link rel=schema.*`` declares, DOM order for authors.
"""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from tests.web.conftest import HOSTILE
from tests.web.serving import CHROMIUM_FLAGS, serving

from broadsheet.flow import paper as flow
from broadsheet.flow.house import House
from broadsheet.model.text import plain
from broadsheet.site import create_app

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
ORDINARY, TEX, STRANGE, DOI = "2502.00001", "2603.00002", "2603.66666", "openreview/AbC_dEf123"
DATE = re.compile(r"\d{4}(?:/\d{2}(?:/\d{2})?)?")
READ = """() => {
    const prefixes = {};
    for (const link of document.querySelectorAll('link[rel^="schema."]'))
        prefixes[link.rel.slice('schema.'.length).toLowerCase()] = link.href;
    const names = [], properties = [];
    for (const meta of document.querySelectorAll('meta')) {
        if (meta.name) names.push([meta.name, meta.content]);
        const property = meta.getAttribute('property');
        if (property) properties.push([property, meta.content]);
    }
    return {
        prefixes, names, properties,
        data: [...document.querySelectorAll('script[type="application/ld+json"]')].map(each => each.textContent),
        canonical: document.querySelector('link[rel=canonical]').href,
        strays: document.body.querySelectorAll('meta, script:not([src]), img').length,
    };
}"""
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@dataclass(frozen=True, slots=True)
class Told:
    """What a page tells in its head, and its address."""

    names: list[tuple[str, str]]
    properties: list[tuple[str, str]]
    article: dict[str, Any]
    canonical: str

    def every(self, name: str) -> list[str]:
        """Give all that is told under a name, in the order of the document."""
        return [content for each, content in (*self.names, *self.properties) if each == name]

    def one(self, name: str) -> str:
        """Give the one thing told under a name."""
        (found,) = self.every(name)
        return found


@pytest.fixture(scope="module")
def pages(house: House) -> Iterator[dict[str, Told]]:
    """Read every page once; nothing on them runs, asks or calls."""
    playwright = pytest.importorskip("playwright.sync_api")
    with serving(create_app(house)) as address, playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
        context = browser.new_context(bypass_csp=True)
        page = context.new_page()
        heard: list[str] = []

        def hear(dialog: Any) -> None:
            heard.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", hear)
        page.on("pageerror", lambda error: heard.append(str(error)))
        yield {slug: read(page, f"{address}/papers/{slug}") for slug in (ORDINARY, TEX, STRANGE, DOI)}
        browser.close()
    assert heard == []


def read(page: Any, url: str) -> Told:
    page.goto(url)
    found = page.evaluate(READ)
    assert found["strays"] == 0
    assert found["prefixes"] == {"dc": "http://purl.org/dc/elements/1.1/"}
    (data,) = found["data"]
    names, properties = ([(name, content) for name, content in found[each]] for each in ("names", "properties"))
    assert found["canonical"] == url
    return Told(names, properties, json.loads(data), found["canonical"])


@pytest.mark.parametrize("slug", [ORDINARY, TEX, STRANGE, DOI])
def test_every_vocabulary_tells_the_same_paper(house: House, pages: dict[str, Told], slug: str) -> None:
    paper, told = flow.show(house, slug), pages[slug]
    title, authors = plain(paper.title), [plain(author.name) for author in paper.authors]
    assert {told.one(name) for name in ("citation_title", "DC.title", "og:title")} == {title}
    assert (told.article["@type"], told.article["name"]) == ("ScholarlyArticle", title)
    assert told.every("citation_author") == told.every("DC.creator") == authors
    assert [each["name"] for each in told.article.get("author", [])] == authors
    date = told.one("citation_publication_date")
    assert DATE.fullmatch(date)
    assert told.one("DC.date") == told.article["datePublished"] == date.replace("/", "-")
    assert told.article["identifier"] == [str(each) for each in paper.ids]
    assert set(told.every("DC.identifier")) == set(told.article["sameAs"])
    assert told.one("og:url") == told.one("citation_abstract_html_url") == told.canonical
    assert (told.one("og:type"), told.one("DC.type")) == ("article", "Text")
    assert all(url.startswith("https://") for url in told.every("citation_pdf_url"))


def test_an_ordinary_preprint_is_read_whole(pages: dict[str, Told]) -> None:
    told = pages[ORDINARY]
    assert told.one("citation_title") == "Kettle study number 1: boiling water with care"
    # Zotero takes the last word for the family name.
    assert [name.rsplit(" ", 1) for name in told.every("citation_author")] == [["Ann", "Lee"], ["Kit", "Number1"]]
    assert told.one("citation_publication_date") == "2024/05/02"
    assert told.one("citation_arxiv_id") == "2502.00001"
    assert told.one("citation_pdf_url") == "https://arxiv.org/pdf/2502.00001"
    assert told.every("citation_doi") == told.every("citation_journal_title") == []
    assert told.one("og:description").startswith("We boil water in kettle 1.")


def test_formulas_are_read_as_text(pages: dict[str, Told]) -> None:
    told = pages[TEX]
    assert told.one("citation_title") == "Bounds of O(√n) for Poincaré maps"
    assert told.every("citation_author") == [f"Person {number}" for number in range(40)]
    assert told.every("citation_author_institution") == ["Sleep Lab"] * 40
    assert told.one("citation_journal_title") == told.article["isPartOf"]["name"] == "Journal of Maps"
    assert told.article["abstract"] == told.one("og:description") == "For p ∈ [1, ∞) we pay $5 or $10, and x<y."
    assert not any("\\" in content for _, content in (*told.names, *told.properties))


def test_a_doi_is_told_as_one(pages: dict[str, Told]) -> None:
    told = pages[DOI]
    assert told.one("citation_doi") == "10.1000/a(b)c"
    assert "https://doi.org/10.1000/a(b)c" in told.every("DC.identifier")
    assert (told.one("citation_publication_date"), told.every("citation_pdf_url")) == ("2020", [])


def test_hostile_text_stays_text(pages: dict[str, Told]) -> None:
    told, meant = pages[STRANGE], plain(HOSTILE)
    assert "<script>" in meant
    assert told.one("citation_title") == f"Hostile {meant}"
    assert told.one("citation_author") == f"Eve {meant}"
    assert told.one("citation_publication_date") == "2026"
    assert told.one("citation_pdf_url") == "https://arxiv.org/pdf/2603.66666"
    assert told.article["isPartOf"]["name"] == f"Venue {meant}"
    assert "license" not in told.article
    assert not any(content.lower().startswith(("javascript:", "data:")) for _, content in told.names)
