"""The key of private feeds stands in addresses, which are shared and logged: it reads feeds and does nothing else.

Every address of the site is asked for with it, and every form is sent with it (TRUST E11; ASVS 5.0, 8.2 and 14.2.1).
"""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.security.columns import PRIVATE, plant
from tests.security.forms import addresses, gets, posts
from tests.security.test_authorisation import kept
from tests.security.world import World

from broadsheet.feeds import routes as feeds
from broadsheet.flow.accounts import feed_keys

LISTS = {path for path, _ in feeds.LISTS}
# Answers everybody alike, and tells back what was asked, as arXiv does.
ECHO = "/arxiv/api/query"
# Ann's own lists, and nobody else's.
OWN = ("/following", "/readers/ann/labels/private-label", "/searches/private-search")


@pytest.fixture
def key(world: World) -> Iterator[str]:
    """Make Ann's key; the world is as before when the test ends."""
    feed_keys.make(world.house, world.readers["ann"])
    found = feed_keys.current(world.house, world.readers["ann"])
    assert found is not None
    yield found[1]
    world.restore()


def asked(world: World, key: str, method: str, url: str, **sent: Any) -> Any:
    return world.client().request(method, f"{url}?token={key}", **sent)


def is_list(path: str) -> bool:
    """Tell whether a route gives a list in another format, which the key may read."""
    return path == "/following.opml" or path.partition(".")[0] in LISTS


def test_it_opens_no_page_that_is_somebodys(world: World, key: str) -> None:
    let_in = []
    anybody = world.client()
    for route in gets():
        if is_list(route.path) or route.path == ECHO:
            continue
        for url in addresses(world, route):
            with_key = asked(world, key, "GET", url)
            if with_key.status_code < 300 and with_key.text != anybody.get(f"{url}?token=x").text:
                let_in.append((route.path, url, with_key.status_code))
            asks = getattr(route, "permission", "read") not in {"read", "guest", "bearer"}
            if asks and with_key.status_code not in {401, 403}:
                let_in.append((route.path, url, with_key.status_code))
    assert let_in == []


def test_it_sends_no_form(world: World, key: str) -> None:
    taken, before = [], kept(world)
    for route in posts():
        if getattr(route, "permission", "") == "bearer":  # whose address holds a secret of its own
            continue
        for url in addresses(world, route):
            version = world.version()
            answer = asked(world, key, "POST", url, data={"why": "A reason.", "paper": "2611.00001", "state": "read"})
            signed_in = 'href="/account"' in answer.text
            if signed_in or (world.version() != version and kept(world) != before):
                taken.append((route.path, answer.status_code))
    assert taken == []


def test_its_feeds_are_kept_by_no_cache_on_the_way(world: World, key: str) -> None:
    for url in OWN:
        for suffix in ("atom", "bib"):
            answer = asked(world, key, "GET", f"{url}.{suffix}")
            told = {each.strip() for each in answer.headers["cache-control"].split(",")}
            assert (answer.status_code, "private" in told) == (200, True), url
            assert world.client().get(f"{url}.{suffix}").status_code in {401, 404}


def test_it_shows_of_what_is_private_only_its_readers_lists(world: World, key: str) -> None:
    canaries = plant(world)
    seen: dict[str, set[str]] = {}
    for route in gets():
        for url in addresses(world, route):
            if "/letters/" in url:
                continue
            answer = asked(world, key, "GET", url)
            for canary, name in canaries.items():
                if canary in answer.text and not PRIVATE[name].kept:
                    seen.setdefault(name, set()).add(url.partition(".")[0])
    assert set(seen) <= {"labels.name", "labels.about", "label_papers.note", "saved_searches.name"}
    assert all(url in OWN for urls in seen.values() for url in urls)
    assert seen


def test_what_tells_the_question_back_tells_nothing_else(world: World, key: str) -> None:
    for asking in ("search_query=all:kettle", "id_list=2611.00001"):
        told = [world.client().get(f"{ECHO}?{asking}&token={each}").text for each in (key, "x")]
        assert told[0].count("<entry>") == told[1].count("<entry>") > 0
