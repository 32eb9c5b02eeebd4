"""Every format is known by its content, and what is none is a problem that says so."""

import bz2
import gzip
import io
import lzma

import pytest
from tests.sources.reading import read_file

from broadsheet.errors import Invalid
from broadsheet.model.record import Record
from broadsheet.sources.detect import FORMATS, detect, read

BOM = "\ufeff"
SAMPLES = {
    "acl": '<?xml version="1.0"?>\n<collection id="P90"><volume id="1"><meta><year>1990</year></meta>'
    '<paper id="1"><title>On Napkins</title></paper></volume></collection>',
    "atom": '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/2401.00001v1</id>'
    "<title>On Napkins</title></entry></feed>",
    "bibtex": "A comment.\n@Article{k,\n title = {On Napkins}}",
    "biorxiv": '{"messages": [{"status": "ok", "total": "1"}], "collection": [{"doi": "10.1101/2024.01.02.000001", '
    '"title": "On Napkins", "authors": "Lee, A.", "version": "1", "jatsxml": "", "published": "NA"}]}',
    "csl": '[{"id": "k", "type": "book", "title": "On Napkins", "issued": {"date-parts": [[2024]]}}]',
    "csv": "id,title,year\n1,On Napkins,2024\n",
    "feed": '<rss version="2.0"><channel><title>Folds</title><item><title>On Napkins</title>'
    "<guid>https://folds.example/1</guid></item></channel></rss>",
    "hf": '[{"paper": {"id": "2401.00001", "title": "On Napkins"}, "numComments": 1}]',
    "jsonl": '{"id": "2401.00001", "title": "On Napkins"}\n',
    "oai": '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><GetRecord><record><header>'
    "<identifier>oai:arXiv.org:2401.00001</identifier></header><metadata><dc><title>On Napkins</title></dc>"
    "</metadata></record></GetRecord></OAI-PMH>",
    "openreview": '{"notes": [{"id": "aB3_dE6-gH", "forum": "aB3_dE6-gH", "content": {"title": '
    '{"value": "On Napkins"}, "venueid": {"value": "Fold.cc/2024/Conference"}}}], "count": 1}',
    "ris": "TY  - JOUR\r\nTI  - On Napkins\r\nER  - \r\n",
    "saved-page": "Get trending papers in your email inbox!\nSubscribeOn Napkins\nWe fold.\n",
}


def test_there_is_a_sample_of_every_format() -> None:
    assert SAMPLES.keys() == FORMATS.keys()


@pytest.mark.parametrize("name", ["file", "paper.txt", "wrong.csv", "wrong.xml", "x.json.gz"])
@pytest.mark.parametrize("expected", SAMPLES)
def test_a_format_is_known_by_its_content_whatever_the_name(expected: str, name: str) -> None:
    assert detect(SAMPLES[expected].encode(), name) == expected
    assert read_file(SAMPLES[expected], name).record.title == "On Napkins"


@pytest.mark.parametrize("expected", SAMPLES)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marks_and_utf16_make_no_difference(expected: str, encoding: str) -> None:
    assert read_file(SAMPLES[expected].encode(encoding)).record == read_file(SAMPLES[expected]).record


@pytest.mark.parametrize("expected", SAMPLES)
@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_compression_makes_no_difference(expected: str, pack: type[bytes]) -> None:
    data = SAMPLES[expected].encode()
    assert read_file(pack(data), "x.gz").record == read_file(data, "x.gz").record


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ('{"items": [{"title": "T", "issued": {"date-parts": [[2024]]}}]}', "csl"),
        ('{"status": "ok", "message-type": "work-list", "message": {"items": []}}', "csl"),
        ('{"date": "2024-05-27", "fetched_at": "2024-05-28", "items": []}', "hf"),
        ('{"id": "2401.00001", "authors": [], "publishedAt": "2024", "title": "T"}', "hf"),
        ("[\"{'paper': {'id': '1'}}\"]", "hf"),
        ('[\n  {\n   "title": "T"', "jsonl"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"><id>http://arxiv.org/api/abc</id></feed>', "atom"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"><id>http://rss.arxiv.org/atom/cs.CL</id></feed>', "feed"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x</id></feed>', "feed"),
        ('<rdf:RDF xmlns="http://purl.org/rss/1.0/"><channel/></rdf:RDF>', "feed"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": [{"title": "T"}]}', "feed"),
        ("<!-- <feed> -->\n<?xml-stylesheet x?><oai:OAI-PMH xmlns:oai='x'>", "oai"),
        ('"year"\t"Title"\n2024\tT\n', "csv"),
        ("title\nOn Napkins\n", "csv"),
        ("On Napkins\nWe fold.\n• 12 authors\n·\nOct 1\n", "saved-page"),
        ("\n\n  @book (k, title={T})", "bibtex"),
    ],
)
def test_less_usual_beginnings_are_known(data: str, expected: str) -> None:
    assert detect(data.encode(), "file") == expected


