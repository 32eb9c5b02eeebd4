"""Streams undo compression, keep to their caps and read any encoding."""

import bz2
import gzip
import io
import lzma
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.reading import Trickle

from broadsheet.model.record import Problem
from broadsheet.sources import streams
from broadsheet.sources.streams import Decoder, Opened, decode, lines, problem, text_lines, utf8

PACKERS = (gzip.compress, bz2.compress, lzma.compress)


def read_all(opened: Opened) -> bytes:
    return b"".join(iter(lambda: opened.as_binary().read(1_000), b""))


@pytest.mark.parametrize("pack", [bytes, *PACKERS])
def test_compression_is_undone(pack: Callable[[bytes], bytes]) -> None:
    opened = Opened(io.BytesIO(pack(b"napkin " * 10_000)))
    assert opened.head(6) == b"napkin"
    assert (read_all(opened), opened.problem) == (b"napkin " * 10_000, None)


@pytest.mark.parametrize("pack", PACKERS)
def test_a_broken_archive_gives_what_it_can_and_a_problem(pack: Callable[[bytes], bytes]) -> None:
    data = random.Random(1).randbytes(200_000)
    packed = pack(data)
    for broken in (packed[: len(packed) // 2], packed[:3000] + b"\0" * 9 + packed[3009:]):
        opened = Opened(io.BytesIO(broken))
        assert data.startswith(read_all(opened)[:1])
        assert opened.problem is not None
        assert opened.problem[0] == "truncated"


def test_gzip_in_several_members_is_one_stream() -> None:
    opened = Opened(io.BytesIO(gzip.compress(b"a") + gzip.compress(b"b")))
    assert (read_all(opened), opened.problem) == (b"ab", None)


def test_a_stream_ends_at_its_cap() -> None:
    opened = Opened(io.BytesIO(b"a" * 10_000), max_bytes=5_000)
    assert len(read_all(opened)) <= 5_000
    assert opened.problem is not None
    assert opened.problem[0] == "too-large"


def test_a_bomb_is_left_before_it_goes_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "_BOMB_FLOOR", 1 << 20)
    bomb = gzip.compress(b"\0" * (1 << 26))
    opened = Opened(Trickle(bomb, 1 << 12))  # type: ignore[arg-type]
    assert len(read_all(opened)) < 1 << 24
    assert opened.problem is not None
    assert opened.problem[0] == "too-large"


def test_what_compresses_well_is_no_bomb() -> None:
    row = b'{"title": "On Napkins", "abstract": "We fold and fold and fold."}\n'
    opened = Opened(io.BytesIO(gzip.compress(row * 5_000)))
    assert (read_all(opened), opened.problem) == (row * 5_000, None)


@given(st.lists(st.binary(max_size=12)), st.integers(1, 9), st.integers(1, 20))
def test_lines_are_the_same_however_the_bytes_come(parts: list[bytes], size: int, cap: int) -> None:
    data = b"\n".join(parts)
    expected = [None if len(line) > cap else line for line in data.split(b"\n")]
    if expected[-1:] == [b""]:
        expected.pop()
    assert list(lines(Trickle(data, size), cap=cap)) == expected  # type: ignore[arg-type]
    assert list(lines(io.BytesIO(data[3:]), head=data[:3], cap=cap)) == expected


def test_a_line_too_long_is_passed_over_and_the_next_one_comes() -> None:
    data = io.BytesIO(b"a\n" + b"b" * 10_000_000 + b"\nc")
    assert list(lines(data)) == [b"a", None, b"c"]


@given(st.binary())
def test_any_bytes_are_some_text(data: bytes) -> None:
    text, guessed = decode(data)
    assert (text.encode() == data) is not guessed


@given(st.text(max_size=40).map(str.encode) | st.binary(max_size=40), st.integers(1, 9))
def test_a_text_in_pieces_reads_as_in_one(data: bytes, size: int) -> None:
    decoder = Decoder()
    pieces = [decoder.decode(data[at : at + size]) for at in range(0, len(data), size)]
    text = "".join(pieces) + decoder.decode(b"", final=True)
    assert (text, decoder.guessed) == (decode(data)[0].removeprefix("\ufeff"), decode(data)[1])


def test_windows_1252_is_read_beside_utf8() -> None:
    assert decode("é “ñ”".encode() + b" \xe9lan \x93x\x94") == ("é “ñ” élan “x”", True)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_is_told_by_its_mark(encoding: str) -> None:
    mark = "" if encoding == "utf-16" else "\ufeff"
    data = f"{mark}é\n😀".encode(encoding)
    told = list(text_lines(utf8(io.BytesIO(data), data[:4]), source="test", name="f"))
    assert told == [(1, "é"), (2, "😀")]


def test_a_line_that_is_not_utf8_is_told_once_and_read_all_the_same() -> None:
    told = list(text_lines(io.BytesIO(b"\xef\xbb\xbfa\r\n\xe9\n\xe8\n"), source="test", name="f"))
    assert [one.kind if isinstance(one, Problem) else one for one in told] == [
        (1, "a"),
        "encoding",
        (2, "é"),
        (3, "è"),
    ]


def test_a_problem_holds_no_more_than_can_be_shown() -> None:
    held = problem("test", "f", "kind", "m" * 90_000, "r" * 90_000)
    assert (len(held.message), len(held.raw)) == (500, 10_000)
