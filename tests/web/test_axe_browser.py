"""Every page of the route table before axe-core, in a real Chromium: empty and full, phone and wide, light and dark.

One server and one browser see it all. Each page is loaded once for each visitor and looked at in four ways.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.routing import Route
from tests.web.conftest import FRIDAY, HOST, NOW, PUBLIC, SECRET_KEY
from tests.web.full_house import LISTED, LONG, TALKED, Cast, at_the_machine, fill, session_of
from tests.web.serving import CHROMIUM_FLAGS, serving
from tests.web.visiting import certificate

from broadsheet.entrance.visitor import COOKIE
from broadsheet.flow.accounts import ceremonies
from broadsheet.flow.house import House
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.web.routes import routes
from broadsheet.wiring import open_house

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
# Answered with something else than a page.
NO_PAGES = frozenset(
    {"/suggest", "/metrics", "/health", "/robots.txt", "/favicon.ico", "/papers/{slug:path}.bib"}
    | {"/llms.txt", "/suggest.json", "/opensearch.xml", "/sitemap.xml", "/sitemaps/{name}.xml", "/oembed"}
    | {"/papers/{slug:path}/badge.svg", "/papers/{slug:path}/preview.png"}
    | {"/readers/{handle}/labels/{slug}.bib", "/papers/date", "/comments/{number}", "/searches/{slug}"}
)
# Addresses of each page in the full house; with a braced word, those that stand for it.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "/": ("/",),
    "/papers/date/{day}": (f"/papers/date/{FRIDAY}", "/papers/date/2026-03-07"),
    "/papers/week/{week}": ("/papers/week/2026-W10",),
    "/papers/month/{month}": ("/papers/month/2026-03",),
    "/trending": ("/trending", "/trending?span=week"),
    "/ranking": ("/ranking",),
    "/docs/api": ("/docs/api",),
    "/docs/api/hugging-face": ("/docs/api/hugging-face",),
    "/papers/{slug:path}/comments/{number}/history": (f"/papers/{TALKED}/comments/1/history",),
    "/papers/{slug:path}/history": (f"/papers/{LISTED}/history",),
    "/papers/{slug:path}/card": (f"/papers/{TALKED}/card", "/papers/2603.66666/card", "/papers/2603.99999/card"),
    "/papers/{slug:path}": (f"/papers/{TALKED}", f"/papers/{LISTED}", "/papers/2611.00001", "/papers/2603.66666"),
    "/comments": ("/comments",),
    "/notices": ("/notices",),
    "/search": ("/search", "/search?q=kettle&year=2024", "/search?q=zzyzx", "/search?q=napkins+fold&passage=1"),
    "/searches": ("/searches",),
    "/sign-in": ("/sign-in",),
    "/sign-in/sent": ("/sign-in/sent",),
    "/sign-in/with/{name}": ("/sign-in/with/lab",),
    "/join/with": ("/join/with",),
    "/letters/{secret}": ("{letter}", "{asking}", "/letters/nothing"),
    "/account": ("/account",),
    "/submit": ("/submit", "/submit?asked=2611.00001"),
    "/submissions": ("/submissions",),
    "/submissions/{number}": ("/submissions/1",),
    "/moderation/log": ("/moderation/log",),
    "/moderation": ("/moderation",),
    "/account/import": ("/account/import",),
    "/account/leave": ("/account/leave",),
    "/reading": ("/reading", "/reading?state=hidden"),
    "/authors/{slug}": ("/authors/ann-lee", "/authors/person-2", "/authors/eve-script-alert-1-script"),
    "/claims": ("/claims",),
    "/organisations": ("/organisations",),
    "/organisations/{slug}": ("{organisation}", "/organisations/tea-institute-co"),
    "/following": ("/following",),
    "/readers/{handle}": ("/readers/ann", "/readers/mo"),
    "/readers/{handle}/labels/{slug}": ("{label}",),
    "/subscribe": ("/subscribe?list=/authors/ann-lee", "/subscribe?way=telegram", "/subscribe?list=/nope"),
    "/subscribe/sent": ("/subscribe/sent",),
    "/subscriptions": ("/subscriptions",),
    "/subscriptions/{token}": ("{subscriptions}?done=confirmed",),
    "/unsubscribe/{token}": ("{unsubscribe}", "/unsubscribe/1.nothing"),
    "/digests": ("/digests",),
    "/digests/view/{token}": ("{view}",),
    "/digests/{day}": (f"/digests/{FRIDAY}", "/digests/2026-03-07"),
    "/status": ("/status",),
    "/status/schedule": ("/status/schedule",),
    "/status/digests": ("/status/digests",),
    "/status/{name}": ("/status/arxiv-cs-cl",),
}
# Every rule of WCAG 2.2 at A and AA and of good practice; only what is wrong is described, which is quicker.
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": {"type": "tag", "values": STANDARDS}, "resultTypes": ["violations"], "preload": False}
RUN = """async options => (await axe.run(document, options)).violations
    .flatMap(found => found.nodes.map(node => [found.id, node.html.slice(0, 120), node.failureSummary]))"""
# Colours differ by scheme and places by width, never by both: axe looks at the second and third.
LOOKS = ((320, "light", False), (320, "dark", True), (1280, "light", True), (1280, "dark", False))
# Who comes, and to which pages: all of them, those that the words begin, or those that stand without a full house.
VISITS = {
    "owner": ("/",),
    "empty": (),
    "nobody": (
        "/sign-in",
        "/join",
        "/letters",
        "/papers/{slug:path}",
        "/trending",
        "/subscri",
        "/unsubscribe",
        "/digests",
    ),
    "ann": (
        "/account",
        "/notices",
        "/submissions",
        "/reading",
        "/claims",
        "/following",
        "/subscri",
        "/papers/{slug:path}",
        "/readers",
    ),
    "mo": ("/moderation", "/papers/{slug:path}", "/organisations/"),
    "boss": ("/account", "/organisations/"),
}
# Whoever is signed in, or at the machine, has no business there.
NOT_SIGNED_IN = ("/sign-in/with", "/join")


def pages() -> list[str]:
    """List the paths of the route table that are shown as pages."""
    return [
        route.path
        for route in routes()
        if isinstance(route, Route) and "GET" in (route.methods or ()) and route.path not in NO_PAGES
    ]


def paths_of(who: str) -> list[str]:
    """List the pages that somebody comes to."""
    if who == "empty":
        return [path for path in pages() if "{" not in path and not path.startswith(NOT_SIGNED_IN)]
    wanted = [path for path in pages() if path in VISITS[who] or path.startswith(tuple(VISITS[who]))]
    return wanted if who == "nobody" else [path for path in wanted if not path.startswith(NOT_SIGNED_IN)]


@dataclass(frozen=True, slots=True)
class Scene:
    """The houses that are served, the browser that looks at them, words for addresses, and axe-core's script."""

    house: House
    cast: Cast
    browser: Any
    at: dict[str, str]
    words: dict[str, str]
    axe: str

    def enter(self, who: str) -> Any:
        """Open a browser's page as somebody; our policy is lifted for the one script that looks, and watched."""
        context = self.browser.new_context(base_url=self.at.get(who, PUBLIC), bypass_csp=True)
        context.add_cookies(list(self._cookies(who)))
        page = context.new_page()
        page.set_default_timeout(60_000)
        return page

    def _cookies(self, who: str) -> Iterator[Any]:
        own = {"domain": HOST, "path": "/", "secure": True}
        if who in {"ann", "mo", "boss"}:
            yield {"name": COOKIE, "value": session_of(self.house, getattr(self.cast, who)), **own}
        if who == "nobody":
            payload = {"name": LONG, "next": "/", "issuer": "https://lab.example", "subject": "1", "letter": ""}
            secret = ceremonies.begin(self.house, ceremonies.JOINING, payload)
            yield {"name": f"{COOKIE}-{ceremonies.JOINING}", "value": secret, **own}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Serve a full house in public and at the machine, and an empty one, and start a browser that finds all three."""
    playwright = pytest.importorskip("playwright.sync_api")
    axe = (files(pytest.importorskip("axe_playwright_python")) / "axe.min.js").read_text()
    folder: Path = tmp_path_factory.mktemp("axe")
    cert, key, trusted = certificate(folder)
    open_to_all = Settings(
        home=folder / "full",
        public_url=PUBLIC,
        secret_key=SECRET_KEY,
        mail_from=f"post@{HOST}",
        providers="Lab=https://lab.example",
        provider_clients="Lab=here",
    )
    with (
        open_house(open_to_all, clock=lambda: NOW) as house,
        open_house(Settings(home=folder / "empty"), clock=lambda: NOW) as empty,
    ):
        cast = fill(house)
        with (
            serving(create_app(house), ssl_certfile=cert, ssl_keyfile=key) as public,
            serving(create_app(at_the_machine(house))) as local,
            serving(create_app(empty)) as bare,
            playwright.sync_playwright() as running,
        ):
            found = f"--host-resolver-rules=MAP {HOST} {urlsplit(public).netloc}"
            trust = f"--ignore-certificate-errors-spki-list={trusted}"
            browser = running.chromium.launch(executable_path=CHROMIUM, args=[*CHROMIUM_FLAGS, found, trust])
            yield Scene(house, cast, browser, {"owner": local, "empty": bare}, cast.words, axe)
            browser.close()


def complaints(page: Any, axe: str) -> Iterator[str]:
    """Look at the page that is open in each way, and tell what is wrong with it."""
    page.evaluate(axe)
    for width, scheme, by_axe in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            yield f"{width} {scheme}: {wide} pixels wide"
        for found in page.evaluate(RUN, RULES) if by_axe else ():
            yield f"{width} {scheme}: {found}"


def watch(page: Any) -> list[str]:
    """Hear what a page complains of, and whom it asks that is not us."""
    heard: list[str] = []

    def hear(message: Any) -> None:
        # That an address is not there, or not for everybody, is what some of the pages say.
        if not message.text.startswith("Failed to load resource: the server responded with a status of 40"):
            heard.append(message.text)

    def see(request: Any) -> None:
        if urlsplit(request.url).netloc not in {HOST, urlsplit(page.url).netloc} and not page.url.startswith("about"):
            heard.append(f"asked {request.url}")

    page.on("console", hear)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", see)
    return heard


def test_each_page_of_the_route_table_has_an_example() -> None:
    missing = sorted(set(pages()) - set(EXAMPLES))
    gone = sorted(set(EXAMPLES) - set(pages()))
    assert not missing, f"Give an address of each of {missing} in EXAMPLES, or name it in NO_PAGES if it is no page."
    assert not gone, f"There are no pages {gone} any more: take them out of EXAMPLES."


@pytest.mark.parametrize("who", VISITS)
def test_everybody_can_read_and_use_every_page(scene: Scene, who: str) -> None:
    page, wrong = scene.enter(who), []
    heard = watch(page)
    for path in paths_of(who):
        # Whoever is not the owner finds other buttons on the same pages: one of each kind shows them.
        for example in EXAMPLES[path] if who == "owner" else EXAMPLES[path][:1]:
            url = example.format(**scene.words)
            page.goto(url)
            wrong += [f"{url} {told}" for told in complaints(page, scene.axe)]
            wrong += [f"{url} {told}" for told in heard]
            heard.clear()
    page.context.close()
    assert wrong == []
