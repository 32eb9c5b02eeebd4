"""A feed reader that can send nothing but an address reads its reader's lists, and nothing else."""

import http.client
import io
import logging
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import feedparser
import pytest
from tests.feeds.conftest import World
from tests.web.conftest import PUBLIC
from tests.web.serving import serving

from broadsheet.cli.logs import JsonLines, KeyValues
from broadsheet.credentials.secret import Kind, hash_of, is_secret
from broadsheet.flow.accounts import feed_keys, tokens
from broadsheet.store.schema_accounts import tokens as table
from broadsheet.web.private_feeds import shown

MINE = ["/following", "/readers/ann/labels/secrets", "/searches/kettles"]
SUFFIXES = ["rss", "atom", "json", "bib", "ris", "csl.json"]
WRONG = "The address of this feed is not valid (any more). Its reader makes another on their account page."


@pytest.fixture
def key(world: World) -> Iterator[str]:
    """Make Ann's key; it ends with the test."""
    token = feed_keys.make(world.house, world.ann)
    found = feed_keys.current(world.house, world.ann)
    assert found is not None
    yield found[1]
    if feed_keys.current(world.house, world.ann) == found:
        tokens.revoke(world.house, world.ann, token.id)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("url", MINE)
def test_an_address_with_the_key_is_read_by_its_reader(world: World, key: str, url: str, suffix: str) -> None:
    assert world.get(f"{url}.{suffix}").status_code in {401, 404}
    answer = world.get(f"{url}.{suffix}?token={key}")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-cache")
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.content == world.get(f"{url}.{suffix}", world.token).content
    assert key not in answer.text
    assert world.get(f"{url}.{suffix}?token={key}", **{"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_the_account_page_leads_to_each_private_list(world: World, key: str) -> None:
    told = shown(world.house, world.ann)
    assert [name for name, _ in told.feeds] == ["What I follow", "Label Secrets", "Search Kettles"]
    for _, address in told.feeds:
        assert feedparser.parse(world.get(address).content).entries
        assert address.endswith(f".atom?token={key}")


@pytest.mark.parametrize("url", ["/", "/account", "/following", "/api/daily_papers", "/papers/2502.00001", "/metrics"])
@pytest.mark.parametrize("way", ["address", "bearer", "basic"])
def test_the_key_opens_nothing_else(world: World, key: str, url: str, way: str) -> None:
    if way == "address":
        answer = world.get(f"{url}?token={key}")
    elif way == "bearer":
        answer = world.get(url, key)
    else:
        answer = world.client.get(url, auth=("ann", key))
    assert answer.status_code in {401, 403} or 'href="/account"' not in answer.text
    if way != "basic" and url != "/metrics":
        assert answer.status_code in {401, 403}


def test_the_key_is_no_password_and_writes_nothing(world: World, key: str) -> None:
    assert world.client.get("/following.rss", auth=("ann", key)).status_code == 401
    assert world.get("/following.rss", key).status_code == 401
    for url in ("/following", "/labels", "/papers/2502.00001/upvote"):
        assert world.client.post(f"{url}?token={key}", data={}).status_code in {401, 403}
    assert world.client.post(f"/following.rss?token={key}").status_code == 405
    assert tokens.find(world.house, key) is None


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_revoked_key_is_told_so_in_the_format_that_was_asked_for(world: World, key: str, suffix: str) -> None:
    found = feed_keys.current(world.house, world.ann)
    assert found is not None
    tokens.revoke(world.house, world.ann, found[0].id)
    answer = world.get(f"/following.{suffix}?token={key}")
    assert (answer.status_code, answer.headers["cache-control"]) == (401, "private, no-store")
    assert answer.headers["www-authenticate"].startswith("Basic ")
    if suffix in {"rss", "atom"}:
        told = feedparser.parse(answer.content)
        assert (told.bozo, told.feed.title, told.entries) == (False, WRONG, [])
    elif suffix == "json":
        assert answer.json()["title"] == WRONG
    else:
        assert answer.text == f"{WRONG}\n"


@pytest.mark.parametrize("wrong", ["", "bsr_", "x", "bsr_" + "A" * 38, "bst_" + "A" * 38, "%00", "a&token=b"])
def test_what_is_no_key_reads_nothing_not_even_what_all_may(world: World, wrong: str) -> None:
    for url in ("/following.opml", "/following.atom", "/trending.rss", "/search.json"):
        assert world.get(f"{url}?token={wrong}").status_code == 401


def test_a_token_for_programs_stands_in_no_address(world: World) -> None:
    assert world.get(f"/following.rss?token={world.token}").status_code == 401


def test_a_new_key_ends_the_one_before(world: World, key: str) -> None:
    feed_keys.make(world.house, world.ann)
    assert world.get(f"/following.rss?token={key}").status_code == 401
    now = feed_keys.current(world.house, world.ann)
    assert now is not None
    assert now[1] != key
    assert world.get(f"/following.rss?token={now[1]}").status_code == 200
    tokens.revoke(world.house, world.ann, now[0].id)
    assert feed_keys.current(world.house, world.ann) is None


def test_only_a_hash_of_the_key_is_kept(world: World, key: str) -> None:
    assert is_secret(Kind.FEED, key)
    with world.house.store.reading() as connection:
        rows = [row for row in connection.execute(table.select()) if row.scopes == "feed"]
    assert [row.hash for row in rows] == [hash_of(key)]
    assert key[4:] not in repr(rows)


def test_opml_carries_the_key_where_it_is_asked_for_with_it(world: World, key: str) -> None:
    told = ET.fromstring(world.get(f"/following.opml?token={key}").content)  # noqa: S314 - made by us
    urls = {urlsplit(each.attrib["xmlUrl"]).path: each.attrib["xmlUrl"] for each in told.iter("outline")}
    assert urls["/readers/ann/labels/secrets.rss"].endswith(f"?token={key}")
    assert urls["/searches/kettles.rss"].endswith(f"?token={key}")
    assert key not in urls["/authors/ann-lee.rss"]
    assert key not in world.get("/following.opml", world.token).text
    for url in urls.values():
        assert world.get(url).status_code == 200


@pytest.mark.parametrize("form", [KeyValues(), JsonLines()], ids=["text", "json"])
def test_no_log_holds_the_key(world: World, key: str, form: logging.Formatter) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(form)
    root, access = logging.getLogger(), logging.getLogger("uvicorn.access")
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        # As loud as a server can be, which ours is not.
        with serving(world.client.app, log_config=None, access_log=True) as address:
            access.setLevel(logging.DEBUG)
            for url in (f"/following.rss?token={key}", f"/account?token={key}", f"/{key}", f"/latest.rss?token={key}x"):
                connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
                connection.request("GET", url, headers={"Host": urlsplit(PUBLIC).netloc})
                connection.getresponse().read()
                connection.close()
        try:
            int(f"https://papers.example/following.rss?token={key}")
        except ValueError:
            logging.getLogger("broadsheet").exception("unexpected %s", key)
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    assert "following.rss" in written.getvalue()
    assert "bsr_" in written.getvalue()
    assert key[4:24] not in written.getvalue()
