"""Crossref, OpenAlex and GitHub on loopback: made-up answers in their formats, and what was asked."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.sources.live.enriching import crossref_list, crossref_work, github_repository, openalex_list, openalex_work


@dataclass
class Scholars:
    """What they know: by DOI what Crossref and OpenAlex say beside the usual, by repository its stars."""

    crossref: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    openalex: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    stars: dict[str, int] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    failing: int = 0  # so many requests more
    unreadable: str = ""  # requests with this in them are none
    date: str = ""
    asked: list[str] = field(default_factory=list)
    base: str = ""

    @property
    def addresses(self) -> str:
        """Give the setting that leads here."""
        return " ".join(f"{name}={self.base}/{name}" for name in ("crossref", "openalex", "github"))

    def answer(self, path: str) -> tuple[int, object]:
        """Answer one request as its service does."""
        parts = urlsplit(path)
        self.asked.append(unquote(path))
        query = parse_qs(parts.query)
        if self.failing:
            self.failing -= 1
            return 500, {}
        if self.unreadable and self.unreadable in unquote(path):
            return 400, {}
        service, _, rest = parts.path.removeprefix("/").partition("/")
        if service == "crossref":
            dois = [one.removeprefix("doi:") for one in query["filter"][0].split(",")]
            return 200, crossref_list(
                *(crossref_work(doi, **self.crossref[doi]) for doi in dois if doi in self.crossref)
            )
        if service == "openalex":
            dois = query["filter"][0].removeprefix("doi:").split("|")
            return 200, openalex_list(
                *(openalex_work(doi, **self.openalex[doi]) for doi in dois if doi in self.openalex)
            )
        name = rest.removeprefix("repos/")
        if name in self.moved:
            return 301, f"{self.base}/github/repos/{self.moved[name]}"
        return (
            (200, github_repository(name, self.stars[name])) if name in self.stars else (404, {"message": "Not Found"})
        )


@contextmanager
def serving(scholars: Scholars) -> Iterator[Scholars]:
    """Serve them on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, told = scholars.answer(self.path)
            body = json.dumps(told).encode()
            self.send_response_only(status)
            self.send_header("Content-Length", str(len(body)))
            if scholars.date:
                self.send_header("Date", scholars.date)
            if status == 301:
                self.send_header("Location", str(told))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    scholars.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield scholars
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
