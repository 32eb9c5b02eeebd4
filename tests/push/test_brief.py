"""What every message says is short, plain and counted."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.push.sample_digests import DAY, FACTS, HOSTILE, TEXTS, digest, paper

from broadsheet.model.digest import Card, Digest, Section
from broadsheet.model.paper import Paper
from broadsheet.model.record import Author, Link
from broadsheet.push.brief import Brief, Item, brief_of, largest, line
from broadsheet.push.sizes import cut, utf8, utf16


def item(told: Paper, why: str = "") -> Item:
    return brief_of(Digest("daily", DAY, (Section("A", "/a", (Card(told, (), why),)),)), FACTS).parts[0].items[0]


def total(brief: Brief) -> int:
    return sum(len(part.items) + part.more for part in brief.parts)


@pytest.mark.parametrize(
    ("told", "headline"),
    [
        (digest(1), "Trending · 20 November 2026 · 1 paper"),
        (digest(2, more=1_500), "Trending · 20 November 2026 · 1,502 papers"),
        (digest(2, sections=2), "Broadsheet · 20 November 2026 · 4 papers"),
        (replace(digest(2), kind="now"), "Trending · 2 papers"),
        (replace(digest(2), day=date(2027, 1, 2)), "Trending · 2 January 2027 · 2 papers"),
    ],
    ids=["one", "many", "lists", "now", "day"],
)
def test_a_headline_says_what_when_and_how_many(told: Digest, headline: str) -> None:
    assert brief_of(told, FACTS).headline == headline


def test_authors_are_the_first_three_and_a_number() -> None:
    assert item(paper(1)).by == "Ada Lovelace, Alan Turing, Grace Hopper and 1 more · Example Lab"
    assert item(Paper(slug="a", title="T", authors=(Author("Ada"), Author("Alan")))).by == "Ada, Alan"
    assert item(Paper(slug="a", title="T", author_count=2_900, authors=(Author("Ada"),))).by == "Ada and 2,899 more"
    assert item(Paper(slug="a", title="T")).by == ""


def test_why_a_paper_is_here_is_said_unless_its_list_says_so() -> None:
    assert item(paper(1), "A").why == ""
    assert item(paper(1), "New by Ada Lovelace").why == "New by Ada Lovelace"


def test_tex_is_read_as_a_person_would() -> None:
    assert item(Paper(slug="a", title="On $x^2$ and \\textbf{more}")).title == "On x² and more"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://münchen.example/", "https://a b/", "", "http://"])
def test_an_address_that_is_none_is_left_out(url: str) -> None:
    assert item(Paper(slug="a", title="T", links=(Link("code", url),))).links == ()


@given(HOSTILE, st.integers(0, 30))
@settings(max_examples=30)
def test_with_fewer_papers_as_many_are_counted(told: Digest, most: int) -> None:
    brief = brief_of(told, FACTS)
    less = brief.with_most(most)
    assert less.count == min(most, brief.count)
    assert total(less) == total(brief)


def test_as_many_papers_as_fit_are_told_of() -> None:
    brief = brief_of(digest(50), FACTS)
    for most in range(51):
        assert largest(brief, lambda told, most=most: told.count <= most).count == most
    assert largest(brief, lambda _: False).count == 0


def test_lists_that_are_too_many_are_counted() -> None:
    brief = brief_of(digest(2, more=3, sections=14), FACTS)
    assert (len(brief.parts), brief.beyond) == (10, 20)
    assert brief.headline.endswith("70 papers")


@given(TEXTS, st.integers(1, 40), st.sampled_from((len, utf8, utf16)))
def test_what_is_cut_is_a_beginning_that_fits(text: str, most: int, size: object) -> None:
    assert callable(size)
    told = cut(text, most, size)
    assert size(told) <= most
    assert text.startswith(told.removesuffix("…")) or told == text


def test_a_text_is_cut_at_a_word() -> None:
    assert cut("one two three four", 12) == "one two…"
    assert cut("onetwothreefour", 10) == "onetwothr…"


@given(TEXTS)
def test_a_line_is_one_line(text: str) -> None:
    told = line(text, 100)
    assert len(told) <= 100
    assert told.encode("utf-8", "strict").decode() == told
    assert "\n" not in told
    assert "\x00" not in told
