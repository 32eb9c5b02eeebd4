"""The starter shelf: landmark papers that show a fresh house without any network."""

from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import as_file, files

from broadsheet.flow.house import House
from broadsheet.flow.shelf import reindex
from broadsheet.flow.shelf.keep import Kept, keep
from broadsheet.model.record import Record
from broadsheet.sources.detect import read
from broadsheet.store import papers

SOURCE = "starter"
# Older than any real telling, so that a harvested record always speaks first.
_OBSERVED = datetime(2000, 1, 1, tzinfo=UTC)


def is_empty(house: House) -> bool:
    """Tell whether the house holds no paper at all."""
    with house.store.reading() as connection:
        return not papers.stream(connection, 0, 1)


def fill(house: House) -> Kept:
    """Put the starter shelf in the house and index it; doing it twice changes nothing."""
    shelf = files("broadsheet") / "starter" / "papers.jsonl"
    with as_file(shelf) as path, path.open("rb") as stream:
        told = list(read(stream, name="papers.jsonl", observed=_OBSERVED))
    records = [replace(record, source=SOURCE) for record in told if isinstance(record, Record)]
    kept = keep(house.store, records, at=house.clock())
    reindex.catch_up(house)
    return kept
