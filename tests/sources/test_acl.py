"""The ACL Anthology's collections."""

import pytest
from tests.sources.reading import Read, parse

from broadsheet.model.record import Author, Link, Version

PAPER = """<paper id="{n}"><title>On <fixed-case>N</fixed-case>apkins and <tex-math>O(n)</tex-math></title>
 <author orcid="0000-0001-2345-6789"><first>Ann</first><last>Lee</last>
  <affiliation>Fold Institute</affiliation></author>
 <author><last>Madonna</last></author>
 <abstract>We <b>fold</b>; see <url>https://github.com/ann/napkins</url>.</abstract>
 <url hash="0a1b2c3d">{url}</url><doi>10.18653/v1/2022.acl-long.{n}</doi>
 <attachment type="software" hash="1">2022.acl-long.{n}.software.zip</attachment>
 <pwccode url="https://github.com/ann/more" additional="true">ann/more</pwccode>
 <pwcdataset url="https://paperswithcode.com/dataset/folds">Folds</pwcdataset>
 <video href="2022.acl-long.{n}.mp4"/><award>Best Paper</award>
 <revision id="2" href="2022.acl-long.{n}v2" hash="x" date="2022-07-01">Fixed a fold.</revision>
</paper>"""

MAY = "<month>May</month><year>2022</year>"


def read(paper: str, *, collection: str = "2022.acl", volume: str = "long", meta: str = MAY) -> Read:
    return parse(
        "acl",
        f'<?xml version="1.0" encoding="UTF-8"?>\n<collection id="{collection}"><volume id="{volume}"><meta>'
        f"<booktitle>Proceedings of <fixed-case>ACL</fixed-case></booktitle>{meta}</meta>"
        f"<frontmatter><url>x</url></frontmatter>{paper}</volume></collection>",
    )


def paper(number: int = 1, url: str = "2022.acl-long.1") -> str:
    return PAPER.replace("{n}", str(number)).replace("{url}", url)


def test_a_paper_becomes_a_record() -> None:
    record = read(paper()).record
    assert (record.source, record.key) == ("acl", "2022.acl-long.1")
    assert record.title == "On Napkins and $O(n)$"
    assert record.abstract == "We fold; see https://github.com/ann/napkins."
    assert record.authors == (Author("Ann Lee", "Fold Institute", "0000-0001-2345-6789"), Author("Madonna"))
    assert [str(one) for one in record.ids] == ["acl:2022.acl-long.1", "doi:10.18653/v1/2022.acl-long.1"]
    assert (record.published, record.venue, record.comment) == ("2022-05", "Proceedings of ACL", "Best Paper")
    assert record.versions == (Version(2, "2022-07-01", "Fixed a fold."),)


def test_links_are_told_apart() -> None:
    record = read(paper()).record
    assert record.links == (
        Link("page", "https://aclanthology.org/2022.acl-long.1/"),
        Link("pdf", "https://aclanthology.org/2022.acl-long.1.pdf"),
        Link("code", "https://github.com/ann/more"),
        Link("data", "https://paperswithcode.com/dataset/folds"),
        Link("code", "https://aclanthology.org/attachments/2022.acl-long.1.software.zip"),
        Link("code", "https://github.com/ann/napkins"),
    )


@pytest.mark.parametrize(
    ("collection", "volume", "number", "key"),
    [
        ("P90", "1", 1, "P90-1001"),
        ("W04", "1", 2, "W04-0102"),
        ("W04", "12", 3, "W04-1203"),
        ("D19", "1", 700, "D19-1700"),
        ("D19", "52", 7, "D19-5207"),
        ("C69", "2", 1, "C69-0201"),
        ("2020.lrec", "1", 5, "2020.lrec-1.5"),
    ],
)
def test_a_paper_without_an_address_gets_the_id_the_anthology_gives_it(
    collection: str, volume: str, number: int, key: str
) -> None:
    assert read(paper(number, url=""), collection=collection, volume=volume).record.key == key


@pytest.mark.parametrize("tag", ["retracted", "removed"])
def test_a_retracted_paper_is_withdrawn(tag: str) -> None:
    told = paper().replace("</paper>", f'<{tag} date="2023-01-01">Wrong fold.</{tag}></paper>')
    assert read(told).record.withdrawn


@pytest.mark.parametrize(
    ("month", "published"), [("<month>June</month>", "1990-06"), ("", "1990"), ("<month>25--27 Apr</month>", "1990-04")]
)
def test_months_are_read_as_they_are_written(month: str, published: str) -> None:
    assert read(paper(), meta=f"{month}<year>1990</year>").record.published == published


def test_each_volume_has_its_own_title_and_date() -> None:
    told = "".join(
        f'<volume id="{n}"><meta><booktitle>Book {n}</booktitle><year>199{n}</year></meta>{paper(1, url="")}</volume>'
        for n in (1, 2)
    )
    found = parse("acl", f'<collection id="P90">{told}</collection>')
    assert [(r.key, r.venue, r.published) for r in found.records] == [
        ("P90-1001", "Book 1", "1991"),
        ("P90-2001", "Book 2", "1992"),
    ]


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        (paper().replace("title>", "titel>"), "no-title"),
        ('<paper id="x"><title>T</title></paper>', "no-id"),
        (paper().replace("Best Paper", "LONG"), "too-large"),
    ],
)
def test_a_paper_that_cannot_be_read_is_a_problem_and_the_next_one_comes(bad: str, kind: str) -> None:
    found = read(bad.replace("LONG", "x" * 2_000_001) + paper(2, "2022.acl-long.2"))
    assert (found.kinds, [r.key for r in found.records]) == ([kind], ["2022.acl-long.2"])


def test_front_matter_is_no_paper() -> None:
    assert read("").told == ()
