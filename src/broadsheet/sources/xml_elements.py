"""XML one element at a time, in bounded memory, with entities, DTDs and the network switched off."""

import codecs
import re
from collections.abc import Collection, Iterator
from typing import BinaryIO, cast

from lxml import etree

from broadsheet.model.record import Problem
from broadsheet.model.text import clean
from broadsheet.sources.streams import MAX_RECORD, Decoder, problem

Element = etree._Element  # noqa: SLF001 - the only name lxml gives this type

_PIECE = 1 << 16
# How much may pass without a whole element: beyond this the tree, not the file, would fill the memory.
_MAX_OPEN = 1 << 24
_TOLD_ERRORS = 5
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)")
_UTF8_NAMES = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii"})


def elements(
    stream: BinaryIO, *, root: str, tags: Collection[str], source: str, name: str
) -> Iterator[Element | Problem]:
    """Give each whole element whose local name is in ``tags``, then forget it: use it before asking for the next.

    An element inside another of them belongs to that one. The parser recovers where it can: malformed markup and bytes
    that are not UTF-8 (read as Windows-1252) are problems and the elements after them still come; one that is left
    open does not. Another ``root`` is a problem (``wrong-format``).
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
    reading = _Reading(parser, root, source, name)
    for piece in _pieces(stream, reading):
        yield from reading.feed(piece)
        if reading.stopped:
            return
    yield from reading.close()


def _pieces(stream: BinaryIO, reading: "_Reading") -> Iterator[bytes]:
    """Give the bytes of a stream, those of a document in UTF-8 put right where they are not UTF-8."""
    piece = stream.read(_PIECE)
    declared = _DECLARED.match(piece.removeprefix(codecs.BOM_UTF8).lstrip()[:200])
    if piece[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE} or (declared and declared[1].lower() not in _UTF8_NAMES):
        while piece:
            yield piece
            piece = stream.read(_PIECE)
        return
    decoder = Decoder()
    while piece:
        yield decoder.decode(piece).encode("utf-8", "replace")
        piece = stream.read(_PIECE)
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")
    reading.guessed = decoder.guessed


class _Open:
    """A wanted element that has started and not ended; ``broken`` once another of its kind started inside it."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.broken = False


class _Reading:
    """One document as far as it was parsed."""

    def __init__(self, parser: etree.XMLPullParser, root: str, source: str, name: str) -> None:
        self.stopped = False
        self.guessed = False
        self._parser = parser
        self._root = root
        self._source = source
        self._name = name
        self._rooted = False
        self._count = 0
        self._open: list[_Open] = []
        self._open_bytes = 0

    def feed(self, piece: bytes) -> Iterator[Element | Problem]:
        """Parse one piece more and give what it completed."""
        try:
            self._parser.feed(piece)
        except etree.XMLSyntaxError as error:
            self.stopped = True
            yield self._problem("malformed", f"Not readable as XML: {error}.")
        self._open_bytes += len(piece)
        yield from self._whole()
        if self._open_bytes > _MAX_OPEN:
            self.stopped = True
            yield self._problem("too-large", f"More than {_MAX_OPEN} bytes without the end of a record.")

    def close(self) -> Iterator[Element | Problem]:
        """Finish: elements that the parser only now closes by itself were cut off and are not given."""
        try:
            self._parser.close()
        except etree.XMLSyntaxError as error:
            yield self._problem("malformed", f"Not readable as XML: {error}.")
            return
        log = list(self._parser.feed_error_log)
        if not log:
            yield from self._whole()
        if self.guessed:
            yield problem(self._source, self._name, "encoding", "Not UTF-8; read as Windows-1252.")
        for entry in log[:_TOLD_ERRORS]:
            kind = "truncated" if entry.type_name == "ERR_TAG_NOT_FINISHED" else "malformed"
            yield problem(self._source, f"{self._name}:{entry.line}", kind, entry.message.strip())
        if not self._rooted:
            yield problem(self._source, self._name, "wrong-format", f"There is no <{self._root}> element.")

    def _whole(self) -> Iterator[Element | Problem]:
        for event, found in self._parser.read_events():
            element = cast("Element", found)
            if local_name(element) == self._root:
                self._rooted = True
            elif event == "start":
                self._open.append(_Open(str(element.tag)))
            elif self._open:
                yield from self._ended(element, self._open.pop())

    def _ended(self, element: Element, ended: _Open) -> Iterator[Element | Problem]:
        if any(outer.tag != ended.tag for outer in self._open):
            return
        # Records do not hold records: a tag that was not closed makes the parser think so.
        for outer in self._open:
            outer.broken = True
        self._count += 1
        self._open_bytes = 0
        yield self._problem("malformed", "The record is not closed.") if ended.broken else element
        _forget(element)

    def _problem(self, kind: str, message: str) -> Problem:
        return problem(self._source, f"{self._name}#{self._count}", kind, message)


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
