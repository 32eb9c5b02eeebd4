"""A digest in a real Chromium: light and dark, phone and wide, and nothing leaves."""

import shutil
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from tests.mail.made import FACTS, hostile_digest, plain_digest
from tests.web.serving import CHROMIUM_FLAGS

from broadsheet.mail.render import rendered

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
# A mail is a piece of somebody's mail program, so it has no landmarks of its own.
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = {"runOnly": {"type": "tag", "values": STANDARDS}, "resultTypes": ["violations"], "preload": False}
RUN = """async options => (await axe.run(document, options)).violations
    .flatMap(found => found.nodes.map(node => [found.id, node.html.slice(0, 120), node.failureSummary]))"""
LOOKS = [(width, scheme) for width in (320, 480, 1280) for scheme in ("light", "dark")]
COLOURS = """selector => { const found = getComputedStyle(document.querySelector(selector));
    return [found.backgroundColor, found.color]; }"""
PAPER = {"light": "rgb(252, 250, 245)", "dark": "rgb(21, 20, 15)"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=[*CHROMIUM_FLAGS])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def axe() -> str:
    return (files(pytest.importorskip("axe_playwright_python")) / "axe.min.js").read_text()


@pytest.fixture
def asked() -> list[str]:
    """What the browser asked for; it gets nothing."""
    return []


@pytest.fixture
def page(browser: Any, asked: list[str]) -> Iterator[Any]:
    context = browser.new_context()
    context.set_default_timeout(60_000)

    def refuse(route: Any) -> None:
        asked.append(route.request.url)
        route.abort()

    context.route("**/*", refuse)
    yield context.new_page()
    context.close()


def look(page: Any, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)


def test_a_digest_fits_in_every_window_is_as_accessible_as_a_page_and_asks_for_nothing(
    page: Any, axe: str, asked: list[str]
) -> None:
    page.set_content(rendered(plain_digest(), FACTS).html)
    page.evaluate(axe)
    for width, scheme in LOOKS:
        look(page, width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, scheme)
        assert page.evaluate(RUN, RULES) == [], (width, scheme)
        assert page.evaluate(COLOURS, ".paper")[0] == PAPER[scheme]
    assert asked == []


def test_hostile_words_neither_run_nor_leave_their_place(page: Any, asked: list[str]) -> None:
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    for seed in range(12):
        page.set_content(rendered(hostile_digest(seed), FACTS).html)
        for width in (320, 1280):
            look(page, width, "light")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (seed, width)
        assert page.evaluate("document.querySelectorAll('script, img, iframe').length") == 0
    assert (said, asked) == ([], [])


def test_it_is_read_without_the_styles_of_the_head(page: Any) -> None:
    """As programs show it that take the head away, Gmail's apps among them."""
    html = rendered(plain_digest(), FACTS).html
    head, _, rest = html.partition("<style")
    page.set_content(head + rest.partition("</style>")[2])
    look(page, 320, "dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(COLOURS, ".paper")[0] == PAPER["light"]
    assert page.evaluate(COLOURS, ".title a")[1] == "rgb(28, 26, 22)"


def test_on_a_phone_the_lead_is_smaller_and_the_sheet_never_wider_than_600(page: Any) -> None:
    page.set_content(rendered(plain_digest(), FACTS).html)
    sizes = {}
    for width in (320, 1280):
        look(page, width, "light")
        sizes[width] = page.evaluate("getComputedStyle(document.querySelector('.lead')).fontSize")
        assert page.evaluate("document.querySelector('.sheet').getBoundingClientRect().width") <= 600
    assert sizes == {320: "25px", 1280: "30px"}
