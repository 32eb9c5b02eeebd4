"""A digest is set as a subject that says something, a page that loads nothing, and a text."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from tests.mail.made import DAY, FACTS, HOME, hostile_digest, plain_digest

from broadsheet.mail.render import MOST_BYTES, rendered, subject_of
from broadsheet.model.digest import Card, Digest, Section
from broadsheet.model.paper import Paper
from broadsheet.model.record import Link

# What may stand in the page; ``href`` is looked at apart.
TAGS = set("html head meta title style body div table tbody tr td p h1 h2 h3 a span br".split(" "))
ATTRIBUTES = set(
    "lang dir charset name content data-css-inline class style role width align href aria-hidden".split(" ")
)
TURNING = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\0]")


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def one(title: str = "On napkins", **told: object) -> Digest:
    paper = Paper(id=1, slug="2611.00001", title=title, abstract="They fold.", **told)  # type: ignore[arg-type]
    return Digest("daily", DAY, (Section("Trending", "/trending", (Card(paper, (), "Trending"),)),))


def test_the_subject_says_how_many_and_which_one_leads() -> None:
    assert subject_of(plain_digest(12)).startswith("12 papers, led by “Folding napkin number 1 with attention")
    assert subject_of(one("Attention $\\beta$")) == "One paper: “Attention β”"
    assert len(subject_of(one("word " * 200))) < 120


def test_a_mail_says_of_each_paper_what_it_is_who_wrote_it_why_it_is_here_and_where_it_leads() -> None:
    set_ = rendered(plain_digest(2), FACTS)
    page = Page(set_.html)
    for words in (page.words, set_.text):
        assert "Folding napkin number 2 with attention" in words
        assert "Ann A Lee, Ann B Lee, Ann C Lee and 3 others" in words
        for told in (
            "Tea Institute",
            "We fold each napkin again and again",
            "6 upvotes",
            "Matches “napkins”",
            "7 more",
        ):
            assert told in words, told
    for url in (f"{HOME}/papers/2611.00002", "https://arxiv.org/pdf/2611.00002", "https://github.com/tea/napkins"):
        assert url in page.links
        assert url in set_.text


def test_a_reason_that_is_the_title_of_the_list_is_not_said_twice() -> None:
    assert Page(rendered(one(), FACTS).html).words.count("Trending") == 2  # the list, and why the mail came


def test_both_parts_end_with_why_it_came_and_how_it_comes_no_more() -> None:
    set_ = rendered(plain_digest(1), FACTS)
    page = Page(set_.html)
    for url in (FACTS.manage_url, FACTS.unsubscribe_url, FACTS.view_url, f"{HOME}/subscribe", f"{HOME}/"):
        assert url in page.links
        assert url in set_.text
    assert FACTS.why in page.words
    assert FACTS.why in " ".join(set_.text.split())
    assert "Unsubscribe" in page.words


@pytest.mark.parametrize("seed", range(60))
def test_m6_whatever_others_wrote_is_text_in_both_parts(seed: int) -> None:
    digest = hostile_digest(seed)
    set_ = rendered(digest, FACTS)
    page = Page(set_.html)
    assert (page.tags <= TAGS, page.attributes <= ATTRIBUTES, page.open) == (True, True, [])
    assert all(url.startswith((f"{HOME}/", "https://arxiv.org/", "https://code.example/")) for url in page.links)
    for words in (set_.html, set_.text, set_.subject):
        assert not TURNING.search(words)
    assert "\n" not in set_.subject
    assert set_.html.count("<h3") == len(digest.papers)


def test_nothing_is_loaded_and_nothing_is_watched() -> None:
    page = rendered(plain_digest(), FACTS).html
    assert not re.search(
        r"<(?:img|link|script|iframe|form|input|object|video|svg)|url\(|@import|srcset|background=", page
    )


def test_styles_stand_in_each_element_and_those_of_screens_in_the_head() -> None:
    page = rendered(plain_digest(1), FACTS).html
    assert re.search(r'<h3 class="title lead"[^>]* style="[^"]*font: 700 30px', page)
    head = page.partition("</head>")[0]
    assert head.count("<style") == 1
    assert "prefers-color-scheme: dark" in head
    assert "max-width: 480px" in head
    assert 'name="color-scheme" content="light dark"' in head
    assert "mail.css" not in page
    assert "{{" not in page


def test_a_page_stays_below_what_gmail_shows_and_says_what_found_no_room() -> None:
    long = replace(plain_digest(1).sections[0].cards[0], telling=("words & words " * 60,))
    sections = tuple(Section(f"List {number}", "/trending", (long,) * 40, 9) for number in range(3))
    set_ = rendered(Digest("daily", DAY, sections), FACTS)
    shown = set_.html.count("<h3")
    assert 90_000 < len(set_.html.encode()) <= MOST_BYTES < 102_000
    assert 20 < shown < 120
    for words in (Page(set_.html).words, " ".join(set_.text.split())):
        assert f"{120 - shown} more papers are too many for one mail" in words
    assert set_.text.count("We fold") == set_.html.count("We fold")


def test_a_withdrawn_paper_is_called_so() -> None:
    assert "Withdrawn" in Page(rendered(one(withdrawn=True), FACTS).html).words


def test_a_link_that_is_too_long_for_a_mail_is_left_out() -> None:
    long = Link("code", "https://code.example/" + "x" * 900)
    assert "code.example" not in rendered(one(links=(long,)), FACTS).html


def test_what_nobody_chose_sentences_of_is_told_by_its_opening() -> None:
    assert "They fold." in Page(rendered(one(), FACTS).html).words


def test_a_title_of_nothing_that_can_be_seen_has_words_all_the_same() -> None:
    assert "Untitled" in Page(rendered(one("\u202e\u200b"), FACTS).html).words


def test_what_programs_show_beside_the_subject_are_the_papers_after_the_first() -> None:
    page = rendered(plain_digest(3), FACTS).html
    peek = re.search(r'<div class="peek"[^>]*>([^<]*)<', page)
    assert peek
    assert peek[1].startswith("“Folding napkin number 2")
