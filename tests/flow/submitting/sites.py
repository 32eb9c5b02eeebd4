"""A house on a day that passes as it waits, and a server that is arXiv, Crossref and a lab's own pages at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.conftest import NOW

from broadsheet.flow.house import House
from broadsheet.settings import Settings
from broadsheet.wiring import open_house

ENTRY = """<entry><id>http://arxiv.org/abs/{id}v1</id><title>{title}</title><summary>Napkins are folded with care, and
counted.</summary><author><name>Ann Lee</name></author><published>{day}T10:00:00Z</published>
<updated>{day}T10:00:00Z</updated><category term="cs.LG"/></entry>"""
WITNESS = ENTRY.format(id="0804.2273", title="The witness", day="2008-04-14")
HEAD = "<!doctype html><html><head><title>x</title>{tags}</head><body><p>Hello</body></html>"


@dataclass
class Sites:
    """What each path answers as ``(status, kind, body)``, and which were asked for."""

    url: str = ""
    pages: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def arxiv(self, *papers: tuple[str, str, str]) -> None:
        """Let arXiv know papers, given as ``(id, title, day)``."""
        entries = "".join(ENTRY.format(id=one, title=title, day=day) for one, title, day in papers)
        feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id>{entries}{WITNESS}</feed>'
        self.pages["/arxiv"] = (200, "application/atom+xml", feed)

    def page(self, path: str, **tags: str) -> str:
        """Put up a page with ``citation_*`` tags; gives its address."""
        told = "".join(f'<meta name="citation_{name}" content="{value}">' for name, value in tags.items())
        self.pages[path] = (200, "text/html; charset=utf-8", HEAD.format(tags=told))
        return f"{self.url}{path}"


@contextmanager
def serving_sites() -> Iterator[Sites]:
    """Serve until the end of the block."""
    sites = Sites()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            sites.asked.append(self.path)
            status, kind, body = sites.pages.get(path, (404, "text/plain", "no"))
            raw = body.encode()
            self.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(raw)), **sites.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        sites.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield sites
        server.shutdown()
        thread.join()


class Day:
    """A clock that goes on when somebody waits, or when told to."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@contextmanager
def opened(home: Path, day: Day, sites: Sites | None = None, **told: Any) -> Iterator[House]:
    """Open a house whose arXiv and Crossref are the sites'; without any it may reach nothing private."""
    if sites is not None:
        told["addresses"] = f"arxiv-api={sites.url}/arxiv crossref={sites.url}/crossref"
        told["private_addresses"] = True
    with open_house(Settings(home=home, **told), clock=day, wait=day.wait) as house:
        yield house
