"""The documentation in a real Chromium: nothing asked of another site, nothing wider than the screen, search works."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from tests.web.serving import CHROMIUM_FLAGS, serving

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
WIDE = 1280
PAGES = ("/", "/tutorial/", "/settings/")
# The theme's buttons that copy code are landmarks without names; what scrolls is reached by keys without its help.
THEIRS = ("landmark-unique", "scrollable-region-focusable")
RULES = {"rules": {rule: {"enabled": False} for rule in THEIRS}}


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with serving(Starlette(routes=[Mount("/", StaticFiles(directory=site, html=True))])) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
        yield opened
        opened.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, WIDE])
def test_pages_ask_no_other_site_fit_the_screen_and_keep_the_rules(
    browser: Any, address: str, width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(60_000)
    heard: list[str] = []
    asked: set[str] = set()
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    page.on("requestfailed", lambda request: heard.append(f"failed: {request.url}"))
    for path in PAGES:
        page.goto(address + path, wait_until="networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.evaluate("document.body.dataset.mdColorScheme") == {"light": "default", "dark": "slate"}[scheme]
        broken = Axe().run(page, options=RULES).response["violations"] if width == WIDE else []
        assert [(path, rule["id"], [node["target"] for node in rule["nodes"]]) for rule in broken] == []
    context.close()
    assert (heard, asked) == ([], {urlsplit(address).netloc})


def test_search_finds_the_page_that_tells_of_a_setting(browser: Any, address: str) -> None:
    context = browser.new_context(viewport={"width": WIDE, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(address + "/", wait_until="networkidle")
    page.click(".md-search__input")
    page.locator(".md-search__input").press_sequentially("trending_formula")
    page.locator(".md-search-result__link[href*='/settings/']").first.wait_for(state="attached")
    context.close()
