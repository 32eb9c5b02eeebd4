"""Five thousand payloads in every field, on every page, with our policy switched off: nothing runs (TRUST E2)."""

import re
import shutil
from collections.abc import Iterator
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from tests.security.hostile_world import DAY_TEXT, KEYS, door, spoil
from tests.security.payloads import COUNT, SEEDS, batches, payloads
from tests.security.world import World, open_world
from tests.web.serving import CHROMIUM_FLAGS

from broadsheet.web.markdown import _MATHS, _WORDS

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
HOOK = "window.__hits = 0; window.__ran = () => { window.__hits += 1; };"
# Every element that is not ours, and every attribute that runs, styles or leads where none of ours does.
LOOK = """allowed => {
    const found = [window.__hits && 'ran'], leads = /^(https?:[/][/]|mailto:|[/](?![/])|[#?]|$)/i;
    for (const element of document.querySelectorAll('*')) {
        const name = element.localName;
        if (!allowed.includes(name)) found.push('<' + name + '>');
        if (name === 'script' && element.type !== 'application/ld+json'
            && !(element.getAttribute('src') || '').startsWith('/static/')) found.push('script');
        if (name === 'link' && element.rel === 'stylesheet'
            && !element.getAttribute('href').startsWith('/static/')) found.push('style sheet');
        if (name === 'meta' && element.httpEquiv) found.push('meta');
        for (const { name: attribute, value } of element.attributes) {
            if (/^on|^style$|^srcdoc$|^xlink|^ping$|^background$/.test(attribute)) found.push(attribute);
            if (/^(href|src|action|formaction|data|poster|cite)$/.test(attribute) && !leads.test(value))
                found.push(attribute + '=' + value.slice(0, 60));
        }
    }
    return [...new Set(found.filter(Boolean))];
}"""
SEND = """body => {
    const button = document.querySelector('button[formaction$=preview]');
    button.form.elements.body.value = body;
    button.form.requestSubmit(button);
}"""
PAGES = {
    "anybody": (
        *(f"/papers/{key}" for key in KEYS),
        *(f"/papers/{key}/history" for key in KEYS[:5]),
        f"/papers/date/{DAY_TEXT}",
        "/papers/week/2026-W47",
        "/papers/month/2026-11",
        "/trending",
        "/search?q=hostile",
        "/search?q=changed&way=words",
        f"/search?like={KEYS[0]}&unlike={KEYS[1]}",
        "/comments",
        "/comments?before=1050",
        f"/papers/{KEYS[1]}/comments/1001/history",
        *(f"/readers/evil{number}" for number in range(12)),
        *(f"/readers/ann/labels/evil{number}" for number in range(4)),
        "/readers/ann",
        "/moderation/log",
        "/organisations",
        *(f"/organisations/evil-house{number}" for number in range(10)),
        "/authors/evil-author",
    ),
    "owner": (
        f"/papers/{KEYS[0]}",
        "/notices",
        "/searches",
        "/reading",
        "/submissions",
        *(f"/submissions/{number}" for number in range(1_000, 1_010)),
        "/claims",
        "/following",
        "/account",
        "/organisations/evil-house1",
    ),
    "moderator": ("/moderation", f"/papers/{KEYS[0]}", "/readers/evil30", "/authors/evil-author", "/claims"),
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("hostile")
    with open_world(folder) as world:
        spoil(world)
        yield world


@pytest.fixture(scope="module")
def opened() -> Iterator[Any]:
    """A browser that heeds no policy, and counts what runs."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
        context = browser.new_context(bypass_csp=True)
        context.add_init_script(HOOK)
        context.route(re.compile(r"\.css"), lambda route: route.fulfill(body="", content_type="text/css"))
        yield context
        browser.close()


@pytest.fixture
def page(opened: Any) -> Iterator[Any]:
    page = opened.new_page()
    heard: list[str] = []

    def hear(dialog: Any) -> None:
        heard.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", hear)
    yield page
    page.close()
    assert heard == []


def go(page: Any, url: str) -> Any:
    """Open an address, as far as everything is there that could run."""
    return page.goto(url, wait_until="domcontentloaded", timeout=120_000)


def allowed() -> list[str]:
    """Name every element of our templates, of Markdown and of formulas."""
    templates = (files("broadsheet.web") / "templates").iterdir()
    ours = {name for each in templates for name in re.findall(r"<([a-z][a-z0-9]*)", each.read_text())}
    return sorted(
        ours | set(_WORDS) | set(_MATHS) | {"semantics", "merror", "mark"} - {"img", "iframe", "object", "embed"}
    )


def test_there_are_thousands_of_payloads_and_each_would_run_somewhere(opened: Any) -> None:
    assert len(payloads()) == len(set(payloads())) == COUNT
    assert len(SEEDS) >= 100
    page = opened.new_page()
    page.set_content("<main>" + "".join(f"<div>{text}</div>" for text in SEEDS[:1] + SEEDS[25:28]) + "</main>")
    page.wait_for_function("window.__hits >= 2", timeout=30_000)
    assert "<img>" in page.evaluate(LOOK, allowed())
    page.close()


@pytest.mark.parametrize("kind", PAGES)
def test_nothing_runs_on_any_page(hostile: World, page: Any, kind: str) -> None:
    wrong, names = [], allowed()
    with door(hostile, kind) as address:
        for url in PAGES[kind]:
            answer = go(page, address + url)
            found = page.evaluate(LOOK, names)
            if found or answer.status != 200:
                wrong.append((url, answer.status, found))
    assert wrong == []


def test_nothing_runs_that_is_asked_for(hostile: World, page: Any) -> None:
    """Payloads in a search, as its words and as filters."""
    wrong, names = [], allowed()
    filters = iter([text for text in payloads() if len(text) <= 150])
    with door(hostile, "anybody") as address:
        for words in islice(batches(1_400), 0, None, 4):
            chosen = [("q", words)] + [(name, text) for name in ("cat", "org", "venue") for text in islice(filters, 20)]
            go(page, f"{address}/search?{urlencode(chosen)}")
            found = page.evaluate(LOOK, names)
            wrong += [(words[:60], found)] if found else []
    assert wrong == []


def test_nothing_runs_in_an_address(hostile: World, page: Any) -> None:
    names = allowed()
    with door(hostile, "anybody") as address:
        for text in SEEDS[::3]:
            for url in (f"/{quote(text)}", f"/papers/{quote(text)}", f"/papers/date/{quote(text)}"):
                go(page, address + url)
                assert page.evaluate(LOOK, names) == [], url
        for text in SEEDS[1::12]:
            for asked in (f"/sign-in?next={quote(text)}", f"/trending?of={quote(text)}", f"/search?sort={quote(text)}"):
                go(page, address + asked)
                assert page.evaluate(LOOK, names) == [], asked


def test_nothing_runs_in_what_a_form_shows_again(hostile: World, page: Any) -> None:
    """Previews, slips that cannot be read, and lists that are brought in by BibTeX."""
    names = allowed()
    with door(hostile, "owner") as address:
        go(page, f"{address}/papers/{KEYS[-1]}")
        for body in batches(9_000, "\n\n", count=2_000):
            with page.expect_navigation(wait_until="domcontentloaded", timeout=120_000):
                page.evaluate(SEND, body)
            assert page.evaluate(LOOK, names) == []
        page.goto(f"{address}/submit")
        page.fill("[name=asked]", SEEDS[0] + SEEDS[25])
        page.fill("[name=note]", next(batches(1_000)))
        with page.expect_navigation(wait_until="domcontentloaded", timeout=120_000):
            page.evaluate("document.querySelector('[name=asked]').form.submit()")
        assert page.evaluate(LOOK, names) == []
        page.goto(f"{address}/account/import")
        page.evaluate("text => { document.querySelector('textarea[name=text]').value = text; }", bibtex())
        with page.expect_navigation(wait_until="domcontentloaded", timeout=120_000):
            page.evaluate("document.querySelector('[name=text]').form.submit()")
        assert page.evaluate(LOOK, names) == []


def bibtex() -> str:
    """Write every payload into BibTeX that names papers we do not have."""
    entries = []
    for number, text in enumerate(payloads()):
        fit = text.replace("{", "(").replace("}", ")").replace("\\", "")
        entries.append(f"@article{{k{number}, title = {{{fit}}}, author = {{{fit}}}, note = {{{fit}}}}}")
    return "\n".join(entries)


def test_nothing_runs_in_suggestions(hostile: World, page: Any) -> None:
    with door(hostile, "anybody") as address:
        page.goto(f"{address}/search")
        for typed in ("hostile", "script", "img", "changed"):
            with page.expect_response("**/suggest?**", timeout=30_000):
                page.fill("input[name=q] >> nth=0", typed)
            assert page.evaluate(LOOK, allowed()) == [], typed
