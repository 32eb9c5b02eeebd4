"""What every adapter asks of an answer in JSON before it believes it."""

import json
from typing import Any

from broadsheet.errors import Unavailable
from broadsheet.sources.adapter import Answer, Service
from broadsheet.sources.streams import decode

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
