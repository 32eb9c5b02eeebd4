"""A real browser at another site shows badge, picture and card; a page of ours and a house of one's own it may not."""

import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.web.conftest import HOST, PUBLIC
from tests.web.serving import CHROMIUM_FLAGS, serving
from tests.web.visiting import certificate

from broadsheet.flow.house import House
from broadsheet.site import create_app
from broadsheet.web.embeds import poster

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
PAPER = f"{PUBLIC}/papers/2603.00002"


class Quiet(SimpleHTTPRequestHandler):
    """A site of somebody else's that says nothing of its visitors."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - named so by its class
        """Say nothing."""


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Another site, and the folder of its pages."""
    folder = tmp_path_factory.mktemp("elsewhere")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", folder
        server.shutdown()
        thread.join(timeout=60)


@pytest.fixture(scope="module")
def browser(open_to_all: House, house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, str]]:
    """A browser that finds the house that all reach, and the address of one of somebody's own."""
    playwright = pytest.importorskip("playwright.sync_api")
    cert, key, trusted = certificate(tmp_path_factory.mktemp("certificate"))
    with (
        serving(create_app(open_to_all), ssl_certfile=cert, ssl_keyfile=key) as public,
        serving(create_app(house)) as local,
        playwright.sync_playwright() as running,
    ):
        found = f"--host-resolver-rules=MAP {HOST} {urlsplit(public).netloc}"
        trust = f"--ignore-certificate-errors-spki-list={trusted}"
        opened = running.chromium.launch(executable_path=CHROMIUM, args=[*CHROMIUM_FLAGS, found, trust])
        yield opened, local
        opened.close()


def page_with(browser: Any, elsewhere: tuple[str, Path], name: str, html: str) -> Any:
    """Open a page of the other site."""
    address, folder = elsewhere
    (folder / name).write_text(f"<!doctype html><title>Elsewhere</title>{html}", "utf-8")
    page = browser.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{address}/{name}")
    return page


def width_of(page: Any, which: str) -> int:
    """Tell how wide a picture is once it was loaded, 0 for one that may not be shown."""
    page.wait_for_function(f"document.querySelector('{which}').complete")
    width: int = page.evaluate(f"document.querySelector('{which}').naturalWidth")
    return width


def test_pictures_are_shown_by_other_sites(browser: tuple[Any, str], elsewhere: tuple[str, Path]) -> None:
    opened, local = browser
    images = f'<img id="a" src="{PAPER}/badge.svg"><img id="b" src="{PAPER}/preview.png">'
    images += f'<img id="c" src="{local}/papers/2603.00002/badge.svg"><img id="d" src="{PUBLIC}/static/icon.svg">'
    page = page_with(opened, elsewhere, "images.html", images)
    badge = opened.new_page()
    badge.goto(f"{PAPER}/badge.svg")
    fits = "[...document.querySelectorAll('text')].map(t => Math.abs(t.getBBox().width - t.getAttribute('textLength')))"
    assert width_of(page, "#a") == int(badge.evaluate("document.documentElement.getAttribute('width')"))
    assert max(badge.evaluate(fits)) < 2
    assert width_of(page, "#b") == (1200 if poster.is_available() else 0)
    assert (width_of(page, "#c"), width_of(page, "#d")) == (0, 0)
    page.close()
    badge.close()


def test_a_card_stands_in_a_frame_and_its_link_opens_beside_it(
    browser: tuple[Any, str], elsewhere: tuple[str, Path]
) -> None:
    opened, _ = browser
    told = opened.new_page()
    told.goto(f"{PUBLIC}/oembed?url={PAPER}&maxwidth=320")
    html = told.evaluate("JSON.parse(document.body.innerText).html")
    page = page_with(opened, elsewhere, "card.html", html.replace(' loading="lazy"', ""))
    frame = page.frame_locator("iframe")
    assert frame.locator("h1").inner_text() == "Bounds of O(√n) for Poincaré maps"
    assert frame.locator("main").evaluate("main => getComputedStyle(main).borderTopWidth") == "3px"
    assert frame.locator("html").evaluate("html => html.scrollWidth <= 320 && html.scrollHeight <= 220")
    with page.expect_popup() as popup:
        frame.locator("h1 a").click()
    popup.value.wait_for_load_state()
    assert popup.value.url == PAPER
    for each in (told, page, popup.value):
        each.close()


def test_a_page_of_ours_stands_in_no_frame(browser: tuple[Any, str], elsewhere: tuple[str, Path]) -> None:
    opened, _ = browser
    page = opened.new_page()
    address, folder = elsewhere
    (folder / "page.html").write_text(f'<!doctype html><title>x</title><iframe src="{PAPER}"></iframe>', "utf-8")
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text, timeout=60_000):
        page.goto(f"{address}/page.html")
    assert page.frame_locator("iframe").locator("article.paper").count() == 0
    page.close()
