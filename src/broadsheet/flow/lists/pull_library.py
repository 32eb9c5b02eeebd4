"""Take a library at Zotero in: its collections become labels, as when it is brought as a file."""

import io
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from broadsheet.cite.zotero import marked, unmarked
from broadsheet.errors import Invalid
from broadsheet.flow.house import House
from broadsheet.flow.lists.bring_in import BroughtIn, take_in
from broadsheet.flow.lists.zotero_library import Library, library_by
from broadsheet.model.reader import Reader
from broadsheet.model.record import Record
from broadsheet.sources import csl
from broadsheet.sources.lists import MAX_BYTES, MAX_ENTRIES, Listed, Listing

_OWNER = re.compile(r"(?:https://www\.zotero\.org/)?((?:users|groups)/[0-9]{1,12})(?:/.*)?")
_KEY = re.compile("[0-9A-Z]{8}")
# What stands in a library beside references.
_ASIDE = frozenset({"annotation", "attachment", "note"})


@dataclass(frozen=True, slots=True)
class Pulled:
    """What is wanted: ``users/1`` or ``groups/1``, empty for the library of whoever made the key; of it a collection.

    A collection goes by its name or its key, empty for all of the library. ``label`` is for papers that would be on
    none, and for a whole collection instead of the collection's name. More than ``most`` items are refused.
    """

    library: str = ""
    collection: str = ""
    label: str = ""
    most: int = MAX_ENTRIES


def pull_library(  # noqa: PLR0913 - what the door decides
    house: House,
    reader: Reader,
    wanted: Pulled,
    key: str,
    *,
    keeping_papers: bool = False,
    wait: Callable[[float], None] = time.sleep,
) -> BroughtIn:
    """Read references at Zotero and put their papers on the reader's labels; ``take_in`` tells which papers are kept.

    ``key`` is Zotero's; it is used for this and kept nowhere. Raises Invalid for what is no key, no library and no
    collection, Refused for a key that Zotero does not take and for too much, NotFound for a library that is not there,
    Unavailable while Zotero is busy; then nothing is changed.
    """
    owner = _OWNER.fullmatch(wanted.library.strip())
    if wanted.library.strip() and owner is None:
        raise Invalid("A library at Zotero is called users/ or groups/ and a number.", field="library")
    library = library_by(house, key, wait)
    if owner is None:
        library.open(writing=False)
    else:
        library.open_of(owner[1])
    names = {str(each.get("key", "")): str(each["data"].get("name", "")) for each in library.collections()}
    chosen = _chosen(names, wanted.collection.strip())
    listing = _read(library, chosen, {} if chosen else names, wanted.most)
    label = wanted.label.strip() or (names[chosen] if chosen else "")
    return take_in(house, reader, listing, label, keeping_papers=keeping_papers)


def _chosen(names: Mapping[str, str], asked: str) -> str:
    if not asked or (_KEY.fullmatch(asked) and asked in names):
        return asked
    found = [key for key, name in names.items() if _KEY.fullmatch(key) and name.casefold() == asked.casefold()]
    if len(found) != 1:
        told = "There is no such collection" if not found else "Several collections are called so; give the key of one"
        raise Invalid(f"{told} in this library at Zotero.", field="collection")
    return found[0]


def _read(library: Library, collection: str, names: Mapping[str, str], most: int) -> Listing:
    listing, size = Listing("the library at Zotero"), 0
    for item in library.references(collection, most):
        data = item["data"]
        if data.get("itemType") in _ASIDE:
            continue
        told = json.dumps([_told(item)]).encode()
        size += len(told)
        if size > MAX_BYTES:
            raise Invalid(
                f"That is more than {MAX_BYTES >> 20} MB. Bring one collection at a time.", field="collection"
            )
        for found in csl.parse(io.BytesIO(told), name="zotero"):
            if isinstance(found, Record):
                listing.papers.append(Listed(found.title, found.ids, found, tuple(_labels(data, names))))
            else:
                listing.problems.append(found)
    return listing


def _told(item: Mapping[str, Any]) -> object:
    """Give an item's CSL-JSON; one that was pushed from here is known by its mark, and by no number of Zotero's."""
    told = item.get("csljson")
    if not isinstance(told, dict):
        return told
    note = str(told.get("note", ""))
    return {**told, "id": marked(note), "note": unmarked(note)}


def _labels(data: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    within = data.get("collections")
    keys = within if isinstance(within, list) else []
    return (names[key] for key in dict.fromkeys(map(str, keys)) if names.get(key))
