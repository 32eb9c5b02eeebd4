"""Bytes in bounded pieces: compression undone, sizes capped, lines and text whatever the encoding."""

import bz2
import codecs
import gzip
import io
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from broadsheet.model.record import MAX_RAW, Problem

CHUNK = 1 << 18
MAX_RECORD = 2_000_000
MAX_BYTES = 1 << 36
# Real papers compress about three to one, repetitive XML up to fifty; a bomb reaches a thousand.
_BOMB_RATIO = 200
_BOMB_FLOOR = 1 << 26
_MESSAGE = 500
_BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError)
_OPENERS: dict[bytes, Callable[[BinaryIO], object]] = {
    b"\x1f\x8b": lambda stream: gzip.GzipFile(fileobj=stream),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": lzma.LZMAFile,
}
_LONGEST_MAGIC = max(map(len, _OPENERS))
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# Bytes that are not UTF-8 are read as Windows-1252, the likeliest guess for old exports.
_LATIN = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
_ESCAPED = re.compile("[\udc80-\udcff]")


class Opened(io.RawIOBase):
    """A stream with its compression undone; what goes wrong ends it and stands in ``problem`` as (kind, message)."""

    def __init__(self, stream: BinaryIO, *, max_bytes: int = MAX_BYTES) -> None:
        """Look at the first bytes of ``stream`` and give at most ``max_bytes`` decompressed ones."""
        self.problem: tuple[str, str] | None = None
        self._max_bytes = max_bytes
        self._given = 0
        self._head = b""
        self._outer = _Counted(stream)
        opener = next((make for magic, make in _OPENERS.items() if self._outer.head.startswith(magic)), None)
        self._packed = opener is not None
        outer = cast("BinaryIO", self._outer)
        self._inner = cast("BinaryIO", opener(outer) if opener else outer)

    def as_binary(self) -> BinaryIO:
        """Give this stream as what parsers take."""
        return cast("BinaryIO", self)

    def readable(self) -> bool:
        """Say that this stream can be read."""
        return True

    def head(self, size: int) -> bytes:
        """Peek at the first ``size`` bytes; they will be read again."""
        self._head += full(self._take, size - len(self._head))
        return self._head[:size]

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill ``buffer``; 0 at the end, also where the stream is broken or too long."""
        found, self._head = (self._head[: len(buffer)], self._head[len(buffer) :]) if self._head else (b"", b"")
        found = found or self._take(len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def _take(self, size: int) -> bytes:
        if self.problem:
            return b""
        try:
            found = self._inner.read(min(size, CHUNK))
        except _BROKEN as error:
            self.problem = ("truncated", f"The file cannot be read further: {error}.")
            return b""
        self._given += len(found)
        if self._given > self._max_bytes or self._is_bomb():
            self.problem = (
                "too-large",
                f"The file is larger than {min(self._given, self._max_bytes)} bytes when decompressed.",
            )
            return b""
        return found

    def _is_bomb(self) -> bool:
        return self._packed and self._given > max(_BOMB_FLOOR, _BOMB_RATIO * self._outer.taken)


class _Counted(io.RawIOBase):
    """A stream whose first bytes were looked at; ``taken`` is how many bytes have been read of it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.head = stream.read(_LONGEST_MAGIC) or b""
        self.taken = len(self.head)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        found, self.head = self.head[: len(buffer)], self.head[len(buffer) :]
        if not found:
            found = self._stream.read(len(buffer)) or b""
            self.taken += len(found)
        buffer[: len(found)] = found
        return len(found)


def full(read: Callable[[int], bytes], size: int) -> bytes:
    """Read ``size`` bytes, fewer only at the end, however few come at a time."""
    pieces: list[bytes] = []
    while size > 0 and (piece := read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def utf8(stream: BinaryIO, head: bytes) -> BinaryIO:
    """Give a stream of UTF-8 when ``head`` starts with a UTF-16 byte order mark, else the stream itself."""
    encoding = _UTF16.get(head[:2])
    return cast("BinaryIO", codecs.EncodedFile(stream, "utf-8", encoding, "replace")) if encoding else stream


def lines(stream: BinaryIO, *, head: bytes = b"", cap: int = MAX_RECORD) -> Iterator[bytes | None]:
    """Give the lines of ``head`` and ``stream`` without their ends; None stands for one longer than ``cap`` bytes."""
    begun, size = [b""], 0  # the pieces of a line that has not ended
    for chunk in _chunks(stream, head):
        first, *others = chunk.split(b"\n")
        size += len(first)
        if size <= cap:
            begun.append(first)
        else:
            begun.clear()
        for line in others:
            yield b"".join(begun) if size <= cap else None
            begun, size = [line], len(line)
    if size:
        yield b"".join(begun) if size <= cap else None


def _chunks(stream: BinaryIO, head: bytes) -> Iterator[bytes]:
    if head:
        yield head
    while chunk := stream.read(CHUNK):
        yield chunk


def decode(raw: bytes) -> tuple[str, bool]:
    """Read bytes as UTF-8, whatever is not as Windows-1252; the flag says whether that was needed."""
    try:
        return raw.decode(), False
    except UnicodeDecodeError:
        return raw.decode("utf-8", "surrogateescape").translate(_LATIN), True


class Decoder:
    """``decode`` for a text that comes in pieces."""

    def __init__(self, encoding: str = "") -> None:
        """Start at the beginning of a text; one in another ``encoding`` than UTF-8 is read as that and no other."""
        make = codecs.getincrementaldecoder(encoding or "utf-8-sig")
        self._decode = make("replace" if encoding else "surrogateescape")
        self.guessed = False

    def decode(self, raw: bytes, *, final: bool = False) -> str:
        """Read one more piece; ``guessed`` becomes true once a byte was not UTF-8."""
        text = self._decode.decode(raw, final)
        if text.isascii() or not _ESCAPED.search(text):
            return text
        self.guessed = True
        return text.translate(_LATIN)


def text_lines(stream: BinaryIO, *, source: str, name: str) -> Iterator[tuple[int, str] | Problem]:
    """Give numbered lines of text, from 1; lines too long and the first one that is not UTF-8 are problems.

    A line that is not UTF-8 comes too, read as Windows-1252.
    """
    told = False
    for number, raw in enumerate(lines(stream), 1):
        if raw is None:
            yield too_large(source, f"{name}:{number}")
            continue
        text, guessed = decode(raw)
        if guessed and not told:
            told = True
            yield problem(source, f"{name}:{number}", "encoding", "Not UTF-8; read as Windows-1252.", text)
        yield number, text.removeprefix("\ufeff").rstrip("\r") if number == 1 else text.rstrip("\r")


def too_large(source: str, where: str, raw: str = "") -> Problem:
    """Say that one record is larger than MAX_RECORD."""
    return problem(source, where, "too-large", f"The record is larger than {MAX_RECORD} bytes.", raw)


def problem(source: str, where: str, kind: str, message: str, raw: str = "") -> Problem:
    """Make a Problem that holds no more than the first 500 characters of ``message`` and MAX_RAW of ``raw``."""
    return Problem(source, where, kind, message[:_MESSAGE], raw[:MAX_RAW])
