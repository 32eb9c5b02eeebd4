"""BibTeX as entries with fields: braces, quotes, ``#`` and ``@string``, one entry in memory at a time."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from broadsheet.model.record import Problem
from broadsheet.sources.streams import MAX_RECORD, problem, text_lines, too_large

_START = re.compile(r"\s*@\s*([A-Za-z]+)\s*[{(]")
_HEAD = re.compile(r"\s*@\s*([A-Za-z]+)\s*([{(])\s*")
_KEY = re.compile(r"[^,{}=\"]*(?:,|(?=[})]))")
_FIELD = re.compile(r"[\s,]*([A-Za-z][\w.:+/-]*)\s*=\s*")
_BARE = re.compile(r"[^\s,{}\"#()]+")
_JOIN = re.compile(r"\s*#\s*")
_BRACES = re.compile(r"[{}]")
_QUOTED = re.compile(r"[{}\"]")
_SPACE = re.compile(r"[\s,]*")
_MONTHS = {name: name for name in "jan feb mar apr may jun jul aug sep oct nov dec".split()}
_MAX_STRINGS = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: where it stands, its type and its fields by lower-case name, TeX as written."""

    where: str
    kind: str
    fields: Mapping[str, str]
    raw: str


def entries(stream: BinaryIO, *, source: str, name: str) -> Iterator[Entry | Problem]:
    """Give each entry; ``@comment`` and ``@preamble`` are passed over, ``@string`` is remembered."""
    strings = dict(_MONTHS)
    for found in _blocks(stream, source, name):
        if isinstance(found, Problem):
            yield found
            continue
        where, raw = found
        at = 0
        while head := _HEAD.match(raw, at):
            reader = _Reader(raw, strings)
            told = reader.entry(head, where)
            if told is None:
                yield problem(source, where, "bad-entry", "The entry's fields cannot be read.", raw[at:])
                break
            at = reader.at
            if told.kind == "string":
                strings.update((key, told.fields[key]) for key in told.fields if len(strings) < _MAX_STRINGS)
            elif told.kind not in {"comment", "preamble"}:
                yield told


def _blocks(stream: BinaryIO, source: str, name: str) -> Iterator[tuple[str, str] | Problem]:
    """Cut a file into the lines of one entry each, by counting braces; a new ``@type{`` ends an entry that is open."""
    block = _Block()
    for found in text_lines(stream, source=source, name=name):
        if isinstance(found, Problem):
            yield found
            continue
        number, line = found
        if _START.match(line):
            if block.lines:
                yield problem(source, f"{name}:{block.start}", "bad-entry", "The entry does not close.", block.text)
            block = _Block(number)
        block.add(line)
        if block.size > MAX_RECORD:
            yield too_large(source, f"{name}:{block.start}", block.lines[0])
            block = _Block()
        elif block.is_closed:
            yield f"{name}:{block.start}", block.text
            block = _Block()
    if block.lines:
        yield problem(source, f"{name}:{block.start}", "truncated", "The file ends inside an entry.", block.text)


class _Block:
    """The lines of the entry in hand; what stands between entries (``start`` 0) is a comment and is let go."""

    def __init__(self, start: int = 0) -> None:
        self.start = start
        self.lines: list[str] = []
        self.size = 0
        self._depth = 0

    def add(self, line: str) -> None:
        if self.start:
            self.lines.append(line)
            self.size += len(line)
            self._depth += line.count("{") - line.count("}")

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def is_closed(self) -> bool:
        if not self.lines or self._depth > 0:
            return False
        head = _START.match(self.lines[0])
        return head is None or not head[0].endswith("(") or self.lines[-1].rstrip().endswith(")")


class _Reader:
    """Reads one entry at a time out of a block of text."""

    def __init__(self, raw: str, strings: Mapping[str, str]) -> None:
        self.at = 0
        self._raw = raw
        self._strings = strings

    def entry(self, head: re.Match[str], where: str) -> Entry | None:
        """Read the entry that starts at ``head``; None when its fields break off."""
        self.at = head.end()
        kind = head[1].lower()
        if kind in {"comment", "preamble"}:
            self._braced()
            return Entry(where, kind, {}, "")
        key = None if kind == "string" else _KEY.match(self._raw, self.at)
        if key:
            self.at = key.end()
        told: dict[str, str] = {}
        while field := _FIELD.match(self._raw, self.at):
            self.at = field.end()
            value = self._value()
            if value is None:
                return None
            told.setdefault(field[1].lower(), value)
        return Entry(where, kind, told, self._raw) if self._closes(head[2]) else None

    def _closes(self, opened: str) -> bool:
        space = _SPACE.match(self._raw, self.at)
        self.at = space.end() if space else self.at
        closed = self._raw[self.at : self.at + 1] == ("}" if opened == "{" else ")")
        self.at += 1
        return closed

    def _value(self) -> str | None:
        parts: list[str] = []
        while True:
            part = self._part()
            if part is None:
                return None
            parts.append(part)
            joined = _JOIN.match(self._raw, self.at)
            if joined is None:
                return "".join(parts)
            self.at = joined.end()

    def _part(self) -> str | None:
        first = self._raw[self.at : self.at + 1]
        if first in {"{", '"'}:
            self.at += 1
            return self._braced() if first == "{" else self._quoted()
        bare = _BARE.match(self._raw, self.at)
        if bare is None:
            return None
        self.at = bare.end()
        return self._strings.get(bare[0].lower(), bare[0])

    def _braced(self) -> str | None:
        depth, start = 1, self.at
        for brace in _BRACES.finditer(self._raw, self.at):
            depth += 1 if brace[0] == "{" else -1
            if depth == 0:
                self.at = brace.end()
                return self._raw[start : brace.start()]
        return None

    def _quoted(self) -> str | None:
        depth, start = 0, self.at
        for sign in _QUOTED.finditer(self._raw, self.at):
            if sign[0] == '"' and depth <= 0:
                self.at = sign.end()
                return self._raw[start : sign.start()]
            depth += (sign[0] == "{") - (sign[0] == "}")
        return None
