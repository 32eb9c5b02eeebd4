"""What browsers and caches on the way may keep: nothing that is one reader's (TRUST E15; ASVS 5.0, 14.3.2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.security.columns import PRIVATE, plant
from tests.security.forms import addresses, gets
from tests.security.world import VISITORS, Caller, World

SIGNED_IN = [kind for kind, (handle, _) in VISITORS.items() if handle]


def directives(answer: Any) -> set[str]:
    """Read Cache-Control; its words in lower case."""
    return {each.strip().lower() for each in answer.headers.get("cache-control", "").split(",")}


@dataclass
class SharedCache:
    """A cache on the way that keeps all it may (RFC 9111), whoever asked, and knows readers by Vary alone."""

    kept: dict[str, list[tuple[Mapping[str, str], Any]]] = field(default_factory=dict)
    hits: int = 0

    def get(self, caller: Caller, url: str) -> str:
        """Answer from what is kept, after asking whether it is still good, or pass the question on."""
        asked = caller.client.build_request("GET", url).headers
        for varied, copy in self.kept.get(url, []):
            if all(asked.get(name, "") == value for name, value in varied.items()):
                tag = copy.headers.get("etag", "")
                again = caller.client.get(url, headers={"If-None-Match": tag} if tag else {})
                if again.status_code == 304:
                    self.hits += 1
                    return text(copy)
                return text(again)
        answer = caller.client.get(url)
        if not directives(answer) & {"no-store", "private"}:
            names = [each.strip().lower() for each in answer.headers.get("vary", "").split(",") if each.strip()]
            varied = {name: asked.get(name, "") for name in names}
            self.kept.setdefault(url, []).append((varied, answer))
        return text(answer)


def text(answer: Any) -> str:
    """Give what an answer says, without how long it took."""
    return re.sub(r"in (?:under )?[0-9.,]+ m?s\b", "", answer.text)


def urls(world: World) -> list[str]:
    return [url for route in gets() for url in addresses(world, route)]


@pytest.mark.parametrize("kind", SIGNED_IN)
def test_what_is_set_for_a_reader_is_kept_by_no_cache_on_the_way(world: World, kind: str) -> None:
    caller, anybody = world.caller(kind), world.caller("anybody")
    kept = []
    for url in urls(world):
        answer = caller.client.get(url)
        if directives(answer) & {"no-store", "private"}:
            continue
        others = anybody.client.get(url)
        if (answer.status_code, text(answer)) != (others.status_code, text(others)):
            kept.append((url, answer.headers.get("cache-control")))
    assert kept == []


@pytest.mark.parametrize("kind", VISITORS)
def test_a_page_with_something_private_is_kept_by_nobody_and_a_list_by_no_cache_on_the_way(
    world: World, kind: str
) -> None:
    canaries = {canary for canary, name in plant(world).items() if not PRIVATE[name].kept}
    caller, kept = world.caller(kind), []
    try:
        for url in urls(world):
            answer = caller.client.get(url)
            # A program that reads a list of its reader's may ask whether that is still good.
            is_page = answer.headers.get("content-type", "").startswith("text/html")
            closed = {"no-store"} if is_page else {"no-store", "private"}
            if not directives(answer) & closed and any(canary in answer.text for canary in canaries):
                kept.append((url, answer.headers.get("cache-control")))
    finally:
        world.restore()
    assert kept == []


@pytest.mark.parametrize("kind", VISITORS)
def test_what_sets_a_cookie_is_kept_by_nobody(world: World, kind: str) -> None:
    caller = world.caller(kind)
    for url in urls(world):
        answer = caller.client.get(url)
        assert "set-cookie" not in answer.headers or "no-store" in directives(answer), url


def test_no_cache_on_the_way_mixes_readers_up(world: World) -> None:
    kinds = ("owner", "anybody", "other reader", "admin", "owner's token that reads", "anybody", "owner")
    callers = {kind: world.caller(kind) for kind in kinds}
    cache = SharedCache()
    mixed = []
    for url in urls(world):
        direct = {kind: text(caller.client.get(url)) for kind, caller in callers.items()}
        mixed += [(url, kind) for kind in kinds if cache.get(callers[kind], url) != direct[kind]]
    assert mixed == []
    assert cache.hits > 0


def test_no_reader_is_told_that_anothers_copy_is_still_good(world: World) -> None:
    callers = {kind: world.caller(kind) for kind in VISITORS}
    told = []
    for url in urls(world):
        answers = {kind: caller.client.get(url) for kind, caller in callers.items()}
        tags = {kind: answer.headers["etag"] for kind, answer in answers.items() if "etag" in answer.headers}
        for one, tag in tags.items():
            for other, caller in callers.items():
                if text(answers[other]) == text(answers[one]):
                    continue
                if caller.client.get(url, headers={"If-None-Match": tag}).status_code == 304:
                    told.append((url, one, other))
    assert told == []


def test_a_reader_who_signs_out_leaves_no_page_behind(world: World) -> None:
    from tests.security.test_authorisation import token_of

    caller = world.caller("owner")
    try:
        answer = caller.client.post("/sign-out", data={"token": token_of(caller)})
        after = caller.client.get("/account")
    finally:
        world.restore()
    assert '"cache"' in answer.headers["clear-site-data"]
    assert (after.status_code, "ann" in after.text) == (303, False)
