"""OAI-PMH lists as arXiv answers them, made of a corpus and served on loopback as fast as they can be sent.

    python -m bench.oai_pages FOLDER

serves the pages in FOLDER and prints its port. The tokens are the pages' numbers.
"""

import gzip
import json
import sys
from collections.abc import Iterator
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from broadsheet.model.ids import arxiv_id

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">\n'
    "<responseDate>2026-03-06T12:00:00Z</responseDate>\n"
    '<request verb="ListRecords" metadataPrefix="arXiv">http://oaipmh.arxiv.org/oai</request>\n<ListRecords>\n'
)
# Ids for papers that have none of arXiv's, in years to come.
_A_MONTH, _FIRST_YEAR = 90_000, 40


def write_pages(corpus: Path, folder: Path, size: int) -> tuple[int, int]:
    """Write a corpus as pages of ``size`` records; gives how many records and how many bytes that are."""
    opener = gzip.open if corpus.suffix == ".gz" else open
    count = written = 0
    with opener(corpus, "rt", encoding="utf-8") as lines:
        records = (_record(number, json.loads(line)) for number, line in enumerate(lines))
        pages = list(_paged(records, size))
    for number, page in enumerate(pages):
        last = number + 1 == len(pages)
        token = "<resumptionToken/>" if last else f"<resumptionToken>{number + 1}</resumptionToken>"
        told = f"{_HEAD}{''.join(page)}{token}\n</ListRecords>\n</OAI-PMH>\n".encode()
        (folder / f"{number}.xml").write_bytes(told)
        count, written = count + len(page), written + len(told)
    return count, written


def _paged(records: Iterator[str], size: int) -> Iterator[list[str]]:
    while page := list(islice(records, size)):
        yield page


def _record(number: int, row: dict[str, Any]) -> str:
    year, month = divmod(number // _A_MONTH, 12)
    own = arxiv_id(row.get("arxiv") or row["id"])
    named = own[0].value if own else f"{_FIRST_YEAR + year:02}{month + 1:02}.{number % _A_MONTH + 1:05}"
    published = f"{row.get('published') or '2001'}-01-01"[:10]
    authors = "".join(
        f"<author><keyname>{escape(last)}</keyname><forenames>{escape(first)}</forenames></author>"
        for first, _, last in (name.rpartition(" ") for name in row.get("authors") or [])
    )
    categories = " ".join(row.get("categories") or ["cs.CL"])
    venue = f"<journal-ref>{escape(row['venue'])}</journal-ref>" if row.get("venue") else ""
    return (
        f"<record><header><identifier>oai:arXiv.org:{named}</identifier><datestamp>2026-03-05</datestamp>"
        "<setSpec>cs:cs:CL</setSpec></header><metadata>"
        f'<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{named}</id><created>{published}</created>'
        f"<authors>{authors}</authors><title>{escape(row['title'])}</title><categories>{categories}</categories>{venue}"
        "<license>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</license>"
        f"<abstract>  {escape(row['abstract'])}\n</abstract></arXiv></metadata></record>\n"
    )


class _Pages(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder: Path

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class has it
        pass

    def do_GET(self) -> None:
        token = parse_qs(urlsplit(self.path).query).get("resumptionToken", ["0"])[0]
        body = (self.folder / f"{int(token)}.xml").read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    _Pages.folder = Path(sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
