"""The plain part is written to be read as text."""

from unicodedata import east_asian_width

from hypothesis import given
from hypothesis import strategies as st
from tests.mail.made import FACTS, hostile_digest, plain_digest

from broadsheet.mail.plain import wrapped
from broadsheet.mail.render import rendered

WANTED = """\
The Daily Napkin
Friday, 20 November 2026 · 1 paper
------------------------------------------------------------------------------
In a browser:
https://papers.example/digests/view/12.bsd_0123456789abcdefghijABCDEFGHIJ01234567


Trending
--------
https://papers.example/trending

 1. Folding napkin number 1 with attention, and what a kettle has to do with
    all of it
    Ann A Lee, Ann B Lee, Ann C Lee and 3 others · Tea Institute

    We fold each napkin again and again, until it stands; four of five stood
    for longer than a minute.

    3 upvotes
    https://papers.example/papers/2611.00001
    PDF: https://arxiv.org/pdf/2611.00001
    Code ★ 1.2k: https://github.com/tea/napkins

    And 7 more:
    https://papers.example/trending

------------------------------------------------------------------------------
You get this once a day because you subscribed to “Trending” on The Daily
Napkin.

Change what comes and when:
https://papers.example/subscriptions/12.bsd_0123456789abcdefghijABCDEFGHIJ01234567

Unsubscribe:
https://papers.example/unsubscribe/12.bsd_0123456789abcdefghijABCDEFGHIJ01234567

These addresses are yours alone. If somebody forwarded this to you, get your
own:
https://papers.example/subscribe

The Daily Napkin sends no pictures and does not watch what you open.
https://papers.example/
"""


def columns(line: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line)


def test_a_digest_reads_well_as_text() -> None:
    assert rendered(plain_digest(1), FACTS).text == WANTED


def test_lines_are_no_wider_than_78_columns_but_for_addresses() -> None:
    for seed in range(40):
        for line in rendered(hostile_digest(seed), FACTS).text.split("\n"):
            assert columns(line) <= 78 or "https://" in line, line


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=300))
def test_wrapping_loses_nothing_but_white_space(text: str) -> None:
    lines = wrapped(text, " 1. ", "    ")
    assert "".join("".join(lines).removeprefix(" 1. ").split()) == "".join(text.split())
    assert all(columns(line) <= 78 and line.strip() for line in lines)
    assert all(line.startswith("    ") for line in lines[1:])
