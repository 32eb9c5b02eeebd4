"""XML one element at a time, in bounded memory, with entities, DTDs and the network switched off."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from lxml import etree

from broadsheet.model.record import Problem
from broadsheet.model.text import clean
from broadsheet.sources.streams import MAX_RECORD, Decoder, full, problem, too_large

Element = etree._Element  # noqa: SLF001 - the only name lxml gives this type

_PIECE = 1 << 16
# How much may pass without a whole element: beyond this the tree, some thirty times its bytes, would fill the memory.
_MAX_OPEN = 1 << 22
_TOLD_ERRORS = 5
# In ASCII alone this takes half the time, and hardly a document has anything to put right.
_MAYBE_LOOSE = re.compile(r"<(?![A-Za-z_:/!?])")
_LOOSE = re.compile(r"<(?![^\W\d]|[:/!?])")
_CUT_OFF = "ERR_TAG_NOT_FINISHED"
# Encodings other than UTF-8 that XML still comes in.
_DECLARED = re.compile(
    rb"\s*<\?xml[^>]{0,99}?encoding\s*=\s*[\"']"
    rb"(iso-8859-(?:[1-9]|1[013-6])|windows-125[0-8]|koi8-r|euc-jp|euc-kr|shift_jis|gb2312|gbk|gb18030|big5)[\"']",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The local names of a format's root, of its records, and of what else is read around them."""

    root: str
    records: tuple[str, ...]
    beside: tuple[str, ...] = ()


def elements(stream: BinaryIO, wanted: Wanted, *, source: str, name: str) -> Iterator[tuple[str, Element] | Problem]:
    """Give ``(where, element)`` for each whole element wanted, then forget it: use it before asking for the next.

    A wanted element inside one of another name belongs to that one. The parser recovers where it can: malformed markup
    and bytes that are not UTF-8 (read as Windows-1252) are problems and the elements after them still come; one that is
    left open, or holds more than MAX_RECORD characters, does not. Another root is a problem (``wrong-format``).
    """
    reading = _Reading(wanted, source, name)
    head = full(stream.read, _PIECE)
    declared = _DECLARED.match(head)
    decoder = Decoder(declared[1].decode() if declared else "")
    for piece in _pieces(stream, head, decoder):
        yield from reading.feed(piece)
        if reading.stopped:
            return
    yield from reading.close()
    if decoder.guessed:
        yield problem(source, name, "encoding", "Not UTF-8; read as Windows-1252.")


def _pieces(stream: BinaryIO, head: bytes, decoder: Decoder) -> Iterator[bytes]:
    """Give a document in UTF-8, with a ``<`` or ``&`` in running text put right.

    Entities are left for ``clean``, which knows HTML's and none that a document makes up itself.
    """
    piece, held = head, ""
    while piece:
        text = held + decoder.decode(piece)
        held = "<" if text.endswith("<") else ""
        text = text.removesuffix(held).replace("&", "&amp;")
        yield (_LOOSE.sub("&lt;", text) if _MAYBE_LOOSE.search(text) else text).encode("utf-8", "replace")
        piece = stream.read(_PIECE)
    yield (held + decoder.decode(b"", final=True)).encode("utf-8", "replace")


