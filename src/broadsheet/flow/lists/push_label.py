"""Push a label into its reader's library at Zotero; what is there already is not pushed twice."""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from broadsheet.cite.zotero import MARK, marked, names_of, zotero_item
from broadsheet.errors import Conflict, Invalid, Unavailable
from broadsheet.flow.house import House
from broadsheet.flow.lists import labels
from broadsheet.flow.lists.zotero_library import MOST_ITEMS, ZOTERO, Library, TooLarge
from broadsheet.model.label import MAX_PAPERS
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.net.addresses import Network

_KEY = re.compile("[0-9A-Za-z]{16,64}")
# So often the library may change under our hands before we give up.
_TRIES = 4


@dataclass(slots=True)
class Pushed:
    """What came of a push: papers that are new there, that were put into the collection, and that were in it."""

    collection: str
    new: int = 0
    added: int = 0
    known: int = 0
    failed: int = 0


def push_label(house: House, reader: Reader, slug: str, key: str, wait: Callable[[float], None] = time.sleep) -> Pushed:
    """Push a label of the reader's into the collection of its name, which is made where there is none.

    ``key`` is Zotero's; it is used for this and kept nowhere. Raises NotFound for the label, Invalid for what is no
    key, Refused for one that Zotero does not take, Unavailable while it is busy; then what was pushed stays.
    """
    label, _ = labels.show(house, reader, slug, reader)
    if not _KEY.fullmatch(key):
        raise Invalid("That is no key of Zotero's. Make one at zotero.org/settings/keys.", field="zotero_key")
    papers = [one.paper for one in labels.kept(house, label, limit=MAX_PAPERS)]
    library = Library(key, Network(allow_private=house.settings.private_addresses), _base(house), wait)
    library.open()
    done = Pushed(label.name)
    for _ in range(_TRIES):
        try:
            return _pushed(library, label.name, papers, done)
        except Conflict:
            # What was written so far is found there on the next look.
            continue
    raise Unavailable("The library at Zotero keeps changing. Push again later: nothing is pushed twice.")


def _pushed(library: Library, name: str, papers: Sequence[Paper], done: Pushed) -> Pushed:
    collection = _collection(library, name)
    there = {marked(str(item["data"].get("extra", ""))): item["data"] for item in library.items(MARK.strip())}
    written: list[tuple[bool, dict[str, Any]]] = []
    done.known = done.failed = 0
    for paper in papers:
        item = next((there[each] for each in names_of(paper) if each in there), None)
        if item is None:
            written.append((True, zotero_item(paper, collection)))
        elif collection in item.get("collections", ()):
            done.known += 1
        else:
            kept = [*item.get("collections", ()), collection]
            written.append((False, {"key": item["key"], "version": item["version"], "collections": kept}))
    already = done.new + done.added
    for is_new, succeeded in _each(library, written, MOST_ITEMS):
        done.new += is_new and succeeded
        done.added += not is_new and succeeded
        done.failed += not succeeded
    done.known -= min(already, done.known)
    return done


def _each(
    library: Library, written: Sequence[tuple[bool, Mapping[str, Any]]], size: int
) -> Iterator[tuple[bool, bool]]:
    """Write so many at once, or half of that where it is too much; tell of each whether it was new and was taken."""
    for start in range(0, len(written), size):
        batch = written[start : start + size]
        try:
            told = library.write("items", [each for _, each in batch])
        except TooLarge:
            if size == 1:
                yield batch[0][0], False
                continue
            yield from _each(library, batch, max(size // 2, 1))
            continue
        failed = told.get("failed", {})
        for number, (is_new, _) in enumerate(batch):
            yield is_new, str(number) not in failed


def _collection(library: Library, name: str) -> str:
    for each in library.collections():
        if each["data"]["name"] == name and not each["data"].get("parentCollection"):
            return str(each["key"])
    told = library.write("collections", [{"name": name}])
    try:
        return str(told["successful"]["0"]["key"])
    except (KeyError, TypeError) as error:
        raise Unavailable("Zotero made no collection of this name.") from error


def _base(house: House) -> str:
    told = dict(one.partition("=")[::2] for one in house.settings.addresses.split())
    return told.get("zotero", ZOTERO).rstrip("/")