@pytest.mark.parametrize(
    ("data", "name", "kind", "word"),
    [
        (b"", "x.jsonl", "empty", "empty"),
        (b" \n\t ", "x", "empty", "empty"),
        (gzip.compress(b"", mtime=0), "x.gz", "empty", "empty"),
        (b"\xff\xfe", "x.ris", "empty", "empty"),
        (b"<!DOCTYPE html><html></html>", "x.xml", "html", "HTML"),
        (b"<html><body>Too many requests</body></html>", "x.json", "html", "HTML"),
        (b"broken xml", "x.xml", "malformed", "XML"),
        (b'<svg version="1.1"></svg>', "x.xml", "unknown-format", "XML"),
        (b'<rdf:RDF xmlns:rdf="x"><rdf:Description/></rdf:RDF>', "x.xml", "unknown-format", "XML"),
        (b'<collection xmlns="http://www.loc.gov/MARC21/slim"><record/></collection>', "x", "unknown-format", "XML"),
        (b'[{"file": "a.xml", "url": "https://example.org", "bytes": 7}]', "m.json", "unknown-format", "JSON"),
        (b"%PDF-1.7\n%\xe2\xe3", "x.pdf", "unknown-format", "format"),
        (b"PK\x03\x04", "x", "unknown-format", "format"),
        (b"\0" * 100, "x", "unknown-format", "format"),
        (b"default namespace = ''\nb = element b { text }", "schema.rnc", "unknown-format", "format"),
        (b"just words", "x.txt", "unknown-format", "format"),
    ],
)
def test_what_is_of_no_format_is_one_problem_that_says_so(data: bytes, name: str, kind: str, word: str) -> None:
    found = read_file(data, name)
    assert (found.records, found.kinds) == ([], [kind])
    assert word in found.problems[0].message


@pytest.mark.parametrize(("name", "expected"), [("x.bib", "bibtex"), ("x.RIS.gz", "ris"), ("x.json", "jsonl")])
def test_the_name_decides_where_the_content_does_not(name: str, expected: str) -> None:
    assert detect(b"words", name) == expected


def test_a_stated_format_is_taken_at_its_word() -> None:
    assert read_file("Words\nMore words.\n", format="saved-page").titles == ["Words"]


def test_an_unknown_format_is_refused_before_a_byte_is_read() -> None:
    with pytest.raises(Invalid, match=r"Unknown format 'pdf'.*acl, atom"):
        read(io.BytesIO(b""), name="x", format="pdf")


def test_an_archive_that_breaks_off_gives_its_records_and_a_problem() -> None:
    rows = "".join(f'{{"id": "2401.{n:05}", "title": "Paper {n**9}"}}\n' for n in range(20_000))
    packed = gzip.compress(rows.encode())
    found = read_file(packed[: len(packed) // 2], "x.jsonl.gz")
    assert 1_000 < len(found.records) < 20_000
    assert "truncated" in found.kinds


def test_a_file_over_the_cap_is_a_problem() -> None:
    found = read_file(SAMPLES["jsonl"] * 1_000, max_bytes=20_000)
    assert 0 < len(found.records) < 1_000
    assert "too-large" in found.kinds


@pytest.mark.parametrize("filler", [b"\t", b"\n", b" ", b"[", b"{", b"<", b"@", b"title,", b"\0", b"&"])
def test_no_filler_keeps_detection_busy(filler: bytes) -> None:
    head = (b"x" + filler * 20_000)[: 1 << 14]
    assert detect(head, "x")
    assert all(not isinstance(one, Record) or one.title for one in read(io.BytesIO(head), name="x"))
