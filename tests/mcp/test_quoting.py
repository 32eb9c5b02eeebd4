"""Nothing that others wrote can end what marks it as data, hide in it, or make it endless."""

import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp import Client
from tests.mcp.agents import calling
from tests.mcp.conftest import Town
from tests.mcp.smuggling import ORDER, SMUGGLED, UNSEEN

from broadsheet.mcp.desk import Desk
from broadsheet.mcp.quoting import NOTICE, line, lines, marked
from broadsheet.mcp.shown import MOST, Entry, Page, listed, whole
from broadsheet.model.ids import ExternalId
from broadsheet.model.paper import Paper
from broadsheet.model.record import Author

BEGIN, END = re.compile(r"<<<data ([0-9a-f]{16})>>>\n"), re.compile(r"\n<<<end of data ([0-9a-f]{16})>>>")
# What is not shown and carries a meaning all the same; zero width joiners between letters aside.
UNSHOWN = re.compile(
    "[\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u034f\u3164\ufe00-\ufe0f\U000e0000-\U000e01ef]"
)
PERSIAN = "\u0645\u06cc\u200c\u062e\u0648"
LIST = {
    "daily_papers": {"date": "2026-03-09", "limit": 50},
    "search_papers": {"query": "smuggling kettle", "limit": 50},
}


def parted(text: str) -> tuple[str, str]:
    """Give what stands outside the marks and inside them; there is one pair and it agrees."""
    (begin,), (end,) = list(BEGIN.finditer(text)), list(END.finditer(text))
    assert begin[1] == end[1]
    inside = text[begin.end() : end.start()]
    assert "<<" not in inside
    assert ">>" not in inside
    return text[: begin.start()] + text[end.end() :], inside


def is_clean(text: str) -> bool:
    return not UNSHOWN.search(text) and all(c in "\n\t" or unicodedata.category(c) != "Cc" for c in text)


@pytest.mark.parametrize("tool", LIST)
def test_papers_that_mean_harm_stay_between_the_marks(town: Town, tool: str) -> None:
    answer = town.send(calling(tool, **LIST[tool]))
    assert not answer.is_error
    outside, inside = parted(answer.content[0].text)
    assert ORDER in inside
    assert ORDER not in outside
    assert NOTICE in outside
    assert answer.structured_content["notice"] == NOTICE
    assert is_clean(answer.content[0].text)
    assert len(answer.content[0].text) <= MOST
    for paper in answer.structured_content["papers"]:
        assert all(is_clean(value) and "\n" not in value for value in paper.values() if isinstance(value, str))
        assert all(is_clean(name) for name in paper["authors"])


def test_every_paper_that_means_harm_can_be_read_whole(town: Town) -> None:
    async def errand(client: Client) -> list[Any]:
        names = [f"2604.{number:05d}" for number in range(1, len(SMUGGLED) + 1)]
        return [await client.call_tool("get_paper", {"paper": name}) for name in names]

    for answer in town.send(errand):
        outside, inside = parted(answer.content[0].text)
        assert ORDER not in outside
        assert "Smuggling" in inside
        assert is_clean(answer.content[0].text)
        assert is_clean(answer.structured_content["abstract"])


def test_what_nobody_sees_goes_and_what_writing_needs_stays() -> None:
    assert line(f"Seen{UNSEEN}unseen", 100) == "Seen[2Junseen"
    assert line(PERSIAN, 100) == PERSIAN
    assert line("👩\u200d💻", 100) == "👩\u200d💻"
    assert line("a\u200cb \u200d c\u200c\u200d\u200cd", 100) == "ab cd"
    assert line("x" * 400, 300) == "x" * 299 + "…"


@given(st.text() | st.from_regex(r"(<|>|data|end of|[0-9a-f]|\n){0,40}", fullmatch=True))
def test_no_text_can_hold_its_own_marks(text: str) -> None:
    _, inside = parted(marked(lines(text)))
    assert inside.replace(" ", "") == lines(text).replace(" ", "")


@given(st.text())
def test_no_text_keeps_what_is_not_shown(text: str) -> None:
    assert is_clean(line(text, 500))
    assert "\n" not in line(text, 500)
    assert line(line(text, 500), 500) == line(text, 500)


def test_an_answer_is_bounded_and_says_how_to_go_on(town: Town) -> None:
    desk = Desk(town.house, "https://papers.example")
    long = Paper(
        slug="2605.00001",
        title="Long " * 2_000,
        abstract="Endless. " * 20_000,
        authors=tuple(Author("Name " * 100) for _ in range(500)),
        ids=(ExternalId("url", f"https://{'x' * 1_900}.example"),),
    )
    page = listed(desk, Page("Papers", [Entry(place, long, "phrase", long.abstract) for place in range(7, 57)], 57))
    shown = len(page.facts["papers"])
    assert len(page.text) <= MOST
    assert 5 < shown < 50
    assert page.facts["next_offset"] == 7 + shown
    cut, more = page.text.splitlines()[-3::2]
    assert cut == f"Cut after {shown} of 50 papers, for want of room."
    assert more == f"More papers follow: call this again with offset {7 + shown}."
    one = whole(desk, long)
    assert len(one.text) <= MOST
    assert one.text.endswith("Cut here; the whole stands at https://papers.example/papers/2605.00001.md")
    assert len(str(one.facts["abstract"])) <= 10_000
