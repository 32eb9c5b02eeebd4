"""XML one element at a time, in bounded memory, with entities, DTDs and the network switched off."""

from collections.abc import Collection, Iterator
from typing import BinaryIO, cast

from lxml import etree

from broadsheet.model.record import Problem
from broadsheet.model.text import clean
from broadsheet.sources.streams import MAX_RECORD, problem

Element = etree._Element  # noqa: SLF001 - the only name lxml gives this type

_PIECE = 1 << 16
# How much may pass without a whole element: beyond this the tree, not the file, would fill the memory.
_MAX_OPEN = 1 << 24
_TOLD_ERRORS = 5


def elements(
    stream: BinaryIO, *, root: str, tags: Collection[str], source: str, name: str
) -> Iterator[Element | Problem]:
    """Give each outermost element whose local name is in ``tags``, then forget it: use it before asking for the next.

    The parser recovers where it can: malformed markup is a problem (``malformed``) and the elements after it still
    come; an element that a truncated file leaves open does not. Another ``root`` is a problem (``wrong-format``).
    """
    parser = etree.XMLPullParser(
        events=("start", "end"),
        tag=[f"{{*}}{tag}" for tag in (root, *tags)],
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    state = _State(root, source, name)
    while (piece := stream.read(_PIECE)) and not state.problem:
        try:
            parser.feed(piece)
        except etree.XMLSyntaxError as error:
            state.stop("malformed", f"Not readable as XML: {error}.")
        yield from state.whole(parser, len(piece))
    yield from state.problems(parser)


class _State:
    """What was seen so far: the root, how many elements, how many bytes since the last one."""

    def __init__(self, root: str, source: str, name: str) -> None:
        self.problem: Problem | None = None
        self._root = root
        self._source = source
        self._name = name
        self._rooted = False
        self._closed = False
        self._count = 0
        self._depth = 0
        self._open_bytes = 0

    def stop(self, kind: str, message: str) -> None:
        self.problem = problem(self._source, f"{self._name}#{self._count}", kind, message)

    def whole(self, parser: etree.XMLPullParser, size: int) -> Iterator[Element | Problem]:
        self._open_bytes += size
        for event, found in parser.read_events():
            element = cast("Element", found)
            if local_name(element) == self._root:
                self._rooted = True
                self._closed = event == "end"
            elif event == "start":
                self._depth += 1
            else:
                self._depth -= 1
                yield from self._ended(element)
        if self._open_bytes > _MAX_OPEN:
            self.stop("too-large", f"More than {_MAX_OPEN} bytes without the end of a record.")

    def _ended(self, element: Element) -> Iterator[Element]:
        # What stands inside a wanted element belongs to it.
        if self._depth == 0:
            self._count += 1
            self._open_bytes = 0
            yield element
            _forget(element)

    def problems(self, parser: etree.XMLPullParser) -> Iterator[Problem]:
        if self.problem:
            yield self.problem
            return
        told = list(parser.feed_error_log)[:_TOLD_ERRORS]
        for entry in told:
            yield problem(self._source, f"{self._name}:{entry.line}", "malformed", entry.message)
        if not self._rooted:
            yield problem(self._source, self._name, "wrong-format", f"There is no <{self._root}> element.")
        elif not self._closed and not self._ends(parser):
            yield problem(self._source, self._name, "truncated", f"The file ends before </{self._root}>.")

    def _ends(self, parser: etree.XMLPullParser) -> bool:
        """Close the parser; elements it closes by itself only now were cut off and are not given."""
        before = len(parser.feed_error_log)
        try:
            parser.close()
        except etree.XMLSyntaxError:
            return False
        return len(parser.feed_error_log) == before


def _forget(element: Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and (older := element.getprevious()) is not None:
        parent.remove(older)


def local_name(element: Element) -> str:
    """Give an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def parent_name(element: Element) -> str:
    """Give the local name of an element's parent, empty at the root."""
    parent = element.getparent()
    return "" if parent is None else local_name(parent)


def child(element: Element, name: str) -> Element | None:
    """Find the first child with a local name, whatever its namespace."""
    return next((found for found in element if local_name(found) == name), None)


def children(element: Element, name: str) -> list[Element]:
    """Find all children with a local name, whatever their namespace."""
    return [found for found in element if local_name(found) == name]


def text_of(element: Element | None) -> str:
    """Give the clean text of an element and all inside it; empty for None."""
    if element is None:
        return ""
    return clean("".join(str(piece) for piece in element.itertext()))


def child_text(element: Element, name: str) -> str:
    """Give the clean text of the first child with a local name; empty when there is none."""
    return text_of(child(element, name))


def size_of(element: Element) -> int:
    """Count the characters of text in an element."""
    return sum(len(piece) for piece in element.itertext())


def is_too_large(element: Element) -> bool:
    """Tell whether one record holds more text than MAX_RECORD."""
    return size_of(element) > MAX_RECORD
