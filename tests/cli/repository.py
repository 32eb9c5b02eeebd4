"""A small OAI-PMH repository on loopback, whose answers a test may change."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import parse_qs, urlsplit

_HEAD = '<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
_STAMP = "2026-11-01"


class Repository(ThreadingHTTPServer):
    """``pages`` of titles, one answer each; ``status`` other than 200 is all it says; ``held`` holds answers back."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages = [["Folding napkins", ""], ["Counting sheep"]]
        self.status = 200
        self.asked: list[str] = []
        self.held = Event()
        self.held.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/oai"


class _Handler(BaseHTTPRequestHandler):
    server: Repository

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        self.server.held.wait(30)
        body = _answer(self.server.pages, asked).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _answer(pages: list[list[str]], asked: dict[str, str]) -> str:
    said = f"{_HEAD}<responseDate>2026-11-02T00:00:00Z</responseDate><request>http://x/</request>"
    if asked.get("verb") == "Identify":
        return (
            f"{said}<Identify><repositoryName>R</repositoryName><baseURL>http://x/</baseURL>"
            "<protocolVersion>2.0</protocolVersion><earliestDatestamp>2020-01-01</earliestDatestamp>"
            "<deletedRecord>no</deletedRecord><granularity>YYYY-MM-DD</granularity></Identify></OAI-PMH>"
        )
    number = int(asked.get("resumptionToken", "0"))
    records = "".join(_record(number, place, title) for place, title in enumerate(pages[number]))
    token = f"<resumptionToken>{number + 1 if number + 1 < len(pages) else ''}</resumptionToken>"
    return f"{said}<ListRecords>{records}{token}</ListRecords></OAI-PMH>"


def _record(number: int, place: int, title: str) -> str:
    return (
        f"<record><header><identifier>oai:x:{number}-{place}</identifier><datestamp>{_STAMP}</datestamp></header>"
        '<metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title><dc:creator>Lee, Ann</dc:creator><dc:date>{_STAMP}</dc:date>"
        "</oai_dc:dc></metadata></record>"
    )


@contextmanager
def serving() -> Iterator[Repository]:
    """Open a repository on a free port."""
    with Repository() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield server
        finally:
            server.held.set()
            server.shutdown()
