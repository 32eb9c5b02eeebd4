"""Sources in a real Chromium: they fit a phone, can be read in the dark, and are steered with the keyboard."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.web.conftest import NOW
from tests.web.serving import CHROMIUM_FLAGS, serving
from tests.web.test_browser import CONTRAST, WATCH
from tests.web.test_sources_page import ail

from broadsheet.flow.harvesting import sources as flow
from broadsheet.flow.house import House
from broadsheet.model.harvest import Source
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.store import runs, sources
from broadsheet.wiring import open_house

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
LONG = "feed-" + "x" * 75
PAGES = ["/status", "/status/schedule", "/status/arxiv-cs-cl", f"/status/{LONG}", "/status/hf"]


def fill(house: House) -> None:
    """Have a source in each colour: in trouble, refused at length, and new."""
    ail(house)
    with house.store.writing() as connection:
        made = sources.add(connection, Source(name=LONG, kind="feed", target="x" * 1_000, every_s=3600, at=NOW))
        run = runs.begin(connection, made.id, NOW)
        runs.save(connection, replace(run, outcome="refused", ended_at=NOW, message="No " + "x" * 300))
        sources.pause(connection, made.id)
        sources.add(connection, Source(name="hf", kind="hf", every_s=3600, at=NOW, next_at=NOW))


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, str]]:
    with open_house(Settings(home=tmp_path_factory.mktemp("sources")), clock=lambda: NOW) as opened:
        fill(opened)
        with serving(create_app(opened)) as found:
            yield opened, found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
        yield opened
        opened.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_sources_fit_the_screen_and_can_be_read(
    chromium: Any, shown: tuple[House, str], width: int, scheme: str
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    context.add_init_script(WATCH)
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    for url in PAGES:
        page.goto(shown[1] + url)
        for summary in page.query_selector_all("summary"):
            summary.click()
        assert page.evaluate("window.blocked") == [], url
        assert page.evaluate("document.documentElement.scrollWidth") <= width, url
        assert page.evaluate(CONTRAST) == [], url
    context.close()
    assert heard == []


def test_a_source_is_paused_and_resumed_by_keyboard(chromium: Any, shown: tuple[House, str]) -> None:
    house, address = shown
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 900})
    page = context.new_page()
    page.goto(f"{address}/status/hf")
    for verb, other in (("Pause", "Resume"), ("Resume", "Pause")):
        page.focus(f"button:has-text('{verb}')")
        page.keyboard.press("Enter")
        page.wait_for_selector(f"button:has-text('{other}')")
        assert flow.named(house, "hf").paused is (verb == "Pause")
    context.close()
