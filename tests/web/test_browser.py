"""The pages in a real Chromium: nothing blocked, nothing fetched elsewhere, nothing wider than the screen."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from tests.web.serving import CHROMIUM_FLAGS, serving

from broadsheet.flow.house import House
from broadsheet.flow.reading.saved_searches import remove, save
from broadsheet.model.query import Query
from broadsheet.site import create_app

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
PAGES = [
    "/",
    "/papers/date/2026-03-06",
    "/papers/date/2026-03-07",
    "/papers/2603.00002",
    "/papers/2603.66666",
    "/search",
    "/search?q=kettle&year=2024",
    "/search?q=zzyzx",
    "/search?q=hostile",
    "/search?q=steaming+pots&way=meaning",
    "/search?like=2502.00001&unlike=2603.66666",
    "/search?q=napkins+fold+by+themselves&passage=1",
    "/searches",
]
WATCH = """
    window.blocked = [];
    document.addEventListener('securitypolicyviolation', event => window.blocked.push(event.violatedDirective));
"""
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def address(house: House) -> Iterator[str]:
    with serving(create_app(house)) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
        yield opened
        opened.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_pages_open_without_a_complaint(browser: Any, address: str, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    context.add_init_script(WATCH)
    page = context.new_page()
    heard: list[str] = []

    def hear_elsewhere(request: Any) -> None:
        if not request.url.startswith(address):
            heard.append(request.url)

    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", hear_elsewhere)
    for url in PAGES:
        page.goto(address + url)
        assert page.evaluate("window.blocked") == [], url
        assert page.evaluate("document.documentElement.scrollWidth") <= width, url
    context.close()
    assert heard == []


def test_hostile_text_does_nothing_even_without_our_policy(browser: Any, address: str) -> None:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    heard: list[str] = []

    def hear(dialog: Any) -> None:
        heard.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", hear)
    for url in ("/papers/2603.66666", "/papers/date/2026-03-09", "/search?q=hostile"):
        page.goto(address + url)
        assert page.locator("img").count() == 0
    context.close()
    assert heard == []


def test_everything_can_be_clicked_with_a_finger(browser: Any, address: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 900})
    page = context.new_page()
    for url in PAGES:
        page.goto(address + url)
        small = page.evaluate(
            """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), summary')]
                .filter(element => !element.matches('.skip') && element.checkVisibility())
                .filter(element => !element.parentElement.matches('h2, p:not(.kicker)'))
                .map(element => [element.outerHTML.slice(0, 80), element.getBoundingClientRect().height])
                .filter(([, height]) => height < 24)"""
        )
        assert small == [], url
    context.close()


def test_reading_works_without_scripts(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/papers/date/2026-03-06")
    page.fill("#day", "2026-03-05")
    page.click("text=Go")
    assert page.url.endswith("/papers/date/2026-03-05")
    page.click("a[rel=next]")
    page.fill("#ear", "napkins")
    page.press("#ear", "Enter")
    page.click("article h2 a")
    assert page.url.endswith("/papers/2603.00001")
    page.click(".cite summary >> text=BibTeX")
    assert "@misc{" in page.inner_text("pre")
    context.close()


@pytest.mark.parametrize(("url", "box"), [("/", "#ear"), ("/search", "#q"), ("/search?q=a+b&passage=1", "#ear")])
def test_suggestions_are_chosen_by_keyboard(browser: Any, address: str, url: str, box: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 900})
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(address + url)
    page.focus(box)
    page.keyboard.type("folding nap")
    page.wait_for_selector("[role=option]")
    assert page.get_attribute(box, "aria-expanded") == "true"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.keyboard.press("Escape")
    assert page.locator("[role=option]").count() == 0
    assert page.input_value(box) == "folding nap"
    page.keyboard.press("ArrowDown")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    active = page.get_attribute(box, "aria-activedescendant")
    assert page.get_attribute(f"#{active}", "aria-selected") == "true"
    page.keyboard.press("Enter")
    page.wait_for_url("**/papers/2603.00001")
    assert page.evaluate("window.blocked") == []
    context.close()


def test_a_suggested_author_is_clicked_and_what_is_typed_is_searched(browser: Any, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.fill("#ear", "ann l")
    page.click("[role=option]:has-text('Ann Lee')")
    page.wait_for_url("**/authors/ann-lee")
    page.goto(address)
    page.fill("#ear", "kett")
    page.wait_for_selector("[role=option]")
    page.press("#ear", "Enter")
    page.wait_for_url("**/search?q=kett")
    context.close()


def test_typing_on_leaves_what_was_chosen(browser: Any, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.fill("#ear", "folding nap")
    page.wait_for_selector("[role=option]")
    assert page.inner_text(".ear [role=status]") == "1 suggestion"
    page.press("#ear", "ArrowDown")
    page.keyboard.type("x")
    assert page.get_attribute("#ear", "aria-activedescendant") is None
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=folding+napx")
    context.close()


def test_a_look_up_that_fails_leaves_no_count_and_arrow_up_its_own_work(browser: Any, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.fill("#ear", "folding nap")
    page.wait_for_selector("[role=option]")
    page.route("**/suggest?*", lambda route: route.abort())
    page.fill("#ear", "kettle")
    page.wait_for_selector("[role=option]", state="detached")
    assert page.inner_text(".ear [role=status]") == ""
    page.press("#ear", "ArrowUp")
    assert page.evaluate("document.activeElement.selectionStart") == 0
    context.close()


def test_the_chosen_suggestion_is_seen_in_forced_colours(browser: Any, address: str) -> None:
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(address)
    page.fill("#ear", "folding nap")
    page.wait_for_selector("[role=option]")
    page.press("#ear", "ArrowDown")
    style = "getComputedStyle(document.querySelector('[role=option][aria-selected=true]')).outline"
    assert "solid 2px" in page.evaluate(style)
    context.close()


def test_hostile_suggestions_are_text(browser: Any, address: str) -> None:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    heard: list[str] = []
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    page.goto(address)
    for text in ("hostile", "eve", "org", "venue"):
        page.fill("#ear", text)
        page.wait_for_selector("[role=option]:has-text('alert(1)')")
        assert page.locator("[role=listbox] img, [role=listbox] script").count() == 0
        page.fill("#ear", "")
    context.close()
    assert heard == []


def test_a_search_is_saved_renamed_and_deleted_by_keyboard_on_a_phone(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 900})
    page = context.new_page()
    page.goto(f"{address}/search?q=napkins")
    page.focus("text=Save this search")
    page.keyboard.press("Enter")
    page.fill("#save-name", "Napkins & <b>more</b>")
    page.keyboard.press("Enter")
    page.wait_for_url("**/searches#saved-napkins-b-more-b")
    page.focus("main summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Folding")
    page.keyboard.press("Enter")
    page.click("h2 a:has-text('Folding')")
    assert page.url.endswith("/search?q=napkins")
    page.goto(f"{address}/searches")
    page.click("main summary")
    page.click("text=Delete this search")
    page.wait_for_selector("text=No search is saved yet")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_list_of_saved_searches_fits_a_phone_and_can_be_read(
    browser: Any, address: str, house: House, scheme: str
) -> None:
    names = ("x" * 100, "A long name " * 8, "折り紙", "שלום", "&" * 50)
    slugs = [save(house, name, Query(text=name * 100)).slug for name in names]
    context = browser.new_context(viewport={"width": 320, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{address}/searches")
    for summary in page.query_selector_all("summary"):
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(CONTRAST) == []
    context.close()
    for slug in slugs:
        remove(house, slug)


def test_the_keyboard_reaches_the_papers_first(browser: Any, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser: Any, address: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    for url in PAGES:
        page.goto(address + url)
        assert page.evaluate(CONTRAST) == [], url
    context.close()


# WCAG 2.2, 1.4.3: the relative luminance of each text's colour against the nearest opaque ground behind it.
CONTRAST = """() => {
    const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
    const luminance = colour => numbers(colour).slice(0, 3).map(part => part / 255)
        .map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
    const ground = element => {
        for (let at = element; at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            if ((numbers(colour)[3] ?? 1) > 0) return colour;
        }
        return 'rgb(255, 255, 255)';
    };
    const poor = [];
    for (const element of document.querySelectorAll('body *')) {
        const written = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        if (!written || !element.checkVisibility()) continue;
        const [one, other] = [getComputedStyle(element).color, ground(element)].map(luminance);
        const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        if (ratio < 4.5) poor.push([element.outerHTML.slice(0, 80), ratio]);
    }
    return poor;
}"""
