"""JSON objects in the stated schema: one a line, or in an array. ``schema`` states the fields."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, BinaryIO

from broadsheet.model.record import Problem, Record
from broadsheet.model.text import clean
from broadsheet.sources import schema
from broadsheet.sources.json_values import values
from broadsheet.sources.streams import problem

SOURCE = "jsonl"
# Fields that only Hugging Face's tellings have.
_HUGGING_FACE = ("snapshot_at", "submitted_on_daily_at", "submittedOnDailyAt", "discussion_id", "discussionId")


def parse(stream: BinaryIO, *, name: str, observed: datetime | None = None) -> Iterator[Record | Problem]:
    """Read records; what is no object, or has no title, is a problem."""
    for found in values(stream, source=SOURCE, name=name):
        if isinstance(found, Problem):
            yield found
            continue
        where, value = found
        if isinstance(value, dict):
            yield record(value, where=where, observed=observed)
        else:
            yield problem(SOURCE, where, "not-an-object", "A paper is a JSON object.", str(value))


def record(told: Mapping[str, Any], *, where: str = "", observed: datetime | None = None) -> Record | Problem:
    """Make a record of one object in the stated schema.

    The record's source is the one the object states (``source``, or the first of ``sources``), ``hf`` where only
    Hugging Face's fields show it, else ``jsonl``. Where it is stated the key begins with ``jsonl:``, so that a
    retelling never takes the place of what that source itself said.
    """
    stated = stated_source(told)
    source = stated or ("hf" if any(key in told for key in _HUGGING_FACE) else SOURCE)
    return schema.read(told, schema.Origin(source, where, observed), prefix="jsonl:" if stated else "")


def stated_source(told: Mapping[str, Any]) -> str:
    """Give the source that an object names for itself, empty when it names none."""
    stated = told.get("source") or told.get("sources")
    if isinstance(stated, list) and stated:
        stated = stated[0]
    return clean(stated)[:64] if isinstance(stated, str) else ""
