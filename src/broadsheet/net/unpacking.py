"""An answer's content coding undone, piece by piece, and never more of it than may be."""

import zlib
from collections.abc import Iterator

from broadsheet.errors import Invalid

# What is asked for (RFC 9110, section 8.4.1); anything else is not understood.
ACCEPTED = "gzip, deflate"
PIECE = 1 << 16
# As in sources/streams.py: real papers compress about three to one, a bomb a thousand.
_BOMB_RATIO, _BOMB_FLOOR = 200, 1 << 26
_GZIP, _ZLIB, _BARE = 31, 15, -15
_GZIP_BEGINS = 0x1F
_DEFLATE = 8  # the method in the first byte of a zlib stream (RFC 1950, section 2.2)


def unpacked(pieces: Iterator[bytes], coding: str, most_bytes: int) -> Iterator[bytes]:
    """Give the body whose bytes come in ``pieces`` under the Content-Encoding ``coding``.

    Raises Invalid when it is more than ``most_bytes``, a bomb, or under another coding; EOFError or zlib.error when
    it is broken or breaks off.
    """
    name = coding.strip().lower()
    if name in {"", "identity"}:
        yield from _counted(pieces, most_bytes)
        return
    if name not in {"gzip", "x-gzip", "deflate"}:
        raise Invalid(f"The answer is packed in a way that was not asked for: {name[:40]!r}.", field="url")
    packing, taken, given = _Packing(gzip=name != "deflate"), 0, 0
    for piece in _counted(pieces, most_bytes):
        taken += len(piece)
        for out in packing.undo(piece):
            given += len(out)
            if given > min(most_bytes, max(_BOMB_FLOOR, _BOMB_RATIO * taken)):
                raise too_large(given)
            yield out
    packing.check_end()


def too_large(size: int) -> Invalid:
    """Say that an answer is larger than is taken of this service."""
    return Invalid(f"The answer is larger than is taken: more than {size - 1:,} bytes.", field="url")


def _counted(pieces: Iterator[bytes], most_bytes: int) -> Iterator[bytes]:
    taken = 0
    for piece in pieces:
        taken += len(piece)
        if taken > most_bytes:
            raise too_large(most_bytes + 1)
        yield piece


class _Packing:
    """One or more gzip members (RFC 1952, section 2.2), or one deflated stream; what comes after it is ignored."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._engine: zlib._Decompress | None = None
        self._over = False

    def undo(self, raw: bytes) -> Iterator[bytes]:
        while raw and not self._over:
            if self._engine is None:
                self._engine = zlib.decompressobj(self._format(raw[0]))
            yield from self._some(self._engine, raw)
            if not self._engine.eof:
                return
            raw = self._engine.unused_data
            self._engine = None
            self._over = not self._gzip or (raw[:1] not in {b"", bytes([_GZIP_BEGINS])})

    @staticmethod
    def _some(engine: "zlib._Decompress", raw: bytes) -> Iterator[bytes]:
        out = engine.decompress(raw, PIECE)
        while out:
            yield out
            out = b"" if engine.eof else engine.decompress(engine.unconsumed_tail, PIECE)

    def _format(self, first: int) -> int:
        if self._gzip:
            return _GZIP
        # Some servers deflate without the zlib header that the name asks for.
        return _ZLIB if first & 0x0F == _DEFLATE else _BARE

    def check_end(self) -> None:
        if self._engine is not None:
            raise EOFError("the packed answer breaks off")
