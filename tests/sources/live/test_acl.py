"""The Anthology's file is read when it has changed and is whole, entry by entry, as its XML would be."""

import gzip
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.sources.live.driving import answer
from tests.sources.reading import parse

from broadsheet.errors import Invalid, Unavailable
from broadsheet.model.record import Author, Problem, Record
from broadsheet.sources.adapter import Ask, Page, Want
from broadsheet.sources.live.acl import Anthology

AT = datetime(2024, 6, 20, 12, tzinfo=UTC)
ANTHOLOGY = Anthology()
ASK = Ask(url="https://aclanthology.org/anthology+abstracts.bib.gz")
FRONT = """% https://aclanthology.org/anthology.bib.gz generated on 2024-06-19

@string{acl = {Association for Folding}}
@proceedings{fold-2022-long,
    title = "Proceedings of the Meeting on Folding",
    editor = "Lee, Ann",
    year = "2022",
    url = "https://aclanthology.org/2022.fold-long.0/"
}
"""
PAPER = """@inproceedings{lee-chen-2022-napkins,
    title = "On {N}apkins and {\\\\'E}tudes",
    author = "Lee, Ann  and
      van Chen, Bo",
    editor = "Du, Cy",
    booktitle = "Proceedings of the Meeting on Folding",
    month = jul,
    year = "2022",
    publisher = acl,
    url = "https://aclanthology.org/2022.fold-long.1/",
    doi = "10.18653/v1/2022.fold-long.1",
    pages = "1--9",
    abstract = "We fold napkins, see https://github.com/ann/napkins."
}
"""
OLD = """@inproceedings{turing-1990-folds,
    title = "Folds",
    author = "Turing, Al",
    year = "1990",
    url = "https://aclanthology.org/P90-1001/"
}
"""
XML = """<collection id="2022.fold"><volume id="long"><meta><booktitle>Proceedings of the Meeting on Folding</booktitle>
<month>July</month><year>2022</year></meta><paper id="1"><title>On Napkins and Études</title>
<author><first>Ann</first><last>Lee</last></author><author><first>Bo</first><last>van Chen</last></author>
<abstract>We fold napkins, see https://github.com/ann/napkins.</abstract><url>2022.fold-long.1</url>
<doi>10.18653/v1/2022.fold-long.1</doi></paper></volume></collection>"""
FILE = (FRONT + PAPER.replace("\\\\", "\\") + OLD).encode()


def read(body: bytes, mark: Any = None, **more: Any) -> tuple[Page, list[Record | Problem]]:
    page = ANTHOLOGY.read(Want(), mark or {}, ASK, answer(body, AT, **more))
    return page, list(page.told)


def records(body: bytes) -> list[Record]:
    return [one for one in read(body)[1] if isinstance(one, Record)]


def test_the_file_is_asked_for_only_when_it_has_changed() -> None:
    assert ANTHOLOGY.begin(Want(), {}, AT) == ASK
    page, _ = read(gzip.compress(FILE), etag='"7"', modified="Wed, 19 Jun 2024 03:00:00 GMT")
    assert page.mark == {"etag": '"7"', "modified": "Wed, 19 Jun 2024 03:00:00 GMT", "entries": 3}
    assert (page.next, page.expected) == (None, 3)
    again = ANTHOLOGY.begin(Want(), page.mark, AT)
    assert again == Ask(url=ASK.url, etag='"7"', modified="Wed, 19 Jun 2024 03:00:00 GMT")
    unchanged, told = read(b"", page.mark, unchanged=True)
    assert (unchanged.mark, unchanged.next, told) == (page.mark, None, [])


def test_an_entry_becomes_the_record_that_the_xml_gives() -> None:
    [found, old] = records(gzip.compress(FILE))
    told = parse("acl", XML, observed=AT).record
    assert (found.source, found.key, found.ids) == (told.source, told.key, told.ids)
    assert (found.title, found.authors, found.abstract) == (told.title, told.authors, told.abstract)
    assert (found.published, found.venue, found.links) == (told.published, told.venue, told.links)
    assert (old.key, old.published, old.authors) == ("P90-1001", "1990", (Author("Al Turing"),))
    assert old.links[1].url == "https://aclanthology.org/P90-1001.pdf"


def test_a_file_that_came_unpacked_is_read_as_well() -> None:
    assert records(FILE) == records(gzip.compress(FILE))


def test_entries_that_cannot_be_read_are_problems_beside_the_others() -> None:
    odd = b'@inproceedings{a, title = "No Id"\n}\n@inproceedings{b, year = "2022"\n}\n@article{c, title = {T\n'
    _, told = read(gzip.compress(odd + FILE))
    kinds = sorted(one.kind for one in told if isinstance(one, Problem))
    assert kinds == ["bad-entry", "no-id", "no-title"]
    assert {one.source for one in told} == {"acl"}
    assert len([one for one in told if isinstance(one, Record)]) == 2


def test_a_file_that_breaks_off_anywhere_tells_nothing() -> None:
    packed = gzip.compress(FILE)
    for length in range(len(packed)):
        with pytest.raises(Unavailable, match=r"not whole|has 0 entries"):
            read(packed[:length])
    closing = {end for end in range(len(FILE)) if FILE[:end].rstrip().endswith(b"}")}
    for length in set(range(len(FILE))) - closing:
        with pytest.raises(Unavailable):
            read(FILE[:length])


BROKEN = {
    "nothing": b"",
    "a page for browsers": b"<!DOCTYPE html><html><body>503</body></html>",
    "an empty file": gzip.compress(b""),
    "no entries": gzip.compress(b"@string{acl = {Association for Folding}}\n"),
    "a wrong checksum": gzip.compress(FILE)[:-8] + b"\0" * 8,
    "bits that fell over": gzip.compress(FILE)[:200] + b"\xff\xff\xff" + gzip.compress(FILE)[203:],
    "a bomb": gzip.compress(b"@a{" + b" " * (70 << 20) + b"}"),
    "JSON": b'{"error": {"code": 503}}',
}


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_no_whole_file_is_asked_for_again(broken: str) -> None:
    with pytest.raises(Unavailable, match="The Anthology's file"):
        read(BROKEN[broken])


def test_a_file_that_lost_most_of_its_entries_is_not_believed() -> None:
    with pytest.raises(Unavailable, match="has 3 entries, and had 7"):
        read(gzip.compress(FILE), {"entries": 7})
    assert read(gzip.compress(FILE), {"entries": 6})[0].mark["entries"] == 3


def test_records_are_read_as_they_are_asked_for() -> None:
    body = io.BytesIO(gzip.compress(FILE + PAPER.replace("\\\\", "\\").encode() * 5_000))
    page = ANTHOLOGY.read(Want(), {}, ASK, answer(body.getvalue(), AT))
    told = iter(page.told)
    assert isinstance(next(told), Record)
    assert page.expected == 5_003
    assert sum(isinstance(one, Record) for one in told) == 5_001


def test_a_part_of_the_anthology_is_refused() -> None:
    with pytest.raises(Invalid, match="as a whole"):
        ANTHOLOGY.begin(Want(target="2022.acl-long"), {}, AT)
