"""What pages say of their papers in citation_* tags, whoever wrote them."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.reading import AT
from tests.sources.test_any_bytes import WEIGHTS, whole

from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Link, Problem, Record
from broadsheet.sources.citation_meta import read
from broadsheet.sources.streams import decode

URL = "https://lab.example/papers/7"
NAME = ExternalId("url", URL)
ACL = """<!doctype html><html lang=en><head><meta charset=utf-8><title>Kettles - ACL Anthology</title>
<meta content="Kettles &amp; Cups: A Study of $\\alpha$" name=citation_title>
<meta content="Ann Lee" name=citation_author><meta content="Tea Institute" name=citation_author_institution>
<meta content="Chen, Bo" name=citation_author>
<meta content="https://orcid.org/0000-0002-1825-0097" name="citation_author_orcid">
<meta content="Proceedings of Tea" name=citation_conference_title><meta content=2026/11 name=citation_publication_date>
<meta content=https://aclanthology.org/2026.tea-1.7.pdf name=citation_pdf_url>
<meta content=10.18653/v1/2026.tea-1.7 name=citation_doi>
<meta property="citation_abstract" content="&lt;p&gt;We boil &lt;i&gt;water&lt;/i&gt;.&lt;/p&gt;">
<meta name="citation_keywords" content="tea; kettles, cups"></head><body><p>Not this</p></body></html>"""


def told(page: str) -> Record:
    found = read(page, url=URL, name=NAME, observed=AT)
    assert isinstance(found, Record)
    return found


def test_a_page_of_a_publisher_is_read() -> None:
    record = told(ACL)
    assert record.title == r"Kettles & Cups: A Study of $\alpha$"
    assert [(a.name, a.organisation, a.orcid) for a in record.authors] == [
        ("Ann Lee", "Tea Institute", ""),
        ("Bo Chen", "", "0000-0002-1825-0097"),
    ]
    assert (record.abstract, record.published, record.venue) == ("We boil water.", "2026-11", "Proceedings of Tea")
    assert record.keywords == ("tea", "kettles", "cups")
    assert record.ids == (NAME, ExternalId("doi", "10.18653/v1/2026.tea-1.7"))
    assert record.links == (Link("page", URL), Link("pdf", "https://aclanthology.org/2026.tea-1.7.pdf"))
    assert (record.source, record.key, record.observed) == ("page", f"url:{URL}", AT)


def test_dublin_core_stands_in() -> None:
    record = told(
        '<meta name="DC.title" content="Old tea"><meta name="DC.Creator" content="Lee, Ann">'
        '<meta name="DC.date" content="11/20/2026"><meta name="dc.description" content="Cold.">'
        '<meta name="DC.identifier" content="doi:10.1000/tea">'
    )
    assert (record.title, record.authors[0].name, record.abstract) == ("Old tea", "Ann Lee", "Cold.")
    assert (record.published, record.ids[1:]) == ("2026-11-20", (ExternalId("doi", "10.1000/tea"),))


@pytest.mark.parametrize(
    ("date", "read_as"),
    [("2026/11/20", "2026-11-20"), ("11/20/2026", "2026-11-20"), ("2026", "2026"), ("soon", ""), ("99/99/2026", "")],
)
def test_dates_are_read_as_publishers_write_them(date: str, read_as: str) -> None:
    page = f'<meta name="citation_title" content="T"><meta name="citation_date" content="{date}">'
    assert told(page).published == read_as


@pytest.mark.parametrize("page", ["", "hello", "<html>", '<meta name="citation_title">', "%PDF-1.7\n", "{}", "\0" * 99])
def test_a_page_that_names_no_title_tells_of_no_paper(page: str) -> None:
    found = read(page, url=URL, name=NAME)
    assert isinstance(found, Problem)
    assert found.kind == "no-title"


def test_only_web_addresses_become_links_and_only_known_ids_are_claimed() -> None:
    record = told(
        '<meta name="citation_title" content="T"><meta name="citation_pdf_url" content="javascript:alert(1)">'
        '<meta name="citation_doi" content="none"><meta name="citation_arxiv_id" content="../../etc">'
    )
    assert record.links == (Link("page", URL),)
    assert record.ids == (NAME,)


@pytest.mark.parametrize(
    "page",
    [
        '<meta name="citation_author" content="A">' * 100_000,
        "<div>" * 200_000 + ACL,
        "<meta " + "a=b " * 200_000 + ">" + ACL,
        '<meta name="citation_title" content="' + "x" * 3_000_000 + '">' + ACL,
        "<!--" * 100_000 + ACL,
        "&#x41;" * 500_000,
        '<meta name="citation_title" content="' + "&amp;" * 5_000 + '">',
        "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><meta name=citation_title content='&b;'>",
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><meta name=citation_title content="T">',
    ],
    ids=["authors", "deep", "attributes", "long", "comments", "references", "escaped", "entities", "external"],
)
def test_a_hostile_page_is_read_to_an_end(page: str) -> None:
    found = read(page, url=URL, name=NAME)
    if isinstance(found, Record):
        assert whole(found)
        assert len(found.title) <= 40_000
        assert len(found.authors) <= 3_000


@given(
    st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: f"<meta name=citation_title content={text}>".encode("utf-8", "replace"))
)
def test_any_bytes_are_survived(data: bytes) -> None:
    found = read(decode(data)[0], url=URL, name=NAME)
    assert isinstance(found, Problem) or whole(found)


def test_a_page_with_damage_is_survived_however_it_is_damaged() -> None:
    chance = random.Random(5)
    for _ in range(400):
        bad = bytearray(ACL.encode())
        for _ in range(chance.randint(1, 6)):
            at, to = sorted(chance.choices(range(len(bad)), k=2))
            bad[at : at if chance.random() < 0.7 else min(to, at + 40)] = chance.choice(WEIGHTS)
        found = read(decode(bytes(bad))[0], url=URL, name=NAME)
        assert isinstance(found, Problem) or whole(found)
