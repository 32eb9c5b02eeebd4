"""Every feed, as feedparser reads it."""

import html
import json
import re

import feedparser
import pytest
from tests.feeds.conftest import World
from tests.web.conftest import HOSTILE, PUBLIC

from broadsheet.flow.accounts import tokens
from broadsheet.model.text import clean, plain

LISTS = [
    "/latest",
    "/papers/date/2026-03-06",
    "/papers/date/2026-03-07",
    "/papers/week/2026-W10",
    "/papers/month/2026-03",
    "/trending",
    "/trending?of=week",
    "/search?q=kettle",
    "/search?q=zzyzx",
    "/search?cat=cs.LG&sort=date",
    "/search?q=2603.00001",
    "/authors/ann-lee",
    "/organisations/tea-institute-co",
    "/papers/2502.00001/similar",
    "/readers/ann/labels/tea",
    "/readers/ann/labels/secrets",
    "/searches/kettles",
    "/following",
]
_ALTERNATE = r'<link rel="alternate" type="([^"]+)"(?: title="[^"]+")? href="([^"]+)">'
TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}


def at(url: str, suffix: str) -> str:
    path, mark, query = url.partition("?")
    return f"{path}.{suffix}{mark}{query}"


@pytest.mark.parametrize("suffix", ["rss", "atom"])
@pytest.mark.parametrize("url", LISTS)
def test_a_feed_is_well_formed_and_leads_home(world: World, url: str, suffix: str) -> None:
    answer = world.get(at(url, suffix), world.token)
    assert (answer.status_code, answer.headers["content-type"]) == (200, f"{TYPES[suffix]}; charset=utf-8")
    found = feedparser.parse(answer.content, response_headers={"content-type": answer.headers["content-type"]})
    assert not found.bozo, found.get("bozo_exception")
    assert found.feed.title
    assert found.feed.link.startswith(PUBLIC)
    assert {link.href for link in found.feed.links if link.rel == "self"} >= {
        PUBLIC + at(url, suffix)
    } or "similar" in url
    assert all(entry.link.startswith(f"{PUBLIC}/papers/") for entry in found.entries)
    assert len({entry.id for entry in found.entries}) == len(found.entries)
    assert all(entry.id.startswith("tag:papers.example,2026:paper/") for entry in found.entries)
    if "zzyzx" not in url and "03-07" not in url and not url.startswith("/trending?"):
        assert found.entries


@pytest.mark.parametrize("url", LISTS)
def test_all_three_tell_of_the_same_papers_in_the_same_order(world: World, url: str) -> None:
    by_xml = [
        [entry.link for entry in feedparser.parse(world.get(at(url, suffix), world.token).content).entries]
        for suffix in ("rss", "atom")
    ]
    told = world.get(at(url, "json"), world.token).json()
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert by_xml[0] == by_xml[1] == [item["url"] for item in told["items"]]


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_a_hostile_title_is_read_back_as_it_is(world: World, suffix: str) -> None:
    found = feedparser.parse(world.get(f"/latest.{suffix}").content, sanitize_html=False)
    (entry,) = found.entries
    expected = " ".join(plain(clean(f"Hostile {HOSTILE}")).split())
    assert entry.title == expected
    assert [author.name for author in entry.authors] == [" ".join(plain(clean(f"Eve {HOSTILE}")).split())]
    assert f"cs.{HOSTILE}" in [tag.term for tag in entry.tags]
    assert "&lt;script&gt;alert(1)" in (entry.content[0].value if suffix == "atom" else entry.summary)


def test_json_keeps_a_hostile_title_too(world: World) -> None:
    (item,) = world.get("/latest.json").json()["items"]
    assert item["title"] == " ".join(plain(clean(f"Hostile {HOSTILE}")).split())
    assert "<script>" not in item["content_html"]


def test_only_media_that_may_be_linked_are_enclosed(world: World) -> None:
    (entry,) = feedparser.parse(world.get("/latest.atom").content).entries
    assert [(one.href, one.type) for one in entry.enclosures] == [("https://cdn.example/a.png", "image/png")]
    (item,) = feedparser.parse(world.get("/latest.rss").content).entries
    assert [one.href for one in item.enclosures] == ["https://cdn.example/a.png"]


def test_dates_authors_and_categories_go_along(world: World) -> None:
    found = feedparser.parse(world.get("/papers/date/2026-03-06.atom").content)
    entry = found.entries[0]
    assert (entry.published, entry.updated) == ("2026-03-01T10:00:00Z", "2026-03-06T00:00:00Z")
    assert len(entry.authors) == 40
    assert [tag.term for tag in entry.tags] == ["maps"]
    assert found.feed.updated == "2026-03-06T00:00:00Z"


