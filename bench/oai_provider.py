"""How fast a house gives all its papers away by OAI-PMH: pages a second, and whether the last cost as the first.

    python -m bench.oai_provider HOME          # a house that is there
    python -m bench.oai_provider --made 164000 # one of made-up papers, in a folder of its own

Answers are made in this process, as the door makes them, and not sent; seconds are of one core.
"""

import argparse
import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import process_time

from starlette.applications import Starlette
from starlette.testclient import TestClient

from broadsheet.feeds.oai.door import routes
from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep
from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Author, Record
from broadsheet.settings import Settings
from broadsheet.wiring import open_house

_BATCH = 2_000
_TOKEN = re.compile("<resumptionToken[^>]*>([^<]+)</")
_ABSTRACT = "We fold napkins again and again, and measure how they lie. " * 20


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, nargs="?")
    parser.add_argument("--made", type=int, default=0)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, open_house(Settings(home=told.home or Path(folder))) as house:
        for batch in _made(told.made):
            keep(house.store, batch, at=datetime.now(UTC))
        measure(house)


def measure(house: House) -> None:
    """Harvest everything in both formats, one category and what is new of a second that is to come."""
    app = Starlette(routes=routes())
    app.state.house, app.state.is_local = house, True
    with TestClient(app, base_url="http://127.0.0.1") as client:
        for name, asked in (
            ("oai_dc", "metadataPrefix=oai_dc"),
            ("arXiv", "metadataPrefix=arXiv"),
            ("category:cs:CL", "metadataPrefix=oai_dc&set=category:cs:CL"),
            ("a rare category", "metadataPrefix=oai_dc&set=category:math:GN"),
            ("nothing new", "metadataPrefix=oai_dc&from=9999-01-01"),
        ):
            times, records, size = [], 0, 0
            query: str = f"verb=ListRecords&{asked}"
            while query:
                began = process_time()
                answer = client.get(f"/oai?{query}").text
                times.append(process_time() - began)
                records, size = records + answer.count("<record>"), size + len(answer)
                token = _TOKEN.search(answer)
                query = f"verb=ListRecords&resumptionToken={token[1]}" if token else ""
            _tell(name, times, records, size)


def _tell(name: str, times: list[float], records: int, size: int) -> None:
    tenth = max(len(times) // 10, 1)
    print(
        f"{name:16} {records:7} records {len(times):4} pages {size / 1e6:6.1f} MB {sum(times):6.2f} s "
        f"{len(times) / sum(times):5.1f} pages/s {records / sum(times):7.0f} records/s; a page takes "
        f"{median(times[:tenth]) * 1e3:.0f} ms at first, {median(times[-tenth:]) * 1e3:.0f} ms at last"
    )


def _made(number: int) -> Iterator[list[Record]]:
    for start in range(1, number + 1, _BATCH):
        yield [_record(each) for each in range(start, min(start + _BATCH, number + 1))]


def _record(number: int) -> Record:
    month, at = divmod(number, 90_000)
    return Record(
        source="arxiv",
        key=str(number),
        title=f"Napkin {number} and how it is folded",
        abstract=_ABSTRACT,
        authors=tuple(Author(f"Ann Author{number + each}") for each in range(5)),
        ids=(ExternalId("arxiv", f"24{month + 1:02}.{at:05d}"),),
        published="2024-01-02",
        categories=("cs.CL", "cs.LG") if number % 3 else ("cs.CV",),
    )


if __name__ == "__main__":
    main()
