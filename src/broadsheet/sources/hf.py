"""Hugging Face Papers: daily answers, single papers and dumps of them, in every shape seen since 2024.

Read are: the array that ``/api/daily_papers`` answers, lines ``{date, fetched_at, items[]}`` of a dump, the flat
object of ``/api/papers/{id}``, flat dumps in snake case, and our own superset of all of them.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, BinaryIO

from broadsheet.model.record import Daily, Problem, Record
from broadsheet.sources import fields, schema
from broadsheet.sources.json_values import values
from broadsheet.sources.streams import problem

SOURCE = "hf"
# One line of a dump holds a whole day, some 300 kB.
_MAX_DAY = 1 << 24
# An item printed by Python takes some 5 kB.
_MAX_PRINTED = 1 << 17
_NAMED_DAY = re.compile(r"(?<!\d)(20\d\d-\d\d-\d\d)(?!\d)")


def parse(stream: BinaryIO, *, name: str, observed: datetime | None = None) -> Iterator[Record | Problem]:
    """Read records; the day of a bare array is the one in the file's name, else the one each paper was submitted on."""
    named = _NAMED_DAY.search(name)
    day = fields.day_of(named[1]) if named else None
    for found in values(stream, source=SOURCE, name=name, cap=_MAX_DAY):
        if isinstance(found, Problem):
            yield found
            continue
        where, value = found
        if isinstance(value, dict) and isinstance(value.get("items"), list):
            yield from _dump(value, where, observed)
        else:
            yield _item(value, where, observed, day)


def _dump(told: Mapping[str, Any], where: str, observed: datetime | None) -> Iterator[Record | Problem]:
    day = fields.day_of(told.get("date"))
    if day is None:
        yield problem(SOURCE, where, "bad-date", "The day is missing or no date.", str(told.get("date")))
    at = fields.instant(told.get("fetched_at")) or observed
    for number, item in enumerate(told["items"], 1):
        yield _item(item, f"{where} item {number}", at, day)


def _item(told: object, where: str, observed: datetime | None, day: date | None) -> Record | Problem:
    item = _printed(told) if isinstance(told, str) else told
    if not isinstance(item, dict):
        return problem(SOURCE, where, "not-an-object", "A paper is a JSON object.", str(item))
    paper = item.get("paper")
    if not isinstance(paper, dict):
        return schema.read(item, schema.Origin(SOURCE, where, observed))
    flat = item | {key: value for key, value in paper.items() if value not in (None, "", [])}
    daily = _daily(item, flat, day)
    own = fields.text(paper.get("id") or item.get("id"))
    # The paper may stand on several days; each daily entry is a telling of its own.
    key = fields.own_key(f"{own}@{daily[0].day}") if own and daily else ""
    return schema.read(flat, schema.Origin(SOURCE, where, observed), key=key, days=daily)


def _printed(text: str) -> object:
    """Read an object as Python prints it, as one day of 2024 was dumped; the text itself where it is none."""
    if not text.startswith("{'paper'") or len(text) > _MAX_PRINTED:
        return text
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text


def _daily(item: Mapping[str, Any], flat: Mapping[str, Any], day: date | None) -> tuple[Daily, ...]:
    submitted = flat.get("submittedOnDailyAt")
    # In 2024 the item's own publishedAt was the moment of submission; later it is the paper's date, shifted.
    if submitted is None and item.get("publishedAt") != flat.get("publishedAt"):
        submitted = item.get("publishedAt")
    chosen = day or fields.day_of(submitted)
    if chosen is None:
        return ()
    return (Daily(chosen, fields.iso(submitted), schema.submitter(flat)),)
