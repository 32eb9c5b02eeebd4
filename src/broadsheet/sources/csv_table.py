"""CSV and TSV tables in the stated schema; the first row names the fields. ``schema`` states them."""

import csv
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from broadsheet.model.record import Problem, Record
from broadsheet.sources import schema
from broadsheet.sources.jsonl import stated_source
from broadsheet.sources.streams import MAX_RECORD, problem, text_lines

SOURCE = "csv"
_LISTS = ("also", "ids", "daily_dates", "media")
_SEPARATORS = ",\t;|"


def parse(stream: BinaryIO, *, name: str, observed: datetime | None = None) -> Iterator[Record | Problem]:
    """Read rows; lists stand in one field with semicolons. A row that cannot be read is a problem."""
    lines = _Lines(stream, name)
    first = next(lines, "")
    separator = max(_SEPARATORS, key=first.count)
    header = _next(csv.reader([first], delimiter=separator), lines)
    columns = [column.strip().lower() for column in header] if isinstance(header, list) else []
    yield from lines.told()
    if "title" not in columns:
        yield problem(SOURCE, name, "no-header", "The first row names no title column.", first)
        return
    rows = csv.reader(lines, delimiter=separator)
    while (row := _next(rows, lines)) is not None:
        yield from lines.told()
        if isinstance(row, Problem):
            yield row
        elif row:
            yield _record(columns, row, lines.where, observed)
    yield from lines.told()


def _next(rows: Iterator[list[str]], lines: "_Lines") -> list[str] | Problem | None:
    """Give the next row; after one that cannot be read the next line begins another."""
    try:
        return next(rows, None)
    except csv.Error as error:
        return problem(SOURCE, lines.where, "bad-row", f"The row cannot be read: {error}.")


def _record(columns: list[str], row: list[str], where: str, observed: datetime | None) -> Record | Problem:
    if any(row[len(columns) :]):
        return problem(SOURCE, where, "bad-row", "The row has more fields than the first row names.", str(row))
    told = {column: value for column, value in zip(columns, row, strict=False) if value}
    listed = {key: told[key].split(";") for key in _LISTS if key in told}
    stated = stated_source(told)
    origin = schema.Origin(stated or SOURCE, where, observed)
    return schema.read(told | listed, origin, prefix="csv:" if stated else "")


class _Lines:
    """Lines for the csv module, no more than MAX_RECORD characters a row; problems met on the way wait in ``told``."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._found = text_lines(stream, source=SOURCE, name=name)
        self._problems: list[Problem] = []
        self._name = name
        self._number = 0
        self._size = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self._size > MAX_RECORD:
            self._size = 0
            raise csv.Error("a quote is open for too long")
        for found in self._found:
            if isinstance(found, Problem):
                self._problems.append(found)
                continue
            self._number, line = found
            self._size += len(line)
            return line.replace("\0", "") + "\n"
        raise StopIteration

    @property
    def where(self) -> str:
        """Where the last row ended."""
        return f"{self._name}:{self._number}"

    def told(self) -> list[Problem]:
        """Give the problems since the last call, and begin a row."""
        problems, self._problems, self._size = self._problems, [], 0
        return problems
