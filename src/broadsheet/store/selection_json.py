"""A list's name as JSON: ``kind``, and ``name`` and ``query`` where they say something."""

import json

from broadsheet.errors import Conflict
from broadsheet.model.selection import KINDS, Selection
from broadsheet.store.query_json import as_document, decode_query


def encode_selection(selection: Selection) -> str:
    """Write a selection as JSON in ASCII; equal selections are equal texts."""
    told: dict[str, object] = {"kind": selection.kind}
    if selection.name:
        told["name"] = selection.name
    if selection.query is not None:
        told["query"] = as_document(selection.query)
    return json.dumps(told, separators=(",", ":"), sort_keys=True)


def decode_selection(text: str) -> Selection:
    """Read what ``encode_selection`` wrote; raises Conflict for what is damaged or of a newer Broadsheet."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or not isinstance(told.get("name", ""), str):
        raise Conflict("it is damaged")
    if told.get("kind") not in KINDS or told.keys() - {"kind", "name", "query"}:
        raise Conflict("a newer Broadsheet wrote it")
    query = decode_query(json.dumps(told["query"])) if "query" in told else None
    return Selection(told["kind"], told.get("name", ""), query)
