"""Feeds and repositories are asked where an operator says, each in turns of its own or in those of a known service."""

import pytest
from tests.net.talking import answer, talking
from tests.sources.test_fetcher import CONTACT, Noted

from broadsheet.sources import services
from broadsheet.sources.adapter import Ask, Service
from broadsheet.sources.fetcher import Fetcher


@pytest.fixture
def turns() -> Noted:
    return Noted()


def test_feeds_at_different_hosts_have_turns_of_their_own_and_www_is_no_other_host(turns: Noted) -> None:
    fetcher = Fetcher(turns, contact=CONTACT, allow_private=True, resolve=lambda *_: ["127.0.0.1"])
    with talking(answer()) as new, talking(answer(302, location=f"http://www.one.test:{new.port}/feed")) as old:
        fetcher.get(Service(name="feed"), Ask(url=f"http://one.test:{old.port}/feed"))
        fetcher.get(Service(name="feed"), Ask(url=f"http://two.test:{new.port}/feed"))
    assert turns.said == [("worked", "feed one.test"), ("worked", "feed one.test"), ("worked", "feed two.test")]


@pytest.mark.parametrize(
    ("name", "host", "known"),
    [
        ("feed", "rss.arxiv.org", services.ARXIV_RSS),
        ("oai", "oaipmh.arxiv.org", services.ARXIV_OAI),
        ("oai", "www.arxiv.org", services.ARXIV_OAI),
        ("feed", "aclanthology.org", services.ACL_ANTHOLOGY),
    ],
)
def test_a_feed_or_repository_at_a_known_host_waits_with_the_service_there(
    turns: Noted, name: str, host: str, known: Service
) -> None:
    """H1: whatever kind an operator gives arXiv's address to, arXiv is asked once in three seconds."""
    fetcher = Fetcher(turns, contact=CONTACT, allow_private=True, resolve=lambda *_: ["127.0.0.1"])
    with talking(answer()) as talker:
        fetcher.get(Service(name=name), Ask(url=f"http://{host}:{talker.port}/feed"))
    [asked] = turns.of
    assert (asked.queue, asked.gap_s, asked.timeout_s) == (known.queue or known.name, known.gap_s, known.timeout_s)


def test_with_www_and_without_is_one_host(turns: Noted) -> None:
    fetcher = Fetcher(turns, contact=CONTACT, allow_private=True, resolve=lambda *_: ["127.0.0.1"])
    with talking(answer(), answer()) as talker:
        for host in ("www.one.test", "one.test"):
            fetcher.get(Service(name="feed"), Ask(url=f"http://{host}:{talker.port}/feed"))
    assert [service.name for service in turns.of] == ["feed one.test"] * 2
