"""Push papers that a reader keeps into their library at Zotero; what is there already is not pushed twice."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from broadsheet.cite.zotero import MARK, marked, names_of, zotero_item
from broadsheet.errors import Conflict, Unavailable
from broadsheet.flow.house import House
from broadsheet.flow.lists import keeping, labels
from broadsheet.flow.lists.zotero_library import MOST_ITEMS, Library, TooLarge, library_by
from broadsheet.model.label import MAX_PAPERS, KeptPaper, State
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader

# What the collection is called that a list of what was put off, or read, becomes.
READING: Final[Mapping[State, str]] = {"later": "To read later", "read": "Read"}
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
    return _push(library_by(house, key, wait), label.name, labels.kept(house, label, limit=MAX_PAPERS))


def push_reading(
    house: House, reader: Reader, state: State, key: str, wait: Callable[[float], None] = time.sleep
) -> Pushed:
    """Push what the reader put off for later, or has read, into the collection that READING names, as a label is."""
    kept = keeping.reading_list(house, reader, state, limit=MAX_PAPERS)
    return _push(library_by(house, key, wait), READING[state], kept)


def _push(library: Library, name: str, kept: Sequence[KeptPaper]) -> Pushed:
    papers, done = [one.paper for one in kept], Pushed(name)
    library.open(writing=True)
    for _ in range(_TRIES):
        try:
            return _pushed(library, name, papers, done)
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
