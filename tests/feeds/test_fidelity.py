"""Every text in a feed is read back as it was kept, by expat, libxml2, feedparser and as JSON (TRUST H13)."""

import json
import random
import re
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.hostile import HOSTILE, TERRIBLE

from broadsheet.feeds.feed import make_feed
from broadsheet.feeds.formats import FEEDS
from broadsheet.feeds.opml import opml
from broadsheet.model.ids import ExternalId
from broadsheet.model.paper import Paper
from broadsheet.model.record import Author
from broadsheet.model.selection import Selected, Selection
from broadsheet.model.text import clean, plain

ORIGIN = "https://papers.example"
ATOM, DC = "{http://www.w3.org/2005/Atom}", "{http://purl.org/dc/elements/1.1/}"
ODD = (
    "a < b && c > d &amp;amp; &lt;b&gt;",
    "]]> <![CDATA[x]]> <!-- y -- z --> <?pi?>",
    r"$a<b$ and {\"o} -- --- `` \'\' \emph{x} \& \%",
    "\u202eright\u202c \u2067left\u2069 \u200b\ufeff e\u0301 \u00e9",
    "日本語 한국어 العربية עברית 💥 👩\u200d💻 \U0001f1eb\U0001f1f7",
    "tab\tline\nreturn\r\x85\u2028\u2029 nul\0 bell\x07 \ufffe \ud800",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "&#0; &#x1F; &nbsp; &notanentity; %00 %3C",
    "x" * 5_000,
)
TEXTS = (*ODD, *(text[:3_000] for text in TERRIBLE.values()), " ".join(HOSTILE))
ANY = st.one_of(st.sampled_from(TEXTS), st.text(max_size=80), st.lists(st.sampled_from(HOSTILE)).map(" ".join))
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
XML: dict[str, Callable[[bytes], Any]] = {"expat": ET.fromstring, "libxml2": etree.fromstring}


class Told(NamedTuple):
    """What a feed says of a paper."""

    title: str
    text: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]


def line(text: str) -> str:
    """Say what a text is as one line, without what no XML can hold."""
    kept = (" " if _UNWRITABLE.match(mark) else mark for mark in text)
    return " ".join("".join(kept).split())


def expected(paper: Paper) -> Told:
    authors = tuple(filter(None, (line(plain(author.name)) for author in paper.authors)))
    categories = dict.fromkeys(filter(None, map(line, paper.categories)))
    return Told(line(plain(paper.title)) or "Untitled", line(plain(paper.abstract)), authors, tuple(categories))


def made(number: int, title: str, abstract: str, name: str, category: str) -> Paper:
    return Paper(
        id=number,
        slug=f"2603.{number:05}",
        title=clean(title),
        abstract=clean(abstract),
        authors=(Author(clean(name) or "Ann"), Author("Bo Chen")),
        categories=(clean(category), "cs.LG"),
        ids=(ExternalId("arxiv", f"2603.{number:05}"),),
        published="2026-03-01T10:00:00Z",
        media=("https://cdn.example/a.png", "https://cdn.example/b.mp4?x=1&y=<", "https://cdn.example/c.webm"),
    )


def written(papers: tuple[Paper, ...], suffix: str, title: str = "A list") -> bytes:
    selected = Selected(title, papers, datetime(2026, 3, 6, tzinfo=UTC), len(papers), title)
    feed = make_feed(Selection("trending"), selected, site_name="Tea & <Co>", origin=ORIGIN, suffix=suffix)
    return FEEDS[suffix][1](feed)


def from_rss(root: Any) -> list[Told]:
    return [
        Told(
            item.findtext("title") or "",
            "",
            tuple(each.text for each in item.findall(f"{DC}creator")),
            tuple(each.text for each in item.findall("category")),
        )
        for item in root.iter("item")
    ]


def from_atom(root: Any) -> list[Told]:
    return [
        Told(
            entry.findtext(f"{ATOM}title"),
            entry.findtext(f"{ATOM}summary") or "",
            tuple(each.text for each in entry.findall(f"{ATOM}author/{ATOM}name")),
            tuple(each.get("term") for each in entry.findall(f"{ATOM}category")),
        )
        for entry in root.iter(f"{ATOM}entry")
    ]


def from_json(body: bytes) -> list[Told]:
    return [
        Told(
            item["title"],
            item.get("summary", ""),
            tuple(author["name"] for author in item["authors"]),
            tuple(item["tags"]),
        )
        for item in json.loads(body)["items"]
    ]


def check(papers: tuple[Paper, ...], title: str = "A list") -> None:
    wanted = [expected(paper) for paper in papers]
    assert from_json(written(papers, "json", title)) == wanted
    for read in XML.values():
        assert from_atom(read(written(papers, "atom", title))) == wanted
        rss = read(written(papers, "rss", title))
        assert from_rss(rss) == [each._replace(text="") for each in wanted]
        assert rss.findtext("channel/title") == line(f"{title} · Tea & <Co>")


def test_odd_texts_are_read_back_exactly() -> None:
    check(tuple(made(number, text, text, text, text) for number, text in enumerate(TEXTS, 1)))


def test_any_text_is_read_back_exactly() -> None:
    @given(ANY, ANY, ANY, ANY)
    def holds(title: str, abstract: str, name: str, category: str) -> None:
        check((made(1, title, abstract, name, category),), title)

    holds()


def test_the_papers_of_the_starter_shelf_are_read_back_exactly() -> None:
    lines = files("broadsheet.starter").joinpath("papers.jsonl").read_text(encoding="utf-8").splitlines()
    told = [json.loads(one) for one in lines]
    check(tuple(made(number, one["title"], one.get("abstract", ""), "Ann", "x") for number, one in enumerate(told, 1)))


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_feedparser_finds_nothing_wrong_with_hostile_texts(suffix: str) -> None:
    rng = random.Random(7)
    texts = [*TEXTS, *(" ".join(rng.choices(HOSTILE, k=20)) for _ in range(40))]
    papers = tuple(made(number, text, text, text, text) for number, text in enumerate(texts, 1))
    body, again = written(papers, suffix, texts[0]), written(papers, suffix, texts[0])
    kind = FEEDS[suffix][0]
    found = feedparser.parse(
        body, response_headers={"content-type": kind}, sanitize_html=False, resolve_relative_uris=False
    )
    assert (found.bozo, len(found.entries), body) == (False, len(papers), again)
    assert [entry.id for entry in found.entries] == [f"tag:papers.example,2026:paper/{paper.id}" for paper in papers]
    for entry in found.entries:
        enclosed = [(one.href, one.type) for one in entry.enclosures]
        both = [("https://cdn.example/a.png", "image/png"), ("https://cdn.example/c.webm", "video/webm")]
        assert enclosed == (both if suffix == "atom" else both[:1])
        assert all(one.get("length", "0") == "0" for one in entry.enclosures)
        assert (entry.published_parsed[:4], "cs.LG" in [tag.term for tag in entry.tags]) == ((2026, 3, 1, 10), True)


@pytest.mark.parametrize("read", XML.values(), ids=XML)
def test_names_in_opml_are_read_back_exactly(read: Callable[[bytes], Any]) -> None:
    names = [name for text in TEXTS if (name := line(clean(text)))]
    root = read(opml("All & <more>", [(name, Selection("author", "ann-lee")) for name in names], ORIGIN))
    assert [each.get("text") for each in root.iter("outline")] == names
    assert root.findtext("head/title") == "All & <more>"
