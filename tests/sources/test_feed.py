"""Feeds of every make: RSS 2.0 and 1.0, Atom, JSON Feed, and what is wrong with those in the wild."""

import json
from datetime import UTC, datetime

import pytest
from tests.sources.reading import AT, Read, parse

from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Author, Link

SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" xmlns:arxiv="http://arxiv.org/schemas/atom"'
)


def rss(*items: str, head: str = "") -> Read:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return parse(
        "feed",
        f'<?xml version="1.0"?><rss version="2.0" {SPACES}><channel><title>Folds</title>{head}{inside}</channel></rss>',
    )


def atom(*entries: str) -> Read:
    inside = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return parse("feed", f'<feed xmlns="http://www.w3.org/2005/Atom" {SPACES}><title>Folds</title>{inside}</feed>')


def json_feed(*items: object) -> Read:
    return parse("feed", json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}))


def test_an_item_of_rss_becomes_a_record() -> None:
    record = rss(
        "<media:title>A picture</media:title><title>On &lt;i&gt;Napkins&lt;/i&gt;</title>"
        "<link>https://folds.example/napkins?from=rss</link><guid isPermaLink='false'>folds-17:napkins</guid>"
        "<description>&lt;p&gt;We fold &amp;amp; unfold.&lt;/p&gt;&lt;p&gt;Twice: https://github.com/a/b.&lt;/p&gt;</description>"
        "<dc:creator>Ann Lee</dc:creator><dc:creator>Chen, Bo</dc:creator><category>folding</category>"
        "<pubDate>Mon, 27 May 2024 10:00:00 -0400</pubDate><prism:doi>10.1000/napkins.17</prism:doi>"
        "<prism:publicationName>J. Folds</prism:publicationName>"
    ).record
    assert (record.source, record.key, record.title) == ("feed", "folds-17:napkins", "On Napkins")
    assert record.abstract == "We fold & unfold. Twice: https://github.com/a/b."
    assert record.authors == (Author("Ann Lee"), Author("Bo Chen"))
    assert record.ids == (ExternalId("doi", "10.1000/napkins.17"),)
    assert (record.published, record.updated) == ("2024-05-27T14:00:00Z", "")
    assert (record.keywords, record.venue, record.observed) == (("folding",), "J. Folds", AT)
    assert record.links == (
        Link("page", "https://folds.example/napkins?from=rss"),
        Link("code", "https://github.com/a/b"),
    )


def test_an_item_of_rss_1_becomes_a_record() -> None:
    record = parse(
        "feed",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://x.example"><title>X</title><items>'
        '<rdf:Seq><rdf:li rdf:resource="https://x.example/1"/></rdf:Seq></items></channel>'
        '<item rdf:about="https://x.example/1"><title>On Napkins</title><link>https://x.example/1</link>'
        "<dc:identifier>doi:10.1101/2024.05.01.000001</dc:identifier><dc:date>2024-05-06</dc:date>"
        "<dc:creator>Lee, A., Chen, B. C.</dc:creator></item></rdf:RDF>",
    ).record
    assert (record.key, record.published) == ("https://x.example/1", "2024-05-06")
    assert record.authors == (Author("A. Lee"), Author("B. C. Chen"))
    assert record.ids == (ExternalId("doi", "10.1101/2024.05.01.000001"), ExternalId("url", "https://x.example/1"))


def test_an_entry_of_atom_becomes_a_record() -> None:
    record = atom(
        '<id>tag:x.example,2024:1</id><title type="html">On &amp;lt;Napkins&amp;gt;</title>'
        '<link rel="self" href="https://x.example/1.atom"/><link href="https://x.example/1"/>'
        '<link rel="related" type="application/pdf" href="https://x.example/1.pdf"/>'
        '<summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>We fold.</p><p>Twice.</p></div></summary>'
        "<author><name>Ann Lee</name><email>ann@x.example</email></author><author><name>Bo Chen</name></author>"
        "<published>2024-05-06T07:08:09+02:00</published><updated>2024-05-08T00:00:00Z</updated>"
    ).record
    assert (record.key, record.title, record.abstract) == ("tag:x.example,2024:1", "On <Napkins>", "We fold. Twice.")
    assert record.authors == (Author("Ann Lee"), Author("Bo Chen"))
    assert (record.published, record.updated) == ("2024-05-06T05:08:09Z", "2024-05-08T00:00:00Z")
    assert record.ids == (ExternalId("url", "https://x.example/1"),)
    assert record.links == (Link("page", "https://x.example/1"), Link("pdf", "https://x.example/1.pdf"))


