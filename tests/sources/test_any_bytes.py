"""Whatever the bytes, no parser raises, and all it gives is whole."""

import io
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.reading import AT, Read, Trickle, parse
from tests.sources.test_detect import SAMPLES

from broadsheet.model.ids import parse_id
from broadsheet.model.record import Record
from broadsheet.model.text import clean
from broadsheet.sources.detect import FORMATS, read

WEIGHTS = [
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xe9", b"\x85", b"&#xD800;", b"&#0;", b"&lt;", b"&eacute;",
    b"<", b">", b"</", b"/>", b"<!--", b"<![CDATA[", b"]]>", b"<?", b"{", b"}", b"[", b"]", b'"', b"'", b"\\",
    b"\\ud800",
    b"$", b"@", b"#", b"=", b",", b";", b"\n", b"\r", b"\t", b"TY  - ", b"ER  - ", b"\xe2\x80\xa2 3 authors\n", b"null",
    b"true", b"1e999", b"NaN", b"-1", b"9" * 30, b"http://", b"10.1000/", b"2401.00001v999", b" and ",
]  # fmt: skip


def whole(record: Record) -> bool:
    """Tell whether a record has all it must have, cleanly."""
    texts = (record.title, record.abstract, record.venue, record.comment, *(author.name for author in record.authors))
    return (
        (bool(record.title) or record.deleted)
        and bool(record.source and record.key)
        and all(clean(text) == text for text in texts)
        and all(parse_id(str(one)) == one for one in record.ids if one.scheme not in {"url", "local"})
        and all(link.url.startswith(("http://", "https://")) for link in record.links)
    )


def told(found: Read) -> list[str]:
    return sorted(map(repr, found.told))


@pytest.mark.parametrize("format_name", FORMATS)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_survived_by_every_parser(format_name: str, data: bytes) -> None:
    assert all(whole(record) for record in parse(format_name, data).records)


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-16")))
def test_any_bytes_are_survived_by_detection(data: bytes) -> None:
    assert list(read(io.BytesIO(data), name="x", observed=AT))


def damaged(data: bytes, seed: int) -> bytes:
    """Do a few bad things to a file."""
    chance = random.Random(seed)
    bad = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at, to = sorted(chance.choices(range(len(bad) + 1), k=2))
        match chance.randrange(4):
            case 0:
                bad[at:at] = chance.choice(WEIGHTS)
            case 1:
                bad[at : at + 1] = bytes([chance.randrange(256)])
            case 2:
                del bad[at : min(to, at + 20)]
            case _:
                bad[at:at] = bad[at : min(to, at + 99)]
    return bytes(bad)


@pytest.mark.parametrize("format_name", FORMATS)
@settings(max_examples=200)
@given(seed=st.integers(0, 2**32))
def test_damaged_files_are_survived_and_read_the_same_in_pieces(format_name: str, seed: int) -> None:
    data = damaged(SAMPLES[format_name].encode() * 2, seed)
    found = parse(format_name, data)
    assert all(whole(record) for record in found.records)
    assert told(found) == told(in_pieces(format_name, data, 1 + seed % 7))
    assert list(read(io.BytesIO(data), name="x", observed=AT)) is not None


def in_pieces(format_name: str, data: bytes, size: int) -> Read:
    stream: Any = Trickle(data, size)
    return Read(tuple(FORMATS[format_name](stream, name="file", observed=AT)))


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_file_that_breaks_off_anywhere_is_survived(format_name: str) -> None:
    data = SAMPLES[format_name].encode()
    for length in range(len(data)):
        assert all(whole(record) for record in parse(format_name, data[:length]).records)


HOSTILE = {
    "a line of ten megabytes": b"x" * 10_000_000,
    "ten megabytes of lines": b"x\n" * 200_000,
    "a field of spaces": b"DO  - a" + b" " * 1_000_000 + b"b",
    "braces without end": b"@misc{a, title = " + b"{" * 1_000_000,
    "quotes without end": b'title\n"' + b'""' * 500_000,
    "brackets without end": b'{"title": ' + b"[" * 1_000_000,
    "elements without end": b"<feed>" + b"<entry>" * 200_000,
    "entities without end": b"<feed><entry><title>" + b"&amp;" * 200_000,
    "macros without end": b"@misc{a, title = {" + rb"\cite \'{ \frac{a $x^{ " * 50_000 + b"}}",
    "marks without end": b'{"title": "a' + "\u0301\u0323".encode() * 200_000 + b'"}',
    "addresses without end": b'{"title": "T", "abstract": "' + b"http://a.b)" * 20_000 + b'"}',
    "names without end": b'{"title": "T", "authors": "' + b"Lee, " * 200_000 + b'"}',
    "zeros": b"\0" * 1_000_000,
}


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.timeout(60)
def test_hostile_files_come_to_an_end_in_every_parser(hostile: str) -> None:
    for format_name in FORMATS:
        assert all(whole(record) for record in parse(format_name, HOSTILE[hostile]).records)
