"""Feeds at an address: asked for when they are new, and only believed when they are whole."""

import json
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from tests.papers import AT as NOW
from tests.sources.test_announcements import ITEM
from tests.sources.test_atom import ENTRY
from tests.sources.test_feed import SPACES

from broadsheet.errors import Invalid, Unavailable
from broadsheet.flow.shelf.keep import keep
from broadsheet.model.record import Problem, Record
from broadsheet.sources.adapter import Answer, Mark, Page, Want
from broadsheet.sources.live.feed import FeedSource, arxiv_announcements
from broadsheet.store.connect import open_store

AT = datetime(2024, 8, 23, 5, tzinfo=UTC)
URL = "https://folds.example/feed.xml"
RSS = b'<rss version="2.0"><channel><item><title>On Napkins</title><guid>a:1</guid></item></channel></rss>'
ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a:1</id><title>On Napkins</title></entry></feed>'
JSON = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "a:1", "title": "On Napkins"}]})
HTML = b'<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>'


def read(body: bytes, mark: Mark | None = None, source: FeedSource | None = None, target: str = URL) -> Page:
    source, want = source or FeedSource(), Want(target=target)
    ask = source.begin(want, mark or {}, AT)
    answer = Answer(url=ask.url, body=BytesIO(body), at=AT, etag='"1"', modified="Fri, 23 Aug 2024 04:00:00 GMT")
    return source.read(want, mark or {}, ask, answer)


def announcements(*said: tuple[str, int]) -> bytes:
    items = "".join(ITEM.replace("{kind}", kind).replace("{version}", str(version)) for kind, version in said)
    return f'<rss version="2.0" {SPACES}><channel><title>math.OC</title>{items}</channel></rss>'.encode()


@pytest.mark.parametrize("body", [RSS, ATOM, JSON.encode(), b"\xef\xbb\xbf" + RSS, RSS + b"\n<!-- cached -->\n"])
def test_a_feed_of_any_make_is_read(body: bytes) -> None:
    page = read(body)
    [record] = page.told
    assert isinstance(record, Record)
    assert (record.key, record.title, record.observed, page.next) == ("a:1", "On Napkins", AT, None)


def test_the_feed_of_a_query_at_arxiv_is_one_too() -> None:
    [record] = read(f'<feed xmlns="http://www.w3.org/2005/Atom" {SPACES}>{ENTRY}</feed>'.encode()).told
    assert isinstance(record, Record)
    assert (record.source, record.key) == ("arxiv", "2401.00001")


def test_a_feed_is_asked_for_only_if_it_is_another_than_last_time() -> None:
    mark = read(RSS).mark
    ask = FeedSource().begin(Want(target=URL), mark, AT)
    assert (ask.etag, ask.modified) == ('"1"', "Fri, 23 Aug 2024 04:00:00 GMT")
    assert FeedSource().begin(Want(target=f"{URL}?other"), mark, AT).etag == ""
    unchanged = Answer(url=URL, body=BytesIO(), at=AT, unchanged=True)
    page = FeedSource().read(Want(target=URL), mark, ask, unchanged)
    assert (tuple(page.told), page.mark, page.next) == ((), mark, None)


@pytest.mark.parametrize("body", [RSS, ATOM, JSON.encode()])
def test_half_a_feed_is_asked_for_again(body: bytes) -> None:
    for length in range(len(body) // 2, len(body)):
        with pytest.raises(Unavailable):
            read(body[:length])


def test_a_page_at_an_address_that_never_was_a_feed_is_a_problem_with_advice() -> None:
    page = read(HTML)
    [problem] = page.told
    assert isinstance(problem, Problem)
    assert (problem.kind, page.next, page.mark) == ("no-feed", None, {})
    assert problem.message == "This is no feed, but a page for browsers. The page says that its feed is at /feed.xml."


@pytest.mark.parametrize("body", [HTML, b"", b"busy", b'{"error": "busy"}', b"<error/>"])
def test_a_page_where_a_feed_has_been_is_asked_for_again(body: bytes) -> None:
    with pytest.raises(Unavailable, match="no feed at"):
        read(body, read(RSS).mark)


@pytest.mark.parametrize("target", ["", "folds", "file:///etc/passwd", "https://"])
def test_a_target_that_is_no_address_is_refused(target: str) -> None:
    with pytest.raises(Invalid, match="address of a feed"):
        read(RSS, target=target)


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("cs.CL", "cs.CL"),
        ("cs:cs:CL", "cs.CL"),
        ("cs.CL+cs.LG", "cs.CL+cs.LG"),
        ("cs.CL, hep-th, cs.cl", "cs.CL+hep-th"),
        ("cs", "cs"),
        ("physics", "physics"),
        ("physics:astro-ph:GA", "astro-ph.GA"),
    ],
)
def test_announcements_are_asked_for_by_category(target: str, path: str) -> None:
    ask = arxiv_announcements().begin(Want(target=target), {}, AT)
    assert ask.url == f"https://rss.arxiv.org/rss/{path}"


@pytest.mark.parametrize("target", ["", "biology", "cs.CL+biology"])
def test_announcements_of_no_category_are_refused(target: str) -> None:
    with pytest.raises(Invalid):
        arxiv_announcements().begin(Want(target=target), {}, AT)


def test_a_night_without_announcements_is_fine() -> None:
    page = read(announcements(), source=arxiv_announcements(), target="math.OC")
    assert (list(page.told), page.next) == ([], None)
    again = arxiv_announcements().begin(Want(target="math.OC"), page.mark, AT)
    assert (again.etag, again.modified) == ("", "")


def test_a_feed_that_arxiv_cut_off_says_so() -> None:
    told = list(read(announcements(*[("new", 1)] * 2_000), source=arxiv_announcements(), target="math.OC").told)
    assert isinstance(told[-1], Problem)
    assert (len(told), told[-1].kind) == (2_001, "cut-off")


def test_a_paper_in_the_feeds_of_two_categories_is_one_and_stays_as_it_was(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'papers.db'}", clock=lambda: NOW)
    nights = [announcements(("new", 1)), announcements(("cross", 1)), announcements(("new", 1))]
    kept = [
        keep(
            store,
            [r for r in read(night, source=arxiv_announcements(), target="cs").told if isinstance(r, Record)],
            at=NOW,
        )
        for night in nights
    ]
    assert [(one.new, one.changed) for one in kept] == [(1, 0), (0, 0), (0, 0)]
    store.close()