@pytest.mark.parametrize("suffix", [*TYPES, "bib", "ris", "csl.json"])
def test_who_has_a_copy_is_told_that_it_is_good(world: World, suffix: str) -> None:
    first = world.get(f"/papers/date/2026-03-06.{suffix}")
    again = world.get(f"/papers/date/2026-03-06.{suffix}", **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    other = world.get(f"/papers/date/2026-03-05.{suffix}", **{"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_a_private_label_is_in_nobody_elses_feed(world: World) -> None:
    for suffix in (*TYPES, "bib", "biblatex", "ris", "csl.json"):
        assert world.get(f"/readers/ann/labels/secrets.{suffix}").status_code == 404
        mine = world.get(f"/readers/ann/labels/secrets.{suffix}", world.token)
        assert (mine.status_code, mine.headers["cache-control"]) == (200, "private, no-cache")
    assert world.get("/searches/kettles.rss").status_code == 404


def test_a_feed_reader_may_send_a_token_as_a_password(world: World) -> None:
    answer = world.client.get("/readers/ann/labels/secrets.rss", auth=("ann", world.token))
    assert answer.status_code == 200
    assert world.client.get("/readers/ann/labels/secrets.rss", auth=("ann", "wrong")).status_code in {303, 401}
    assert world.client.get("/readers/ann/labels/secrets", auth=("ann", world.token)).status_code == 404


@pytest.mark.parametrize("way", ["bearer", "basic"])
def test_a_token_that_is_not_for_reading_reads_nothing_private(world: World, way: str) -> None:
    made, secret = tokens.make(world.house, world.ann, "Only writes", ["write"], 1)
    sent = {"auth": ("ann", secret)} if way == "basic" else {"headers": {"Authorization": f"Bearer {secret}"}}
    for url in ("/readers/ann/labels/secrets.rss", "/following.rss", "/following.opml", "/searches/kettles.bib"):
        assert world.client.get(url, **sent).status_code == 401
    for url in ("/readers/ann/labels/secrets", "/readers/ann"):
        assert "Secrets" not in world.client.get(url, **sent).text
    tokens.revoke(world.house, world.ann, made.id)


def test_nobody_follows_anything_for_anybody(world: World) -> None:
    assert world.get("/following.opml").status_code == 303
    assert world.get("/following.rss").status_code == 404


def test_what_one_follows_is_an_outline_of_feeds(world: World) -> None:
    answer = world.get("/following.opml", world.token)
    feeds = re.findall(r'xmlUrl="([^"]+)"', answer.text)
    assert {url.removeprefix(PUBLIC) for url in feeds} == {
        "/authors/ann-lee.rss",
        "/organisations/tea-institute-co.rss",
        "/search.rss?cat=cs.LG&amp;sort=date",
        "/readers/ann/labels/secrets.rss",
        "/searches/kettles.rss",
    }
    for url in feeds:
        assert world.get(url.removeprefix(PUBLIC).replace("&amp;", "&"), world.token).status_code == 200


def test_what_a_reader_hid_is_not_in_their_feed_only(world: World) -> None:
    from broadsheet.flow.accounts import tokens

    _, bos = tokens.make(world.house, world.bo, "feeds", ["read"], 30)
    titles = [item["title"] for item in world.get("/papers/date/2026-03-06.json").json()["items"]]
    assert "Folding napkins" in titles
    own = [item["title"] for item in world.get("/papers/date/2026-03-06.json", bos).json()["items"]]
    assert own == [title for title in titles if title != "Folding napkins"]


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/papers/date/20260306.rss", 404),
        ("/papers/date/2026-02-30.rss", 404),
        ("/papers/week/2026-W60.atom", 404),
        ("/papers/month/2026-13.json", 404),
        ("/trending.rss?of=ever", 400),
        ("/search.rss?sort=size", 400),
        ("/search.rss?q=kettle&limit=x", 400),
        ("/authors/nobody-at-all.rss", 404),
        ("/organisations/nothing-at-all.rss", 404),
        ("/readers/nobody/labels/x.rss", 404),
        ("/papers/2603.99999.ris", 404),
        ("/papers/2603.99999/similar.rss", 404),
        ("/latest.xml", 404),
    ],
)
def test_what_is_not_there_is_no_feed(world: World, url: str, status: int) -> None:
    assert world.get(url).status_code == status


def test_a_feed_is_as_long_as_asked(world: World) -> None:
    assert len(world.get("/search.json?q=kettle&limit=3").json()["items"]) == 3


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        ("bib", "application/x-bibtex"),
        ("biblatex", "application/x-bibtex"),
        ("ris", "application/x-research-info-systems"),
        ("csl.json", "application/vnd.citationstyles.csl+json"),
    ],
)
@pytest.mark.parametrize(
    "url", ["/papers/2603.00002", "/papers/doi/10.1000/a(b)c", "/readers/ann/labels/tea", "/latest"]
)
def test_a_paper_and_a_list_are_files_for_reference_managers(
    world: World, url: str, suffix: str, media_type: str
) -> None:
    answer = world.get(f"{url}.{suffix}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, f"{media_type}; charset=utf-8")
    assert re.search(r"filename\*=UTF-8''[\w.()%-]+$", answer.headers["content-disposition"])
    assert answer.text.strip()


def test_a_label_is_cited_whole(world: World) -> None:
    items = json.loads(world.get("/readers/ann/labels/tea.csl.json").text)
    assert [item["id"] for item in items] == [f"2502.{number:05d}" for number in range(7, 0, -1)]


def test_a_foreign_host_is_in_no_feed(world: World) -> None:
    assert world.get("/latest.rss", Host="evil.example").status_code == 421


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/papers/date/2026-03-06",
        "/papers/week/2026-W10",
        "/papers/month/2026-03",
        "/trending",
        "/search?q=kettle&cat=cs.LG",
        "/authors/ann-lee",
        "/organisations/tea-institute-co",
        "/readers/ann/labels/tea",
        "/following",
        "/papers/2603.00002",
    ],
)
def test_a_page_leads_to_itself_in_other_formats(world: World, page: str) -> None:
    text = world.get(page, world.token).text
    found = {kind: html.unescape(url) for kind, url in re.findall(_ALTERNATE, text)}
    # Beside its three formats a paper has a card for other sites, told of in two, and a feed of its comments.
    assert len(found) == (6 if page.startswith("/papers/2603") else 3)
    for kind, url in found.items():
        answer = world.get(url, world.token)
        told = answer.headers["content-type"].partition(";")[0]
        assert (answer.status_code, told) == (200, kind.removesuffix("+oembed"))
    shown = re.findall(r'<nav class="along".*?</nav>', text, re.DOTALL)
    assert len(shown) == (not page.startswith("/papers/2603"))