class _Reading:
    """One document as far as it was parsed."""

    def __init__(self, wanted: Wanted, source: str, name: str) -> None:
        self.stopped = False
        self._parser = etree.XMLPullParser(
            events=("start", "end"),
            encoding="utf-8",
            tag=[f"{{*}}{tag}" for tag in (wanted.root, *wanted.records, *wanted.beside)],
            recover=True,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        self._wanted = wanted
        self._source = source
        self._name = name
        self._rooted = False
        self._count = 0
        self._open: list[str] = []
        self._broken = 0
        self._open_bytes = 0
        self._fed = 0
        self._fed_before = 0
        self._fed_at_end = 0

    def feed(self, piece: bytes) -> Iterator[tuple[str, Element] | Problem]:
        """Parse one piece more and give what it completed."""
        try:
            self._parser.feed(piece)
        except etree.XMLSyntaxError as error:
            self.stopped = True
            yield self._problem("malformed", f"Not readable as XML: {error}.")
        self._open_bytes += len(piece)
        self._fed, self._fed_before = self._fed + len(piece), self._fed
        yield from self._whole()
        if self._open_bytes > _MAX_OPEN:
            self.stopped = True
            yield self._problem("too-large", f"More than {_MAX_OPEN} bytes without the end of a record.")

    def close(self) -> Iterator[tuple[str, Element] | Problem]:
        """Finish: elements that the parser only now closes by itself were cut off and are not given."""
        try:
            self._parser.close()
        except etree.XMLSyntaxError as error:
            yield self._problem("malformed", f"Not readable as XML: {error}.")
            return
        log = list(self._parser.feed_error_log)
        if all(entry.type_name != _CUT_OFF for entry in log):
            yield from self._whole()
        for entry in log[:_TOLD_ERRORS]:
            kind = "truncated" if entry.type_name == _CUT_OFF else "malformed"
            yield problem(self._source, f"{self._name}:{entry.line}", kind, entry.message.strip())
        if not self._rooted:
            yield problem(self._source, self._name, "wrong-format", f"There is no <{self._wanted.root}> element.")

    def _whole(self) -> Iterator[tuple[str, Element] | Problem]:
        for event, found in self._parser.read_events():
            element = cast("Element", found)
            if local_name(element) == self._wanted.root:
                self._rooted = True
            elif event == "start":
                self._open.append(str(element.tag))
            elif self._open:
                yield from self._ended(element, self._open.pop())

    def _ended(self, element: Element, tag: str) -> Iterator[tuple[str, Element] | Problem]:
        depth = len(self._open)
        if any(outer != tag for outer in self._open):
            return
        # Records do not hold records: a tag that was not closed makes the parser think so of all that are open.
        closed, self._broken = depth >= self._broken, depth
        self._open_bytes = 0
        self._count += local_name(element) in self._wanted.records
        if not closed:
            yield self._problem("malformed", "The record is not closed.")
        elif self._is_too_large(element):
            yield too_large(self._source, self._where)
        else:
            yield self._where, element
        if depth == 0:
            self._fed_at_end = self._fed_before
        _forget(element)

    def _is_too_large(self, element: Element) -> bool:
        """Count an element's text, where enough was read since the last one for it to be too much."""
        return (
            self._fed - self._fed_at_end > MAX_RECORD and sum(len(piece) for piece in element.itertext()) > MAX_RECORD
        )

    @property
    def _where(self) -> str:
        return f"{self._name}#{self._count}"

    def _problem(self, kind: str, message: str) -> Problem:
        return problem(self._source, self._where, kind, message)


def _forget(element: Element) -> None:
    """Empty an element and drop all that ended before it: the way down from the root is all that is kept."""
    element.clear()
    for one in (element, *element.iterancestors()):
        parent = one.getparent()
        while parent is not None and (older := one.getprevious()) is not None:
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
    return next(element.iterchildren(f"{{*}}{name}"), None)


def children(element: Element, name: str) -> list[Element]:
    """Find all children with a local name, whatever their namespace."""
    return list(element.iterchildren(f"{{*}}{name}"))


def attribute(element: Element | None, name: str) -> str:
    """Give the clean value of an attribute; empty where there is none."""
    return "" if element is None else clean(element.get(name, ""))


def text_of(element: Element | None) -> str:
    """Give the clean text of an element and all inside it; empty for None."""
    if element is None:
        return ""
    if len(element) == 0:
        return clean(element.text or "")
    return clean("".join(str(piece) for piece in element.itertext()))


def child_texts(element: Element, *, but: str = "") -> dict[str, str]:
    """Give the clean text of the first child of each local name but one: the quick way to read most of an element."""
    found: dict[str, str] = {}
    for one in element:
        name = str(one.tag).rpartition("}")[2]
        if name not in found and name != but:
            found[name] = text_of(one)
    return found


def child_text(element: Element, name: str) -> str:
    """Give the clean text of the first child with a local name; empty when there is none."""
    return text_of(child(element, name))