def test_an_item_of_a_json_feed_becomes_a_record() -> None:
    record = json_feed(
        {
            "id": "https://x.example/1",
            "url": "https://x.example/1",
            "external_url": "https://arxiv.org/abs/2401.00001v2",
            "title": "On Napkins",
            "content_html": "<p>We <b>fold</b>.</p>",
            "authors": [{"name": "Ann Lee"}, {"url": "https://x.example"}],
            "tags": ["folding"],
            "date_published": "2024-05-06T07:08:09Z",
        }
    ).record
    assert (record.key, record.abstract, record.keywords) == ("https://x.example/1", "We fold.", ("folding",))
    assert record.ids == (ExternalId("arxiv", "2401.00001"),)
    assert (record.authors, record.published) == ((Author("Ann Lee"),), "2024-05-06T07:08:09Z")


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("<guid>https://arxiv.org/abs/2401.00001v1</guid>", "arxiv:2401.00001"),
        ("<link>https://openreview.net/forum?id=aB3_dE6-gH</link>", "openreview:aB3_dE6-gH"),
        ("<link>https://doi.org/10.1000/X</link>", "doi:10.1000/x"),
        ("<dc:identifier>doi:10.1000/x</dc:identifier>", "doi:10.1000/x"),
        ("<link>https://aclanthology.org/2020.acl-main.1/</link>", "acl:2020.acl-main.1"),
        ("<guid>https://x.example/1</guid><link>https://x.example/1</link>", "url:https://x.example/1"),
    ],
)
def test_ids_are_found_wherever_an_item_has_them(where: str, expected: str) -> None:
    assert [str(one) for one in rss(f"<title>T</title>{where}").record.ids] == [expected]


def test_an_address_that_items_share_makes_no_paper_of_them() -> None:
    found = rss(*(f"<title>T{n}</title><link>https://x.example/news</link><guid>{n}</guid>" for n in range(3)))
    assert [record.ids for record in found.records] == [(), (), ()]
    assert len({record.key for record in found.records}) == 3


@pytest.mark.parametrize("piece", ["@", "@(", "(@", "a@", "@a "])
def test_an_author_who_is_nothing_but_signs_of_a_mail_address_is_read_at_once(piece: str) -> None:
    assert rss(f"<title>T</title><author>{piece * 200_000} x</author>").record.title == "T"


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("ann@x.example (Ann Lee)", [Author("Ann Lee")]),
        ("ann@x.example", []),
        ("ann@x.example(Ann Lee)", [Author("Ann Lee")]),
        ("@ann@social.example", []),
        ("ann@x.example,bo@x.example", []),
        ("Ann Lee and Bo Chen", [Author("Ann Lee"), Author("Bo Chen")]),
        ("&lt;a href='x'&gt;Ann Lee&lt;/a&gt;", [Author("Ann Lee")]),
    ],
)
def test_authors_are_read_however_they_are_written(author: str, expected: list[Author]) -> None:
    assert list(rss(f"<title>T</title><author>{author}</author>").record.authors) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("<![CDATA[<p>A &amp; B</p><script>x()</script><p>C &lt; D</p>]]>", "A & B C < D"),
        ("for $a&lt;b$ and c&gt;d", "for $a<b$ and c>d"),
        ("&lt;p&gt;for $a&amp;lt;b$&lt;/p&gt;", "for $a<b$"),
        ("&lt;b&gt;Never closed", "Never closed"),
        ("x&lt;sub&gt;2&lt;/sub&gt;&lt;br/&gt;y", "x2 y"),
        ("&lt;!-- hidden --&gt;Shown", "Shown"),
        ("caf&eacute; &amp;nbsp; &#8217;", "café \u2019"),
    ],
)
def test_html_becomes_the_text_a_reader_would_see(said: str, expected: str) -> None:
    assert rss(f"<title>T</title><description>{said}</description>").record.abstract == expected


def test_a_bad_item_costs_only_itself() -> None:
    found = rss("<title> </title><guid>a</guid>", "<title>T</title><pubDate>soon</pubDate>", "<guid>b</guid>")
    assert (found.titles, found.kinds) == (["T"], ["no-title", "no-title"])
    found = json_feed("x", {"title": "T", "authors": "Ann", "tags": 7, "id": 7}, {"id": None})
    assert (found.titles, found.kinds) == (["T"], ["not-an-object", "no-title"])


def test_a_feed_that_breaks_off_keeps_its_whole_items_and_says_so() -> None:
    found = parse("feed", "<rss><channel><item><title>T</title></item><item><title>U</title></it")
    assert found.titles == ["T"]
    assert "truncated" in found.kinds


def test_an_empty_feed_is_fine() -> None:
    found = rss(head="<pubDate>Sat, 24 Feb 2024 00:00:00 -0500</pubDate>")
    assert (found.records, found.problems) == ([], [])
    assert found.envelope.response_date == datetime(2024, 2, 24, 5, tzinfo=UTC)
