"""What every adapter asks of an answer in JSON before it believes it, and how much of any answer it takes."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from broadsheet.errors import Unavailable
from broadsheet.model.record import Problem, Record
from broadsheet.sources.adapter import Answer, Service
from broadsheet.sources.envelope import Envelope
from broadsheet.sources.streams import decode

# Four megabytes of `[0,0,...]` are two million items without a title: nobody reads as many problems.
MOST_PROBLEMS = 1_000

# Control characters inside strings are cleaned by the parsers rather than costing the answer.
_decoder = json.JSONDecoder(strict=False)


def whole_json(answer: Answer, service: Service) -> Any:  # noqa: ANN401 - JSON is of any shape
    """Read an answer as JSON. Raises Unavailable for half an answer, a page for browsers and whatever else is none."""
    answer.body.seek(0)
    text = decode(answer.body.read())[0].removeprefix("\ufeff").strip()
    if text.startswith("<"):
        raise Unavailable(f"{service.name} answered with a page for browsers instead of data.")
    try:
        return _decoder.decode(text)
    except (ValueError, RecursionError) as error:
        raise Unavailable(f"{service.name} answered with no whole JSON: {error}.") from None


def told_by(found: Iterable[Record | Problem | Envelope], answer: Answer) -> tuple[list[Record | Problem], Envelope]:
    """Take what a parser found in an answer, and what the answer says of itself (an empty Envelope where it does not).

    Nothing is observed after the answer came. After MOST_PROBLEMS problems the others are one, ``more-problems``.
    """
    told: list[Record | Problem] = []
    envelope, problems = Envelope(), 0
    for one in found:
        if isinstance(one, Envelope):
            envelope = one
        elif isinstance(one, Record):
            told.append(_not_after(one, answer.at))
        else:
            problems += 1
            if problems <= MOST_PROBLEMS:
                told.append(one)
    if problems > MOST_PROBLEMS:
        told.append(_others(told, problems - MOST_PROBLEMS))
    return told, envelope


def _not_after(record: Record, at: datetime) -> Record:
    """Take a record as observed when its answer came: one of the future would beat every later correction."""
    if record.observed is None or record.observed <= at:
        return record
    return replace(record, observed=at, signals=tuple(replace(one, at=min(one.at, at)) for one in record.signals))


def _others(told: list[Record | Problem], count: int) -> Problem:
    last = next(one for one in reversed(told) if isinstance(one, Problem))
    message = f"The answer has {count} more problems than the first {MOST_PROBLEMS}; they are not kept."
    return replace(last, kind="more-problems", message=message, raw="")
