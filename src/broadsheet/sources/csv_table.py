"""CSV and TSV tables in the stated schema; the first row names the fields. ``schema`` states them."""

import csv
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from broadsheet.model.record import Problem, Record
from broadsheet.sources import schema
from broadsheet.sources.jsonl import stated_source
from broadsheet.sources.streams import problem, text_lines

SOURCE = "csv"
_LISTS = ("also", "ids", "daily_dates", "media")
_SEPARATORS = ",\t;|"


def parse(stream: BinaryIO, *, name: str, observed: datetime | None = None) -> Iterator[Record | Problem]:
    """Read rows; lists stand in one field with semicolons. A row that cannot be read is a problem."""
    lines = _Lines(stream, name)
    header = next(lines, "")
    yield from lines.told()
    if not header:
        yield problem(SOURCE, name, "no-header", "The table is empty.")
        return
    separator = max(_SEPARATORS, key=header.count)
    columns = [column.strip().lower() for column in next(csv.reader([header], delimiter=separator), [])]
    if "title" not in columns:
        yield problem(SOURCE, name, "no-header", "The first row names no title column.", header)
        return
    rows = csv.reader(lines, delimiter=separator)
    while (row := _next(rows, name)) is not None:
        yield from lines.told()
        where = f"{name}:{rows.line_num + 1}"
        if isinstance(row, Problem):
            yield row
        elif row:
            yield _record(columns, row, where, observed)
    yield from lines.told()


def _next(rows: "Iterator[list[str]]", name: str) -> list[str] | Problem | None:
    try:
        return next(rows, None)
    except csv.Error as error:
        return problem(SOURCE, name, "bad-row", f"A row cannot be read: {error}.")


def _record(columns: list[str], row: list[str], where: str, observed: datetime | None) -> Record | Problem:
    told = {column: value for column, value in zip(columns, row, strict=False) if value}
    listed = {key: told[key].split(";") for key in _LISTS if key in told}
    stated = stated_source(told)
    origin = schema.Origin(stated or SOURCE, where, observed)
    return schema.read(told | listed, origin, prefix="csv:" if stated else "")


class _Lines:
    """Lines for the csv module; problems met on the way wait in ``told``."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._found = text_lines(stream, source=SOURCE, name=name)
        self._problems: list[Problem] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        for found in self._found:
            if isinstance(found, Problem):
                self._problems.append(found)
            else:
                return found[1].replace("\0", "") + "\n"
        raise StopIteration

    def told(self) -> list[Problem]:
        """Give the problems since the last call."""
        problems, self._problems = self._problems, []
        return problems
