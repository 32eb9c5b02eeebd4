"""JSON of any arrangement, one value at a time: an array, one object, values in a row, or one value a line."""

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from broadsheet.model.record import MAX_RAW, Problem
from broadsheet.sources.streams import CHUNK, MAX_RECORD, Decoder, decode, full, lines, problem, too_large

_BETWEEN = re.compile(r"[\s,\ufeff]*")
_BRACKETS = re.compile(r"[\[\]]")
_STRUCTURE = re.compile(r'\\.|["{}\[\]]', re.DOTALL)
# Control characters inside strings are read and cleaned later rather than costing the record.
_decoder = json.JSONDecoder(strict=False)


def values(stream: BinaryIO, *, source: str, name: str, cap: int = MAX_RECORD) -> Iterator[tuple[str, Any] | Problem]:
    """Give ``(where, value)`` for each value; arrays at the top are opened. Memory stays within a few ``cap`` bytes.

    A value that cannot be read is one problem (``bad-json``, ``too-large``, ``truncated``) and the next one follows.
    """
    head = full(stream.read, CHUNK)
    while head.isspace():
        head = full(stream.read, CHUNK)
    if _is_lines(head):
        yield from _by_line(stream, head, source, name, cap)
    else:
        yield from _Values(stream, head, source, name, cap)


def _is_lines(head: bytes) -> bool:
    """Tell values on lines of their own from an array or an object that spans lines."""
    first, _, rest = head.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")
    if first[:1] == b"[" or not first:
        return False
    try:
        _decoder.decode(first.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return first[:1] == b"{" and len(first.strip()) > 1 and rest.lstrip()[:1] == b"{"
    return True


def _by_line(stream: BinaryIO, head: bytes, source: str, name: str, cap: int) -> Iterator[tuple[str, Any] | Problem]:
    told = False
    for number, raw in enumerate(lines(stream, head=head, cap=cap), 1):
        if raw is None:
            yield too_large(source, f"{name}:{number}")
            continue
        text, guessed = decode(raw)
        if guessed and not told:
            told = True
            yield problem(source, f"{name}:{number}", "encoding", "Not UTF-8; read as Windows-1252.", text)
        try:
            value = _decoder.decode(text.removeprefix("\ufeff"))
        except (ValueError, RecursionError) as error:
            if text and not text.isspace():
                yield problem(source, f"{name}:{number}", "bad-json", f"Not JSON: {error}.", text)
            continue
        yield f"{name}:{number}", value


class _Values:
    """Values anywhere in a text, decoded from a buffer that grows only while a value is incomplete."""

    def __init__(self, stream: BinaryIO, head: bytes, source: str, name: str, cap: int) -> None:
        self._stream = stream
        self._source = source
        self._name = name
        self._cap = cap
        self._decoder = Decoder()
        self._text = self._decoder.decode(head)
        self._at = 0
        self._open = 0
        self._ended = False
        self._count = 0

    def __iter__(self) -> Iterator[tuple[str, Any] | Problem]:
        told = False
        while self._find_start():
            self._count += 1
            yield self._value()
            if self._decoder.guessed and not told:
                told = True
                yield self._problem("encoding", "Not UTF-8; read as Windows-1252.")
        if self._open > 0:
            yield self._problem("truncated", "The array does not end.")

    def _find_start(self) -> bool:
        """Move to where the next value starts; brackets between values only count how deep the array is open."""
        while True:
            found = _BETWEEN.match(self._text, self._at)
            self._at = found.end() if found else self._at
            bracket = _BRACKETS.match(self._text, self._at)
            if bracket:
                self._open += 1 if bracket[0] == "[" else -1
                self._at += 1
            elif self._at < len(self._text):
                return True
            elif not self._more():
                return False

    def _value(self) -> tuple[str, Any] | Problem:
        # An error counts the lines before it, so what is done with is let go now and then.
        if self._at > max(CHUNK, len(self._text)) // 4:
            self._text, self._at = self._text[self._at :], 0
        while True:
            try:
                value, end = _decoder.raw_decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                if len(self._text) - self._at <= self._cap and self._more():
                    continue
                return self._skip(str(error))
            size, self._at = end - self._at, end
            where = f"{self._name}#{self._count}"
            return (where, value) if size <= self._cap else too_large(self._source, where)

    def _more(self) -> bool:
        """Read on, doubling what is held so that a long value is tried a logarithmic number of times."""
        if self._ended:
            return False
        raw = self._stream.read(max(CHUNK, len(self._text) - self._at))
        self._ended = not raw
        self._text = self._text[self._at :] + self._decoder.decode(raw or b"", final=not raw)
        self._at = 0
        return True

    def _skip(self, reason: str) -> Problem:
        """Leave out the value that starts here, to where its brackets close, without holding it."""
        shown = self._text[self._at : self._at + MAX_RAW]
        skipper, size = _Skipper(), 0
        while True:
            start, (self._at, closed) = self._at, skipper.skip(self._text, self._at)
            size += self._at - start
            if closed:
                kind = "too-large" if size > self._cap else "bad-json"
                return self._problem(kind, f"Not readable as JSON: {reason}.", shown)
            if not self._more():
                self._open, self._at = 0, len(self._text)
                return self._problem("truncated", f"The value does not end: {reason}.", shown)

    def _problem(self, kind: str, message: str, raw: str = "") -> Problem:
        return problem(self._source, f"{self._name}#{self._count}", kind, message, raw)


class _Skipper:
    """Finds the end of one value in pieces of text by its brackets and quotes alone."""

    def __init__(self) -> None:
        self._depth = 0
        self._quoted = False

    def skip(self, text: str, at: int) -> tuple[int, bool]:
        """Give how far ``text`` belongs to the value, and whether it ends there.

        What opens no bracket of its own ends where the next bracket opens or the array around it closes.
        """
        end = at
        for token in _STRUCTURE.finditer(text, at):
            end, sign = token.end(), token[0]
            if sign == '"':
                self._quoted = not self._quoted
            elif not self._quoted and sign in "{[}]":
                if self._depth == 0 and token.start() > at and sign != "}":
                    return token.start(), True
                self._depth = max(0, self._depth + (1 if sign in "{[" else -1))
                if self._depth == 0 and sign != "{":
                    return end, True
        # A backslash at the very end belongs to the character in the next piece.
        return len(text) - (end < len(text) and text.endswith("\\")), False
