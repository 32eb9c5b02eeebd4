"""HTML as feeds hold it becomes text, in a moment, whatever it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.reading import parse

from broadsheet.model.text import clean
from broadsheet.sources.html_text import html_text


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", ""),
        ("Plain  text", "Plain text"),
        ("for $a<b$ and $c>d$", "for $a<b$ and $c>d$"),
        ("x < y, <y> and <z", "x < y, <y> and <z"),
        ("<p>One</p><p>Two</p>", "One Two"),
        ("<ul><li>a</li><li>b</li></ul>c", "a b c"),
        ("<P CLASS='x'>One<BR>Two", "One Two"),
        ("<jats:p>We <jats:italic>fold</jats:italic>.</jats:p>", "We fold."),
        ("<style>p {}</style><b>A</b>&amp;<i>B</i>", "A&B"),
        ("<p>&lt;b&gt; is a tag</p>", "<b> is a tag"),
        ("<p>\0\ud800x</p>", "x"),
        ("<b>" * 3, ""),
    ],
)
def test_tags_go_and_words_stay_apart(said: str, expected: str) -> None:
    assert html_text(said) == expected


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(["<p>", "</p>", "<b", ">", "&lt;", "<!--", "-->", "]]>", "a", "\0"])).map("".join)
)
def test_any_text_is_survived_and_comes_out_clean(said: str) -> None:
    assert clean(html_text(said)) == html_text(said)


HOSTILE = {
    "deep": "<div>" * 200_000,
    "wide": "<b>x</b>" * 100_000,
    "open tags": "<p " * 300_000,
    "attributes": "<p " + "a=b " * 200_000 + ">x",
    "comments": "<!--" * 200_000,
    "entities": "<p>" + "&amp;" * 200_000,
}


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.timeout(20)
def test_hostile_html_comes_to_an_end(hostile: str) -> None:
    assert isinstance(html_text(HOSTILE[hostile]), str)


LAUGHS = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hostname"><!ENTITY % d SYSTEM "http://127.0.0.1:9/d"> %d;]>'


@pytest.mark.parametrize(("head", "entity"), [(LAUGHS, "&c;"), (OUTSIDE, "&a;")])
def test_a_feed_makes_up_no_entities_and_reaches_no_file(head: str, entity: str) -> None:
    feed = f"{head}<rss><channel><item><title>T {entity}</title></item></channel></rss>"
    assert parse("feed", feed).titles in ([f"T {entity}"], [])
