"""Take the pictures in docs/images: the starter shelf's pages in a real Chromium, by day and by night, wide and narrow.

Run it with ``python docs/screenshots.py`` where Chromium and playwright are installed (the ``dev`` extra).
"""

import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Literal

import uvicorn
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from broadsheet.flow import daily, starter
from broadsheet.flow.house import House
from broadsheet.settings import Settings
from broadsheet.web.app import create_app
from broadsheet.wiring import open_house

IMAGES = Path(__file__).parent / "images"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=800)
VIEWS: tuple[tuple[str, ViewportSize, Literal["light", "dark"]], ...] = (
    ("", WIDE, "light"),
    ("-dark", WIDE, "dark"),
    ("-phone", NARROW, "light"),
)


@contextmanager
def serving(house: House) -> Iterator[str]:
    """Serve the house on a free port and give its address."""
    server = uvicorn.Server(uvicorn.Config(create_app(house), log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


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
        papers = daily.page(house).papers
        pages = {"daily": "/", "search": "/search?q=language+model", "paper": f"/papers/{papers[0].slug}"}
        with serving(house) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
            take(browser, address, pages)
            browser.close()


if __name__ == "__main__":
    main()
