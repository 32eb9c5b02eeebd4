"""Tables as Google Scholar exports a library: Authors, Title, Publication, Volume, Number, Pages, Year, Publisher."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import BinaryIO

from broadsheet.model.record import Problem, Record
from broadsheet.sources import fields, names
from broadsheet.sources.streams import problem, text_lines

SOURCE = "scholar"
_MAX_ROWS = 100_000


def parse(stream: BinaryIO, *, name: str, observed: datetime | None = None) -> Iterator[Record | Problem]:
    """Read rows; the first names the columns, and one without a title is a problem."""
    lines = []
    for found in text_lines(stream, source=SOURCE, name=name):
        if isinstance(found, Problem):
            yield found
        else:
            lines.append(found[1].replace("\0", ""))
    rows = csv.DictReader(io.StringIO("\n".join(lines)))
    for number in range(2, _MAX_ROWS):
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield problem(SOURCE, f"{name}:{number}", "bad-row", f"The row cannot be read: {error}.")
            continue
        if row is None:
            return
        yield _record({str(key).strip().lower(): value for key, value in row.items()}, f"{name}:{number}", observed)


def _record(row: Mapping[str, object], where: str, observed: datetime | None) -> Record | Problem:
    title = fields.text(row.get("title"))
    if not title:
        return problem(SOURCE, where, "no-title", "The row has no title.", str(row))
    people = (one for one in fields.text(row.get("authors")).split(";") if one.strip())
    authors = tuple(found for one in people if (found := names.author(one.strip())))
    # Scholar tells of a preprint as "arXiv preprint arXiv:2401.00001".
    told = [
        *(row.get(column) for column in ("doi", "arxiv", "id", "url")),
        *fields.text(row.get("publication")).split(),
    ]
    ids = fields.ids_of(told)
    return Record(
        source=SOURCE,
        key=fields.key_for(ids, title, authors),
        title=title,
        authors=authors,
        ids=ids,
        published=fields.iso(fields.text(row.get("year"))),
        venue=fields.text(row.get("publication")) or fields.text(row.get("publisher")),
        observed=observed,
    )
