"""The metadata formats arXiv, arXivRaw and oai_dc."""

from dataclasses import replace

from tests.sources.reading import parse

from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Author, Link, Record, Version

ARXIV = """<arXiv xmlns="http://arxiv.org/OAI/arXiv/">
 <id>2401.00001</id><created>2024-01-02</created><updated>2024-02-03</updated>
 <authors><author><keyname>Lee</keyname><forenames>Ann</forenames><suffix>Jr</suffix>
  <affiliation>Fold Institute</affiliation></author><author><keyname>The Fold Team</keyname></author></authors>
 <title>On  Napkins</title><categories>cs.GR cs.LG</categories><comments>12 pages</comments>
 <journal-ref>J. Folds 3</journal-ref><doi>10.1000/XYZ, 10.1000/abc</doi>
 <license>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</license>
 <abstract>  We fold. </abstract></arXiv>"""
RAW = """<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2401.00001</id><submitter>Ann Lee</submitter>
 <version version="v1"><date>Tue, 2 Jan 2024 03:04:05 GMT</date><size>10kb</size></version>
 <version version="v3"><date>Sat, 3 Feb 2024 04:05:06 GMT</date></version>
 <title>On Napkins</title><authors>Ann Lee (1 and 2), Jos\\'e Chen ((1) Fold Institute, (2) Elsewhere)</authors>
 <categories>cs.GR</categories><abstract>We fold.</abstract></arXivRaw>"""
DC = """<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">
 <dc:title>On Napkins</dc:title><dc:creator>Lee, Ann</dc:creator><dc:creator>Chen, José</dc:creator>
 <dc:subject>Graphics</dc:subject><dc:subject>Graphics</dc:subject>
 <dc:description>Comment: 12 pages</dc:description><dc:description>We fold.</dc:description>
 <dc:date>2024-02-03</dc:date><dc:date>2024-01-02</dc:date><dc:type>text</dc:type>
 <dc:identifier>http://arxiv.org/abs/2401.00001</dc:identifier><dc:identifier>doi:10.1000/xyz</dc:identifier>
 </oai_dc:dc>"""


def read(metadata: str, identifier: str = "oai:arXiv.org:2401.00001") -> Record:
    return parse(
        "oai",
        f"<OAI-PMH><GetRecord><record><header><identifier>{identifier}</identifier></header>"
        f"<metadata>{metadata}</metadata></record></GetRecord></OAI-PMH>",
    ).record


def test_arxiv_is_read() -> None:
    record = read(ARXIV)
    assert (record.source, record.key, record.version) == ("arxiv", "2401.00001", 0)
    assert (record.title, record.abstract, record.comment) == ("On Napkins", "We fold.", "12 pages")
    assert record.authors == (Author("Ann Lee Jr", "Fold Institute"), Author("The Fold Team"))
    assert [str(one) for one in record.ids] == ["arxiv:2401.00001", "doi:10.1000/xyz", "doi:10.1000/abc"]
    assert (record.published, record.updated) == ("2024-01-02", "2024-02-03")
    assert (record.categories, record.venue) == (("cs.GR", "cs.LG"), "J. Folds 3")
    assert record.licence == "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"


def test_arxiv_raw_tells_the_versions() -> None:
    record = read(RAW)
    assert (record.key, record.version) == ("2401.00001#arXivRaw", 3)
    assert record.versions == (Version(1, "2024-01-02T03:04:05Z"), Version(3, "2024-02-03T04:05:06Z"))
    assert (record.published, record.updated) == ("2024-01-02T03:04:05Z", "2024-02-03T04:05:06Z")
    assert record.authors == (Author("Ann Lee"), Author("José Chen"))


def test_a_version_of_no_number_is_passed_over() -> None:
    record = read(RAW.replace('"v3"', '"v' + "9" * 40 + '"'))
    assert (record.version, len(record.versions)) == (1, 1)


def test_dublin_core_is_read() -> None:
    record = read(DC)
    assert (record.source, record.key) == ("arxiv", "2401.00001#oai_dc")
    assert (record.abstract, record.comment) == ("We fold.", "12 pages")
    assert record.authors == (Author("Ann Lee"), Author("José Chen"))
    assert [str(one) for one in record.ids] == ["arxiv:2401.00001", "doi:10.1000/xyz"]
    assert (record.published, record.updated) == ("2024-01-02", "2024-02-03")
    assert record.keywords == ("Graphics",)
    assert record.links == (Link("page", "http://arxiv.org/abs/2401.00001"),)


def test_another_repository_keeps_its_own_identifiers() -> None:
    other = DC.replace("http://arxiv.org/abs/2401.00001", "https://Repo.example.org/1/").replace("doi:10.1000/xyz", "x")
    record = read(other, "oai:repo.example.org:1")
    assert (record.source, record.key) == ("oai", "oai:repo.example.org:1")
    assert record.ids == (ExternalId("url", "https://repo.example.org/1"),)


def test_a_long_identifier_becomes_a_short_key() -> None:
    long = read(DC, "oai:repo.example.org:" + "1" * 5_000)
    assert len(long.key) < 100
    assert long.key == replace(long).key == read(DC, "oai:repo.example.org:" + "1" * 5_000).key
