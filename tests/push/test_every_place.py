"""What all messages promise, whichever service they are for: read by that service's own published rules."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from tests.push.sample_digests import FACTS, HOME, HOSTILE, HOSTILE_FACTS, SENTENCE, digest
from tests.push.taking.places import TAKE, WAYS, heard, place
from tests.push.taking.shown import Shown, squeezed

from broadsheet.model.digest import Digest
from broadsheet.model.subscription import Way
from broadsheet.push.brief import Brief, brief_of, greeting
from broadsheet.push.port import Facts
from broadsheet.push.pushing import WRITERS


def shown(way: Way, told: Digest, facts: Facts = FACTS) -> Shown:
    return TAKE[way](heard(WRITERS[way](brief_of(told, facts), place(way), facts)))


def addresses(brief: Brief) -> set[str]:
    """Give every address that a message may lead to, as it may be written."""
    items = [item for part in brief.parts for item in part.items]
    links = [*brief.closing, *(link for item in items for link in item.links)]
    told = {*(item.url for item in items), *(part.url for part in brief.parts), *(url for _, url in links)}
    return {*told, *(url.replace("(", "%28").replace(")", "%29") for url in told)}


@settings(max_examples=60)
@given(HOSTILE, HOSTILE_FACTS)
def test_whatever_a_digest_holds_its_messages_are_well_formed_and_lead_nowhere_else(told: Digest, facts: Facts) -> None:
    brief = brief_of(told, facts)
    for way in WAYS:
        seen = TAKE[way](heard(WRITERS[way](brief, place(way), facts)))
        # In plain text words are their own address: nobody is led elsewhere than they read.
        assert way == "ntfy" or {url for _, url in seen.links} <= addresses(brief), way
        assert squeezed(brief.headline)[:40] in seen.letters, way


@pytest.mark.parametrize("way", WAYS)
def test_a_usual_digest_is_shown_whole(way: Way) -> None:
    seen = shown(way, digest(3, more=7))
    assert "Trending · 20 November 2026 · 10 papers" in seen.text
    for number in range(3):
        assert f"Paper {number} of the day: how to read it in ten languages" in seen.text
        assert any(url == f"{HOME}/papers/arxiv/2511.{10_000 + number}" for _, url in seen.links)
    assert seen.letters.count(squeezed(SENTENCE)) == 3
    assert "and 7 more" in seen.text
    assert any(url == f"{HOME}/trending" for _, url in seen.links)
    assert "because you subscribed to Trending" in seen.text


@pytest.mark.parametrize("way", [way for way in WAYS if way != "webhook"])
def test_a_message_says_who_wrote_a_paper_and_where_it_is(way: Way) -> None:
    seen = shown(way, digest(1))
    assert "Ada Lovelace, Alan Turing, Grace Hopper and 1 more · Example Lab" in seen.text
    assert "▲ 1,200" in seen.text
    urls = {url for _, url in seen.links}
    assert {"https://arxiv.org/pdf/2511.10000", "https://github.com/a/b", FACTS.view_url, FACTS.manage_url} <= urls


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("sections", [1, 3])
def test_what_does_not_fit_is_counted(way: Way, sections: int) -> None:
    seen = shown(way, digest(100, sections=sections))
    told = len(set(re.findall(r"Paper \d+ of the day", seen.text)))
    assert 5 <= told < 100 * sections
    assert told + sum(map(int, re.findall(r"and (\d+) more(?! ·)\b", seen.text))) == 100 * sections
    assert f"{100 * sections} papers" in seen.text


@pytest.mark.parametrize("way", WAYS)
def test_fifteen_papers_are_shown_where_there_is_room(way: Way) -> None:
    seen = shown(way, digest(15))
    told = len(set(re.findall(r"Paper \d+ of the day", seen.text)))
    assert told == {"discord": 9, "ntfy": 10}.get(way, 15)


@pytest.mark.parametrize("way", WAYS)
def test_lists_take_turns_where_there_is_little_room(way: Way) -> None:
    seen = shown(way, digest(40, sections=2))
    first = len(set(re.findall(r"Paper \d\d? of the day", seen.text)))
    second = len(set(re.findall(r"Paper 1\d\d of the day", seen.text)))
    assert 0 <= first - second <= 1


@pytest.mark.parametrize("way", WAYS)
def test_many_lists_with_long_addresses_fit_and_are_counted(way: Way) -> None:
    plain = digest(2, sections=10)
    lists = [replace(each, path=f"/search?q={'%E6%8A%98' * 100}{number}") for number, each in enumerate(plain.sections)]
    seen = shown(way, replace(plain, sections=tuple(lists)))
    assert "20 papers" in seen.text
    assert "Paper 0 of the day" in seen.text
    for other in re.findall(r"and (\d+) papers on other lists", seen.text):
        assert 2 <= int(other) < 20


@pytest.mark.parametrize("way", WAYS)
def test_a_place_can_be_tried_out(way: Way) -> None:
    seen = TAKE[way](heard(WRITERS[way](greeting(FACTS), place(way), FACTS)))
    assert "Broadsheet can reach you here" in seen.text


@pytest.mark.parametrize("way", WAYS)
def test_without_an_address_of_ours_papers_lead_to_where_they_are_from(way: Way) -> None:
    seen = shown(way, digest(1, more=2), Facts(key="x", site="Broadsheet", at=FACTS.at))
    urls = {url for _, url in seen.links}
    assert urls == {"https://arxiv.org/abs/2511.10000", "https://arxiv.org/pdf/2511.10000", "https://github.com/a/b"}
    assert "and 2 more" in seen.text


@pytest.mark.parametrize("way", WAYS)
def test_the_same_digest_is_the_same_request(way: Way) -> None:
    told = [WRITERS[way](brief_of(digest(2), FACTS), place(way), FACTS) for _ in range(2)]
    assert told[0] == told[1]


def test_a_request_does_not_show_what_is_secret() -> None:
    for way in WAYS:
        request = WRITERS[way](brief_of(digest(1), FACTS), place(way), FACTS)
        assert "canary" not in repr(request)
        assert "canary" not in repr(place(way))


def test_bodies_are_json_without_halves_of_letters() -> None:
    for way in WAYS:
        body = WRITERS[way](brief_of(digest(2), FACTS), place(way), FACTS).body
        assert json.loads(body.decode("utf-8", "strict"))
