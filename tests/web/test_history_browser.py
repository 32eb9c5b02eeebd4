"""A paper's history in a real Chromium: it fits a phone, can be read in the dark, and is worked with the keyboard."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import HOSTILE, NOW
from tests.web.serving import CHROMIUM_FLAGS, serving
from tests.web.test_browser import CONTRAST
from tests.web.test_history_page import FIRST, GONE, SECOND, URL, shelve

from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.wiring import open_house

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
LATER = NOW + timedelta(days=1)
TEXTS = (
    FIRST,
    replace(FIRST, abstract=f"A {'very ' * 150}long abstract of {'x' * 200}. {HOSTILE}", observed=LATER),
    replace(SECOND, observed=NOW + timedelta(days=2)),
    replace(GONE, observed=NOW + timedelta(days=3)),
)
PAGES = [URL, f"{URL}?from=1&to=2", f"{URL}?from=2&to=3"]


@pytest.fixture(scope="module")
def own_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home: Path = tmp_path_factory.mktemp("history")
    with open_house(Settings(home=home), clock=lambda: NOW) as house:
        shelve(house, *TEXTS)
        with serving(create_app(house)) as found:
            yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
        yield opened
        opened.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_a_history_fits_the_screen_and_can_be_read(chromium: Any, own_address: str, width: int, scheme: str) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    for url in PAGES:
        page.goto(own_address + url)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, url
        assert page.evaluate(CONTRAST) == [], url
        small = page.evaluate(
            """() => [...document.querySelectorAll('main a, main button, main select')]
                .filter(element => !element.closest('.facts'))
                .map(element => [element.outerHTML.slice(0, 80), element.getBoundingClientRect().height])
                .filter(([, height]) => height < 24)"""
        )
        assert small == [], url
    context.close()
    assert heard == []


def test_two_texts_are_chosen_by_keyboard_and_without_scripts(chromium: Any, own_address: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(own_address + URL)
    page.locator("#from").select_option("1")
    page.locator("#to").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/history?from=1&to=4")
    assert page.locator(".changed ins").count() > 0
    context.close()
