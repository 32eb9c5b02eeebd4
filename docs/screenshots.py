"""Take the pictures in docs/images: the starter shelf's pages in a real Chromium, by day and by night, wide and narrow.

Run it with ``python -m docs.screenshots`` where Chromium and playwright are installed (the ``dev`` extra).
"""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal
from urllib.parse import urlsplit

from docs.readers_house import Shown, fill, session_of
from playwright.sync_api import Browser, Playwright, ViewportSize, sync_playwright
from tests.replay.arxiv_oai import ArxivOai
from tests.replay.hugging_face import HuggingFace
from tests.replay.server import Place, ReplayServer
from tests.replay.world import World
from tests.web.conftest import HOST, PUBLIC, SECRET_KEY
from tests.web.serving import CHROMIUM_FLAGS, serving
from tests.web.visiting import certificate

from broadsheet.entrance.visitor import COOKIE
from broadsheet.flow import daily
from broadsheet.flow.digests.rehearsing import rehearse
from broadsheet.flow.harvesting import sources
from broadsheet.flow.harvesting.harvest import harvest
from broadsheet.flow.harvesting.sources import Order
from broadsheet.flow.house import House
from broadsheet.flow.reading.search import search
from broadsheet.flow.shelf import reindex, starter
from broadsheet.model.query import Query
from broadsheet.model.reader import Reader
from broadsheet.model.selection import Selection
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.wiring import open_house

IMAGES = Path(__file__).parent / "images"
WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=800)
VIEWS: tuple[tuple[str, ViewportSize, Literal["light", "dark"]], ...] = (
    ("", WIDE, "light"),
    ("-dark", WIDE, "dark"),
    ("-phone", NARROW, "light"),
)


def take(browser: Browser, address: str, pages: dict[str, str]) -> None:
    """Take each page in the light, in the dark and on a phone."""
    for name, path in pages.items():
        for view, size, scheme in VIEWS:
            context = browser.new_context(viewport=size, color_scheme=scheme)
            page = context.new_page()
            page.goto(address + path)
            page.screenshot(path=IMAGES / f"{name}{view}.png")
            context.close()


def main() -> None:
    """Fill a house with the starter shelf, serve it, take the pictures."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("No Chromium was found on this machine.")
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as home, open_house(Settings(home=Path(home))) as house:
        starter.fill(house)
        # The first search by meaning loads what the others find in memory.
        search(house, Query(text="papers"))
        papers = daily.page(house).papers
        pages = {
            "daily": "/",
            "search": "/search?q=language+model",
            "evidence": "/search?q=clustering#guesses",
            "paper": f"/papers/{papers[0].slug}",
            "similar": "/papers/1706.03762#similar",
        }
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
            with serving(create_app(house)) as address:
                take(browser, address, pages)
            take_digest(browser, house)
            with harvested() as other, serving(create_app(other)) as address:
                take(browser, address, {"status": "/status", "source": "/status/hf"})
            browser.close()
            take_readers(playwright, chromium)


def take_digest(browser: Browser, house: House) -> None:
    """Take the mail that brings the papers of the latest day, as a mail program shows it."""
    mail = rehearse(house, "ada@example.org", [Selection("day")])
    if mail is None:
        sys.exit("The starter shelf has no papers for a digest.")
    for view, size, scheme in VIEWS:
        context = browser.new_context(viewport=size, color_scheme=scheme, offline=True)
        page = context.new_page()
        page.set_content(mail.html)
        page.screenshot(path=IMAGES / f"digest{view}.png")
        context.close()


def take_readers(playwright: Playwright, chromium: str) -> None:
    """Serve a house in public, in which some readers talk, and take each page as who comes to it."""
    with TemporaryDirectory() as home:
        cert, key, trusted = certificate(Path(home))
        settings = Settings(
            home=Path(home) / "house", public_url=PUBLIC, secret_key=SECRET_KEY, mail_from=f"post@{HOST}"
        )
        with open_house(settings) as house:
            starter.fill(house)
            shown = fill(house)
            with serving(create_app(house), ssl_certfile=cert, ssl_keyfile=key) as address:
                found = f"--host-resolver-rules=MAP {HOST} {urlsplit(address).netloc}"
                trust = f"--ignore-certificate-errors-spki-list={trusted}"
                browser = playwright.chromium.launch(executable_path=chromium, args=[*CHROMIUM_FLAGS, found, trust])
                for name, who, path, size, scheme in readers_pages(shown):
                    context = browser.new_context(viewport=size, color_scheme=scheme, base_url=PUBLIC)
                    if who:
                        secret = session_of(house, who)
                        context.add_cookies(
                            [{"name": COOKIE, "value": secret, "domain": HOST, "path": "/", "secure": True}]
                        )
                    page = context.new_page()
                    answer = page.goto(path)
                    if name == "trending-parts":
                        page.click(".place summary")
                    if answer and path.endswith(".png"):
                        (IMAGES / f"{name}.png").write_bytes(answer.body())
                    else:
                        page.screenshot(path=IMAGES / f"{name}.png")
                    context.close()
                browser.close()


def readers_pages(shown: Shown) -> Iterator[tuple[str, Reader | None, str, ViewportSize, Literal["light", "dark"]]]:
    """Tell which pictures show what readers do: name, who looks, address, size and scheme."""
    ada, mo = shown.ada, shown.mo
    yield "comments", ada, f"{shown.paper}#comments", WIDE, "light"
    yield "comments-phone", ada, f"{shown.paper}#comments", NARROW, "dark"
    yield "trending", ada, "/trending", WIDE, "light"
    yield "trending-parts", ada, shown.paper, WIDE, "light"
    yield "ranking", None, "/ranking", WIDE, "light"
    yield "sign-in", None, "/sign-in", NARROW, "light"
    yield "account", ada, "/account", WIDE, "light"
    yield "label", ada, shown.label, WIDE, "light"
    yield "author", ada, shown.author, WIDE, "light"
    yield "moderation", mo, "/moderation", WIDE, "light"
    yield "subscribe", None, "/subscribe?list=/trending", NARROW, "light"
    yield "subscriptions", ada, "/subscriptions", WIDE, "light"
    yield "api", None, "/docs/api", WIDE, "light"
    yield "preview", None, f"{shown.paper}/preview.png", WIDE, "light"


@contextmanager
def harvested() -> Iterator[House]:
    """Give a house that has harvested a made-up arXiv and Hugging Face for three weeks, and lost one of them since."""
    world = World(seed=8, days=21, old=400)
    sites = {"arxiv-oai": Place(ArxivOai(world)), "huggingface": Place(HuggingFace(world))}
    now = [world.ends_at]

    def wait(seconds: float) -> None:
        now[0] += timedelta(seconds=seconds)

    with TemporaryDirectory() as home, ReplayServer(sites) as server:
        found = Settings(home=Path(home), private_addresses=True, addresses=server.addresses)
        with open_house(found, clock=lambda: now[0], wait=wait) as house:
            for order in (Order(kind="arxiv", target="cs.CL"), Order(kind="hf", since=world.start), Order(kind="acl")):
                sources.add(house, order)
            for days in range(20, -1, -1):
                now[0] = world.ends_at - timedelta(days=days)
                for name in ("arxiv-cs-cl", "hf"):
                    harvest(house, name)
            reindex.catch_up(house)
            yield house


if __name__ == "__main__":
    main()
